// Land, borders and names under the marks of a map.
import { extent, projectX, projectY, toScreen, worldSize } from "./map-view.js";

/** @import { View } from "./map-view.js" */

/**
 * @typedef {object} Line
 * @property {Float64Array} xy Alternating, in parts of the world.
 * @property {number[]} box x0, y0, x1, y1.
 *
 * @typedef {object} Outlines What `.ci/outlines.mjs` writes.
 * @property {Line[]} world Rings of the land of other countries.
 * @property {Line[]} nation Rings of the United States, from a finer source.
 * @property {Line[]} seams Where both meet.
 * @property {Line[]} borders Between other countries.
 * @property {Line[]} states Between states.
 * @property {[number, number, string][]} names Of states, and where they are written.
 */

/** Steps shorter than this many pixels are not drawn. */
const STEP = 0.8;

/** Degrees between two sources that draw one border. */
const GAP = 0.16;

/** Names of states are written between these zooms. */
const NAMES = [4.6, 9];

/** @type {Map<string, Promise<Outlines>>} */
const loaded = new Map();

/** Whole numbers, each but the first two a step from the one before last. @returns {Line} */
function unpacked(steps, scale) {
  const xy = new Float64Array(steps.length);
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  let [longitude, latitude] = [0, 0];
  for (let i = 0; i < steps.length; i += 2) {
    longitude += steps[i];
    latitude += steps[i + 1];
    const [x, y] = [projectX(longitude / scale), projectY(latitude / scale)];
    [xy[i], xy[i + 1]] = [x, y];
    if (x < box[0]) box[0] = x;
    if (y < box[1]) box[1] = y;
    if (x > box[2]) box[2] = x;
    if (y > box[3]) box[3] = y;
  }
  return { xy, box };
}

/** Fetches the outlines once. @returns {Promise<Outlines>} */
export function outlines(address) {
  let promise = loaded.get(address);
  if (!promise) {
    promise = (async () => {
      const response = await fetch(address);
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      const { scale, names, ...lines } = await response.json();
      const drawn = Object.entries(lines).map(([kind, list]) => [kind, list.map((steps) => unpacked(steps, scale))]);
      const named = names.map(([x, y, name]) => [projectX(x / scale), projectY(y / scale), name]);
      return { ...Object.fromEntries(drawn), names: named };
    })();
    promise.catch(() => loaded.delete(address));
    loaded.set(address, promise);
  }
  return promise;
}

/** Adds to the path what is seen of some lines, with no more detail than pixels show. */
function trace(context, lines, view, closed) {
  const { x0, x1, y0, y1 } = extent(view);
  const size = worldSize(view);
  // Rings that cross the 180th meridian reach into the next world.
  for (let world = Math.floor(x0) - 1; world <= Math.floor(x1) + 1; world += 1) {
    const [left, top] = [(world - x0) * size, -y0 * size];
    for (const { xy, box } of lines) {
      if (box[0] + world > x1 || box[2] + world < x0 || box[1] > y1 || box[3] < y0) continue;
      // Nothing but a speck.
      if (closed && (box[2] - box[0]) * size < STEP && (box[3] - box[1]) * size < STEP) continue;
      let [lastX, lastY] = [xy[0] * size + left, xy[1] * size + top];
      context.moveTo(lastX, lastY);
      const end = xy.length - 2;
      for (let i = 2; i <= end; i += 2) {
        const [x, y] = [xy[i] * size + left, xy[i + 1] * size + top];
        if (i < end && Math.abs(x - lastX) < STEP && Math.abs(y - lastY) < STEP) continue;
        context.lineTo(x, y);
        [lastX, lastY] = [x, y];
      }
      if (closed) context.closePath();
    }
  }
}

/** Draws water, land, borders and names. */
export function drawOutlines(context, /** @type {Outlines} */ outlines, /** @type {View} */ view, colours) {
  context.fillStyle = colours.water;
  context.fillRect(0, 0, view.width, view.height);
  context.lineJoin = "round";
  const path = (lines, closed) => {
    context.beginPath();
    trace(context, lines, view, closed);
  };
  const stroke = (colour, width) => {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke();
  };
  context.fillStyle = colours.land;
  path(outlines.world, true);
  context.fill("evenodd");
  stroke(colours.coast, 0.8);
  path(outlines.borders, false);
  stroke(colours.coast, 0.8);
  path(outlines.nation, true);
  context.fill("evenodd");
  path(outlines.seams, false);
  stroke(colours.land, Math.max(2, (GAP / 360) * worldSize(view)));
  path(outlines.nation, true);
  stroke(colours.coast, 0.8);
  if (view.zoom > 2) {
    path(outlines.states, false);
    stroke(colours.border, 0.8);
  }
}

/** Writes the names of states, over marks. */
export function drawNames(context, { names }, /** @type {View} */ view, colours) {
  if (view.zoom < NAMES[0] || view.zoom > NAMES[1]) return;
  context.font = "12px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 3;
  context.strokeStyle = colours.land;
  context.fillStyle = colours.name;
  for (const [x, y, name] of names) {
    const [left, top] = toScreen(view, x, y);
    if (left < 0 || left > view.width || top < 0 || top > view.height) continue;
    context.strokeText(name, left, top);
    context.fillText(name, left, top);
  }
}
