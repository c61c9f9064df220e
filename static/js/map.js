// A map of events: drag, wheel, fingers or keys move it; a click leads to the records.
import { onTheme, themed } from "./colours.js";
import { element as e } from "./dom.js";
import { COLOURS, STEPS, drawMarks, hit } from "./map-draw.js";
import { drawNames, drawOutlines, outlines } from "./map-outlines.js";
import { listen } from "./map-input.js";
import { area, extent, fitting, kept, moved, placed, position, toScreen, worldSize, zoomed,
  latitudeOf, longitudeOf } from "./map-view.js";

/** @import { View, Area } from "./map-view.js" */
/** @import { Marks } from "./map-bins.js" */

/**
 * @typedef {{ href: string, text: string, severity: number }} Item A record.
 *
 * @typedef {object} Source Where a map has its events from.
 * @property {(seen: object, drawn: object, zoom: number) => Promise<Marks | null>} marks As
 *   map-bins.js makes them; nothing if the question was overtaken.
 * @property {(area: Area, limit: number) => Promise<{ items: Item[], total: number }>} list
 * @property {() => Promise<object | null>} around The part of the world with nearly all of them.
 */

/** Around what is seen, so that the map can be moved without drawing anew. */
const MARGIN = 0.2;
/** Milliseconds without motion after which the marks of the new view are asked for. */
const SETTLED = 140;
/** While it moves, the scene is drawn again no more often than this. */
const AGAIN = 150;
/** How near to a point a pointer has to be, in pixels. */
const REACH = 10;
const LISTED = 50;
const PICKED = 12;
/** Classes of the marks beside words, in the order of SEVERITIES. */
const MARKS = ["fatl", "sers", "minr", "none", "none"];
const LEGEND = ["fatal", "serious injury", "minor injury", "no injury or not recorded"];

const number = new Intl.NumberFormat("en-US");
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const events = (count) => `${number.format(count)} ${count === 1 ? "event" : "events"}`;

function record({ href, text, severity }) {
  return e("span", { class: "marked" },
    e("span", { class: `mark ${MARKS[severity]}`, "aria-hidden": "true" }), e("a", { href }, text));
}

