// What a map shows, as numbers: Web Mercator, in which the world is a square from 0 to 1.

/**
 * @typedef {object} View
 * @property {number} x Middle, 0 to 1 from west to east.
 * @property {number} y Middle, 0 to 1 from north to south.
 * @property {number} zoom At 0 the world is 256 pixels wide; each level doubles it.
 * @property {number} width Pixels.
 * @property {number} height Pixels.
 *
 * @typedef {{ south: number, west: number, north: number, east: number }} Area Degrees; `west` is
 *   greater than `east` if it crosses the 180th meridian.
 */

export const MAX_ZOOM = 14;

/** Where the square ends. */
const MAX_LATITUDE = 85.0511;

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const modulo = (value, by) => ((value % by) + by) % by;
const rounded = (degrees) => Math.round(degrees * 1e4) / 1e4;

export function projectX(longitude) {
  return longitude / 360 + 0.5;
}

export function projectY(latitude) {
  const sine = Math.sin((clamp(latitude, -MAX_LATITUDE, MAX_LATITUDE) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

export function longitudeOf(x) {
  return (modulo(x, 1) - 0.5) * 360;
}

export function latitudeOf(y) {
  return (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
}

/** Pixels of the whole world. */
export function worldSize({ zoom }) {
  return 256 * 2 ** zoom;
}

/** The furthest zoom: the world is seen once, not side by side with itself. */
function furthest({ width }) {
  return clamp(Math.log2(width / 256), 0, 3);
}

/** A view within its bounds: the world goes round from west to east, and ends at the poles. */
export function kept(/** @type {View} */ view) {
  const zoom = clamp(view.zoom, furthest(view), MAX_ZOOM);
  const half = Math.min(0.5, view.height / 2 / worldSize({ zoom }));
  return { ...view, zoom, x: modulo(view.x, 1), y: clamp(view.y, half, 1 - half) };
}

/** Pixels to the right and down from the corner. */
export function toScreen(/** @type {View} */ view, x, y) {
  const size = worldSize(view);
  return [(x - view.x) * size + view.width / 2, (y - view.y) * size + view.height / 2];
}

export function toWorld(/** @type {View} */ view, left, top) {
  const size = worldSize(view);
  return [view.x + (left - view.width / 2) / size, view.y + (top - view.height / 2) / size];
}

export function moved(/** @type {View} */ view, right, down) {
  const size = worldSize(view);
  return kept({ ...view, x: view.x + right / size, y: view.y + down / size });
}

/** Zooms so that what is under a pixel stays there. */
export function zoomed(/** @type {View} */ view, zoom, left = view.width / 2, top = view.height / 2) {
  const [x, y] = toWorld(view, left, top);
  const next = { ...view, zoom: clamp(zoom, furthest(view), MAX_ZOOM) };
  const size = worldSize(next);
  return kept({ ...next, x: x - (left - view.width / 2) / size, y: y - (top - view.height / 2) / size });
}

/** The part of the world that is seen, with a margin in parts of it. */
export function extent(/** @type {View} */ view, margin = 0) {
  const size = worldSize(view);
  const [across, down] = [view.width, view.height].map((side) => (side * (0.5 + margin)) / size);
  return { x0: view.x - across, x1: view.x + across, y0: view.y - down, y1: view.y + down };
}

/** The same in degrees, as a link writes it. @returns {Area} */
export function area(/** @type {View} */ view) {
  const { x0, x1, y0, y1 } = extent(view);
  const all = x1 - x0 >= 1;
  return {
    south: rounded(latitudeOf(Math.min(1, y1))),
    west: all ? -180 : rounded(longitudeOf(x0)),
    north: rounded(latitudeOf(Math.max(0, y0))),
    east: all ? 180 : rounded(longitudeOf(x1)),
  };
}

/** Degrees as a part of the world. */
export function part(/** @type {Area} */ { south, west, north, east }) {
  const [x0, x1] = [projectX(west), projectX(east)];
  return { x0, x1: x1 < x0 ? x1 + 1 : x1, y0: projectY(north), y1: projectY(south) };
}

/** The view of a part of the world, as close as it fits but not closer than `closest`. */
export function fitting({ x0, x1, y0, y1 }, width, height, closest = 9) {
  const room = 0.9;
  const across = (width * room) / Math.max(x1 - x0, 1e-9);
  const down = (height * room) / Math.max(y1 - y0, 1e-9);
  const zoom = Math.min(Math.log2(Math.min(across, down) / 256), closest);
  return kept({ x: (x0 + x1) / 2, y: (y0 + y1) / 2, zoom, width, height });
}

/** Where a view is, as a link writes it. */
export function position({ x, y, zoom }) {
  return {
    latitude: rounded(latitudeOf(y)),
    longitude: rounded(longitudeOf(x)),
    zoom: Math.round(zoom * 100) / 100,
  };
}

/** The view at such a position. */
export function placed({ latitude, longitude, zoom }, width, height) {
  return kept({ x: projectX(longitude), y: projectY(latitude), zoom, width, height });
}
