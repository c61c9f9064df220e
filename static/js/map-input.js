// What pointer, wheel, fingers and keys do to a map.
import { toWorld, zoomed } from "./map-view.js";

/** @import { PointMap } from "./map.js" */

/** Pixels a pointer may stray and still be a click. */
const CLICK = 4;

/** Pixels an arrow key moves the map. */
const STEP = 80;

const KEYS = {
  ArrowLeft: (map) => map.moveBy(-STEP, 0),
  ArrowRight: (map) => map.moveBy(STEP, 0),
  ArrowUp: (map) => map.moveBy(0, -STEP),
  ArrowDown: (map) => map.moveBy(0, STEP),
  "+": (map) => map.zoomBy(1),
  "=": (map) => map.zoomBy(1),
  "-": (map) => map.zoomBy(-1),
  0: (map) => map.showAll(),
  Enter: (map) => map.choose(),
};

/** Middle and distance of the fingers. */
function spread(fingers) {
  const [a, b] = [...fingers.values()];
  return { left: (a.left + b.left) / 2, top: (a.top + b.top) / 2, apart: Math.hypot(a.left - b.left, a.top - b.top) };
}

/** Lets a visitor move a map. */
export function listen(/** @type {PointMap} */ map, /** @type {HTMLCanvasElement} */ canvas) {
  /** Where pointers that are down are now. @type {Map<number, { left: number, top: number }>} */
  const down = new Map();
  let strayed = 0;
  const at = (event) => ({ left: event.offsetX, top: event.offsetY });

  canvas.addEventListener("pointerdown", (event) => {
    map.byKeys = false;
    canvas.setPointerCapture(event.pointerId);
    down.set(event.pointerId, at(event));
    if (down.size === 1) strayed = 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    const now = at(event);
    if (!before) {
      if (event.pointerType === "mouse") map.point(now.left, now.top);
      return;
    }
    map.hint("");
    strayed += Math.hypot(now.left - before.left, now.top - before.top);
    if (down.size === 1) {
      down.set(event.pointerId, now);
      if (strayed > CLICK) map.moveBy(before.left - now.left, before.top - now.top);
      return;
    }
    const from = spread(down);
    down.set(event.pointerId, now);
    const to = spread(down);
    const [x, y] = toWorld(map.view, from.left, from.top);
    const next = zoomed(map.view, map.view.zoom + Math.log2(to.apart / Math.max(1, from.apart)), from.left, from.top);
    const [shownX, shownY] = toWorld(next, to.left, to.top);
    map.look({ ...next, x: next.x + x - shownX, y: next.y + y - shownY });
  });
  const up = (event) => {
    const wasDown = down.delete(event.pointerId);
    if (event.type === "pointerup" && wasDown && down.size === 0 && strayed <= CLICK) {
      map.choose(event.offsetX, event.offsetY);
    }
  };
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  canvas.addEventListener("pointerleave", () => map.hint(""));

  canvas.addEventListener("wheel", (event) => {
    // A page is scrolled past a map far more often than a map is zoomed.
    if (!event.ctrlKey && !event.metaKey && document.activeElement !== canvas) {
      return map.hint("Click the map, or hold Ctrl, to zoom with the wheel");
    }
    event.preventDefault();
    const pixels = event.deltaMode === 1 ? event.deltaY * 16 : event.deltaY;
    const levels = Math.max(-1, Math.min(1, -pixels / 240));
    map.look(zoomed(map.view, map.view.zoom + levels, event.offsetX, event.offsetY));
  }, { passive: false });
  canvas.addEventListener("dblclick", (event) => {
    // On a mark, the first click has done what there is to do.
    if (map.markAt(event.offsetX, event.offsetY) < 0) map.zoomBy(1, event.offsetX, event.offsetY);
  });
  canvas.addEventListener("keydown", (event) => {
    const act = KEYS[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    map.byKeys = true;
    act(map);
  });
}