export class PointMap {
  /**
   * @param {HTMLElement} root Filled by the map.
   * @param {object} options
   * @param {string} options.outlines Address of the outlines.
   * @param {Source} options.source
   * @param {string} options.label What the map shows, in words.
   * @param {{ latitude: number, longitude: number, zoom: number }} [options.at] Where it begins.
   * @param {[number, number]} [options.pin] The one place it shows: without marks, list and counts.
   * @param {(at: object, area: Area) => void} [options.onView] Told when a visitor has moved it.
   */
  constructor(root, options) {
    this.options = options;
    this.root = root;
    /** @type {View} */
    this.view = { x: 0.5, y: 0.5, zoom: 1, width: 1, height: 1 };
    /** @type {Marks | null} */
    this.marks = null;
    this.#build();
    this.context = this.canvas.getContext("2d");
    this.scene = { canvas: document.createElement("canvas"), view: null, at: 0 };
    this.colours = themed(COLOURS);
    onTheme(() => {
      this.colours = themed(COLOURS);
      this.#redraw();
    });
    listen(this, this.canvas);
    new ResizeObserver(() => this.#resize()).observe(this.canvas);
    outlines(options.outlines).then((found) => {
      this.outlines = found;
      this.#redraw();
    }, (error) => this.#say(`The outlines could not be loaded (${error.message}).`));
  }

  /** Shows another source, or where there is none yet, all of its events. */
  async show(/** @type {Source} */ source, at) {
    this.options.source = source;
    this.wanted = at ?? null;
    this.#pick(null);
    await this.#place();
  }

  /** What is seen, in degrees; nothing before the map has found its place. */
  get area() {
    return this.isPlaced ? area(this.view) : undefined;
  }

  get position() {
    return this.isPlaced ? position(this.view) : undefined;
  }

  /** Moves to where a link says, or to where the events are. */
  async #place() {
    const { width, height } = this.view;
    if (width <= 1) return;
    const source = this.options.source;
    if (this.wanted) this.view = placed(this.wanted, width, height);
    else {
      const part = await source.around();
      if (source !== this.options.source || this.wanted) return;
      if (part) this.view = fitting(part, width, height, this.options.pin ? 6 : 9);
    }
    this.isPlaced = true;
    this.#redraw();
    await this.#ask();
  }

  #build() {
    const { label, pin } = this.options;
    const button = (text, title, act) => {
      const made = e("button", { type: "button", title, "aria-label": title }, text);
      made.addEventListener("click", act);
      return made;
    };
    this.canvas = e("canvas", { tabindex: "0", role: "application", "aria-roledescription": "map",
      "aria-label": `${label}. Arrow keys move the map, plus and minus zoom, Enter lists what is in the middle.` });
    this.tip = e("div", { class: "map-tip", hidden: true });
    this.caption = e("div", { class: "population map-caption", role: "status" });
    this.picked = e("div", { class: "map-picked", role: "region", "aria-label": "Records at this place", hidden: true });
    this.list = e("ul", { class: "similar" });
    this.twin = e("details", { class: "twin" }, e("summary", {}, "The events in view as a list"), this.list);
    this.twin.addEventListener("toggle", () => this.#fillList());
    this.#say("Looking for the events …");
    this.legend = e("div", { class: "map-legend" });
    this.root.replaceChildren(
      e("div", { class: "map-frame" }, this.canvas, this.tip,
        e("div", { class: "map-buttons" },
          button("+", "Zoom in", () => this.zoomBy(1)),
          button("−", "Zoom out", () => this.zoomBy(-1)),
          button("⤢", "Show all", () => this.showAll()))),
      ...(pin ? [] : [this.caption, this.legend, this.picked, this.twin]));
  }

  #say(text) {
    this.caption.textContent = text;
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width === 0 || (width === this.view.width && height === this.view.height)) return;
    const ratio = Math.min(2, devicePixelRatio);
    this.ratio = ratio;
    this.canvas.width = width * ratio;
    this.canvas.height = height * ratio;
    this.view = kept({ ...this.view, width, height });
    if (this.isPlaced) this.#settle(false);
    else this.#place();
  }

  /** Another view; the marks follow when it rests. */
  look(/** @type {View} */ view) {
    this.view = view;
    this.isPlaced = true;
    this.#settle(true);
    this.#draw();
  }

  moveBy(right, down) {
    this.look(moved(this.view, right, down));
  }

  /** Zooms by levels, smoothly unless the visitor wants no motion. */
  zoomBy(levels, left, top) {
    const from = this.view;
    const target = zoomed(from, Math.round((from.zoom + levels) * 4) / 4, left, top);
    if (calm()) return this.look(target);
    const start = performance.now();
    const frame = (now) => {
      const part = Math.min(1, Math.max(0, (now - start) / 180));
      const zoom = from.zoom + (target.zoom - from.zoom) * (1 - (1 - part) ** 2);
      this.look(part === 1 ? target : zoomed(from, zoom, left, top));
      if (part < 1) this.flight = requestAnimationFrame(frame);
    };
    cancelAnimationFrame(this.flight);
    this.flight = requestAnimationFrame(frame);
  }

  async showAll() {
    const part = await this.options.source.around();
    if (part) this.look(fitting(part, this.view.width, this.view.height, this.options.pin ? 6 : 9));
  }

  #settle(byVisitor) {
    this.byVisitor ||= byVisitor;
    clearTimeout(this.resting);
    this.isMoving = true;
    this.resting = setTimeout(() => {
      this.isMoving = false;
      if (this.byVisitor) this.options.onView?.(position(this.view), area(this.view));
      this.byVisitor = false;
      this.#redraw();
      this.#ask();
    }, SETTLED);
    this.#draw();
  }

  /** Asks for the marks of the view. */
  async #ask() {
    if (!this.isPlaced) return;
    const { source } = this.options;
    const seen = extent(this.view);
    try {
      const marks = await source.marks(seen, extent(this.view, MARGIN), this.view.zoom);
      if (!marks || source !== this.options.source) return;
      this.marks = marks;
      this.root.dataset.total = marks.total;
      this.root.dataset.inView = marks.inView;
      this.root.dataset.kind = marks.kind;
      this.#describe(marks);
      this.#fillList();
      this.#redraw();
    } catch (error) {
      if (error.name !== "AbortError") this.#say(`The map could not be filled: ${error.message}.`);
    }
  }

  #describe({ kind, inView, total }) {
    const { note } = this.options.source;
    this.#say(`${number.format(inView)} of ${events(total)} with a position are in view` +
      (kind === "points" ? "." : "; a hexagon counts those within it, closer in each has its mark.") +
      (note ? ` ${note}` : ""));
    const span = (...parts) => e("span", { class: "marked" }, ...parts);
    this.legend.replaceChildren(...(kind === "points"
      ? LEGEND.map((words, at) => span(e("span", { class: `mark ${MARKS[at]}` }), words))
      : STEPS.map((from, at) => span(e("span", { class: `mark hexagon step-${at + 1}` }),
          at + 1 < STEPS.length ? `${number.format(from)}–${number.format(STEPS[at + 1] - 1)}` : `${number.format(from)} and more events`))));
  }

  #redraw() {
    this.scene.view = null;
    this.#draw();
  }

  #draw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.#paint();
    });
  }

  /** Whether the scene, as it was drawn, has all that is seen. */
  #covers() {
    if (!this.scene.view || Math.abs(this.scene.view.zoom - this.view.zoom) > 1.2) return false;
    const [have, need] = [extent(this.scene.view), extent(this.view)];
    const around = Math.round(this.view.x - this.scene.view.x);
    return have.x0 <= need.x0 - around && have.x1 >= need.x1 - around &&
      have.y0 <= need.y0 && have.y1 >= need.y1;
  }

  #paint() {
    const { canvas, context, ratio = 1, view } = this;
    const now = performance.now();
    const stale = !this.scene.view || (!this.#covers() && now - this.scene.at > AGAIN);
    if (stale) this.#paintScene(now);
    const scene = this.scene.view;
    const grown = 2 ** (view.zoom - scene.zoom);
    const around = Math.round(view.x - scene.x);
    const [left, top] = toScreen(view, scene.x + around, scene.y);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = this.colours.water;
    context.fillRect(0, 0, view.width, view.height);
    const [width, height] = [scene.width * grown, scene.height * grown];
    context.drawImage(this.scene.canvas, left - width / 2, top - height / 2, width, height);
    const { pin } = this.options;
    const place = pin ?? this.cross ?? (document.activeElement === canvas && this.byKeys ? [view.x, view.y] : null);
    if (place) this.#paintCross(place, pin !== undefined);
    if (!this.#covers()) this.#draw();
  }

  /** The whole picture with a margin, which frames then only shift and scale. */
  #paintScene(now) {
    const { ratio = 1, view, scene } = this;
    const grown = 1 + 2 * MARGIN;
    const [width, height] = [view.width * grown, view.height * grown];
    scene.view = { ...view, width, height };
    scene.at = now;
    const [pixels, rows] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (scene.canvas.width !== pixels || scene.canvas.height !== rows) {
      Object.assign(scene.canvas, { width: pixels, height: rows });
    }
    const context = scene.canvas.getContext("2d", { alpha: false });
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (this.outlines) drawOutlines(context, this.outlines, scene.view, this.colours);
    else {
      context.fillStyle = this.colours.water;
      context.fillRect(0, 0, width, height);
    }
    if (this.marks && !this.options.pin) drawMarks(context, this.marks, scene.view, this.colours, ratio);
    if (this.outlines) drawNames(context, this.outlines, scene.view, this.colours);
  }

  /** A ring around the one place, the middle, which Enter asks about, or what was asked about. */
  #paintCross([x, y], isFilled) {
    const { context, view } = this;
    const [left, top] = toScreen(view, x + Math.round(view.x - x), y);
    const ring = (radius) => {
      context.beginPath();
      context.arc(left, top, radius, 0, 2 * Math.PI);
    };
    context.strokeStyle = context.fillStyle = this.colours.chosen;
    context.lineWidth = 2.5;
    ring(REACH);
    context.stroke();
    if (!isFilled) return;
    ring(4);
    context.fill();
  }

  /** The mark under a pixel, as its position among the marks; -1 if there is none. */
  markAt(left, top) {
    return this.marks ? hit(this.marks, this.view, left, top, REACH) : -1;
  }

  /** Says what is under the pointer. */
  point(left, top) {
    const { marks } = this;
    const at = this.markAt(left, top);
    this.tip.hidden = at < 0 || this.options.pin !== undefined;
    this.canvas.style.cursor = at < 0 ? "" : "pointer";
    if (at < 0 || this.tip.hidden) return;
    this.tip.textContent = marks.kind === "points"
      ? LEGEND[Math.min(3, marks.severity[at])]
      : `${events(marks.events[at])}, ${number.format(marks.fatal[at])} fatal`;
    const [x, y] = toScreen(this.view, marks.x[at], marks.y[at]);
    this.tip.style.transform = `translate(calc(${x}px - 50%), calc(${y - 14}px - 100%))`;
  }

  /** Hides what was said, or says how the wheel zooms. */
  hint(text) {
    this.tip.hidden = !text;
    if (!text) return;
    this.tip.textContent = text;
    this.tip.style.transform = `translate(calc(${this.view.width / 2}px - 50%), 1rem)`;
  }

  /** Leads to the records at a pixel; a hexagon is looked at more closely first. */
  async choose(left = this.view.width / 2, top = this.view.height / 2) {
    if (this.options.pin || !this.marks) return;
    const at = this.markAt(left, top);
    if (at < 0) return this.#pick(null);
    if (this.marks.kind === "hexagons") {
      return this.zoomBy(2, ...toScreen(this.view, this.marks.x[at], this.marks.y[at]));
    }
    const [x, y] = [this.marks.x[at], this.marks.y[at]];
    const reach = REACH / worldSize(this.view);
    const around = { south: latitudeOf(y + reach), west: longitudeOf(x - reach),
      north: latitudeOf(y - reach), east: longitudeOf(x + reach) };
    this.#pick([x, y]);
    const { source } = this.options;
    try {
      const { items, total } = await source.list(around, PICKED);
      if (source !== this.options.source || this.cross?.[0] !== x || this.cross[1] !== y) return;
      const more = total > items.length ? [e("span", {}, `and ${number.format(total - items.length)} more: zoom in`)] : [];
      this.picked.replaceChildren(e("b", {}, `${events(total)} here`), ...items.map(record), ...more);
      this.picked.hidden = false;
      if (this.byKeys) this.picked.querySelector("a")?.focus();
    } catch (error) {
      this.#say(`The records could not be found: ${error.message}.`);
    }
  }

  #pick(place) {
    this.cross = place;
    this.picked.hidden = true;
    this.#draw();
  }

  async #fillList() {
    if (!this.twin.open || !this.isPlaced) return;
    const asked = (this.asked = {});
    try {
      const { items, total } = await this.options.source.list(area(this.view), LISTED);
      if (asked !== this.asked) return;
      const lines = items.map((item) => e("li", {}, record(item)));
      if (total > items.length) {
        lines.push(e("li", {}, `and ${number.format(total - items.length)} more: zoom in to list them`));
      }
      this.list.replaceChildren(...lines);
      this.list.dataset.total = total;
    } catch (error) {
      this.list.replaceChildren(e("li", {}, `The list could not be made: ${error.message}.`));
    }
  }
}
