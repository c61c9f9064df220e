// From many points to the few marks of a map: points where there are few, else hexagons that count.
import { projectX, projectY, worldSize } from "./map-view.js";

/**
 * @typedef {object} Points One entry an event.
 * @property {Float64Array} x As in map-view.js, 0 to 1.
 * @property {Float64Array} y
 * @property {Uint8Array} severity Position in SEVERITIES.
 *
 * @typedef {object} Marks
 * @property {"points" | "hexagons"} kind
 * @property {Float64Array} x Middles; beyond 0 and 1 where the world repeats.
 * @property {Float64Array} y
 * @property {Uint8Array} severity Of points.
 * @property {Uint32Array} index Of points: which they are.
 * @property {Uint32Array} events How many a hexagon has.
 * @property {Uint32Array} fatal How many of them were fatal.
 * @property {number} radius Of hexagons, in the unit of x.
 * @property {number} inView Events in the part that was asked for.
 * @property {number} total All events that have a place.
 */

/** Codes of ev_highest_injury as a map tells them apart; the last stands for all others. */
export const SEVERITIES = ["FATL", "SERS", "MINR", "NONE"];

/** Points drawn one by one; more would hide each other. */
export const MOST_POINTS = 4000;

/** Pixels from the middle of a hexagon to its corners. */
const RADIUS = 15;

/** Degrees to points. */
export function pointsOf(latitudes, longitudes, severity) {
  return { x: Float64Array.from(longitudes, projectX), y: Float64Array.from(latitudes, projectY), severity };
}

/** Calls back for each point of a part of the world, wherever the world repeats. */
function within({ x, y }, { x0, x1, y0, y1 }, each) {
  const [first, last] = [Math.floor(x0), Math.floor(x1)];
  for (let i = 0; i < x.length; i += 1) {
    if (y[i] < y0 || y[i] > y1) continue;
    for (let world = first; world <= last; world += 1) {
      const at = x[i] + world;
      if (at >= x0 && at <= x1) each(i, at);
    }
  }
}

function singles(points, part, count) {
  const marks = {
    x: new Float64Array(count),
    y: new Float64Array(count),
    severity: new Uint8Array(count),
    index: new Uint32Array(count),
  };
  let next = 0;
  within(points, part, (i, x) => {
    marks.x[next] = x;
    marks.y[next] = points.y[i];
    marks.severity[next] = points.severity[i];
    marks.index[next] = i;
    next += 1;
  });
  return marks;
}

/** Hexagons with a corner on top, in rows whose every second is shifted by half of one. */
function hexagons(points, part, radius) {
  const [wide, high] = [radius * Math.sqrt(3), radius * 1.5];
  const bins = new Map();
  within(points, part, (i, x) => {
    const y = points.y[i];
    let row = Math.round(y / high);
    let column = Math.round(x / wide - (row & 1) / 2);
    const off = y / high - row;
    if (Math.abs(off) * 3 > 1) {
      // Near the upper or lower border the neighbour's middle may be nearer.
      const across = x / wide - (row & 1) / 2 - column;
      const beside = row + Math.sign(off);
      const step = column + (across < 0 ? -1 : 1) / 2;
      const other = row & 1 ? step + 0.5 : step - 0.5;
      const [dx, dy] = [x / wide - ((beside & 1) / 2 + other), y / high - beside];
      const squared = (a, b) => a * a * 3 + b * b * 2.25;
      if (squared(across, off) > squared(dx, dy)) [row, column] = [beside, other];
    }
    const key = row * 0x4000000 + column;
    let bin = bins.get(key);
    if (!bin) bins.set(key, (bin = { x: (column + (row & 1) / 2) * wide, y: row * high, events: 0, fatal: 0 }));
    bin.events += 1;
    if (points.severity[i] === 0) bin.fatal += 1;
  });
  const all = [...bins.values()];
  return {
    x: Float64Array.from(all, (bin) => bin.x),
    y: Float64Array.from(all, (bin) => bin.y),
    events: Uint32Array.from(all, (bin) => bin.events),
    fatal: Uint32Array.from(all, (bin) => bin.fatal),
    radius,
  };
}

/**
 * The marks of a part of the world, drawn with a margin around what is seen.
 * @param {Points} points
 * @param {{ x0: number, x1: number, y0: number, y1: number }} seen
 * @param {{ x0: number, x1: number, y0: number, y1: number }} drawn
 * @param {number} zoom
 * @returns {Marks}
 */
export function marks(points, seen, drawn, zoom) {
  let [inView, count, last] = [0, 0, -1];
  within(points, seen, (i) => {
    // Once, though the world may be seen twice.
    if (i !== last) inView += 1;
    last = i;
  });
  within(points, drawn, () => (count += 1));
  const common = { inView, total: points.x.length };
  if (count <= MOST_POINTS) return { kind: "points", ...singles(points, drawn, count), ...common };
  // The same bins for all views of a zoom level, so that they stand still while the map moves.
  const radius = RADIUS / worldSize({ zoom: Math.round(zoom) });
  return { kind: "hexagons", ...hexagons(points, drawn, radius), ...common };
}

/** A map is fitted to the middle of its events, and to as much around it as this part of its size. */
const [TAIL, AROUND] = [0.1, 0.45];

/** The part of the world where nearly all points lie, whatever few are far away; nothing if there are none. */
export function around({ x, y }) {
  const count = x.length;
  if (count === 0) return null;
  const skipped = Math.floor(count * TAIL);
  const ends = (values) => {
    const sorted = Float64Array.from(values).sort();
    const [first, last] = [sorted[skipped], sorted[count - 1 - skipped]];
    const more = AROUND * (last - first);
    return [Math.max(sorted[0], first - more), Math.min(sorted[count - 1], last + more)];
  };
  const [[x0, x1], [y0, y1]] = [ends(x), ends(y)];
  return { x0, x1, y0, y1 };
}
