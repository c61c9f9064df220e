// Writes the outlines that maps of the site are drawn on, as one small file.
//   node .ci/outlines.mjs OUT.json
// Countries are Natural Earth's (1:50 million, package world-atlas), the United States and their
// states the Census Bureau's (1:10 million, package us-atlas); both are in the public domain.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import { feature, merge, mesh } from "topojson-client";

const require = createRequire(import.meta.url);
const read = (name) => JSON.parse(readFileSync(require.resolve(name), "utf8"));

/** Parts of a degree that coordinates are whole numbers of. */
const SCALE = 250;

/** The country itself and its territories, by ISO 3166 number: drawn from the finer source. */
const UNITED_STATES = ["840", "630", "850", "316", "580", "016"];

/** How far, in degrees, a line may stray when points are left out. */
const STRAY = { world: 0.05, states: 0.004 };

/** Islands and lakes smaller than this, in square degrees, are left out. */
const SMALLEST = 0.02;

/** Ramer, Douglas and Peucker: the fewest points from which a line strays no further. */
function simplified(line, stray) {
  if (line.length < 3) return line;
  const kept = new Uint8Array(line.length);
  kept[0] = kept[line.length - 1] = 1;
  const open = [[0, line.length - 1]];
  while (open.length > 0) {
    const [first, last] = open.pop();
    const [[ax, ay], [bx, by]] = [line[first], line[last]];
    const [dx, dy] = [bx - ax, by - ay];
    const length = Math.hypot(dx, dy);
    let [most, at] = [stray, 0];
    for (let i = first + 1; i < last; i += 1) {
      const [px, py] = [line[i][0] - ax, line[i][1] - ay];
      const away = length === 0 ? Math.hypot(px, py) : Math.abs(px * dy - py * dx) / length;
      if (away > most) [most, at] = [away, i];
    }
    if (at > 0) {
      kept[at] = 1;
      open.push([first, at], [at, last]);
    }
  }
  return line.filter((_, i) => kept[i] === 1);
}

/**
 * A ring without leaps: where it crosses the 180th meridian it goes on beyond. One around a pole
 * comes back a turn further on, and is closed along the edge of the map.
 */
function unrolled(ring) {
  let [turn, last] = [0, ring[0][0]];
  const line = ring.map(([longitude, latitude]) => {
    if (longitude - last > 180) turn -= 360;
    if (last - longitude > 180) turn += 360;
    last = longitude;
    return [longitude + turn, latitude];
  });
  const [first, end] = [line[0], line.at(-1)];
  if (Math.abs(end[0] - first[0]) < 180) return line;
  return [...line, [end[0], -90], [first[0], -90], first];
}

/** Whole numbers: the first point, then steps. */
function packed(line) {
  const out = [];
  let [x, y] = [0, 0];
  for (const [longitude, latitude] of line) {
    const [nx, ny] = [Math.round(longitude * SCALE), Math.round(latitude * SCALE)];
    if (out.length > 0 && nx === x && ny === y) continue;
    out.push(nx - x, ny - y);
    [x, y] = [nx, ny];
  }
  return out;
}

function area(ring) {
  let sum = 0;
  for (let i = 1; i < ring.length; i += 1) {
    sum += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1];
  }
  return sum / 2;
}

/** The rings of polygons, large ones only, with fewer points. */
function rings(polygons, stray, smallest) {
  const large = polygons.flat().map(unrolled).filter((ring) => Math.abs(area(ring)) >= smallest);
  return large.map((ring) => packed(simplified(ring, stray))).filter((ring) => ring.length > 6);
}

function lines(multi, stray) {
  return multi.coordinates.map((line) => packed(simplified(unrolled(line), stray)));
}

/** Middle of the largest part of an area: where its name is written. */
function middle({ type, coordinates }) {
  const outer = type === "Polygon" ? [coordinates[0]] : coordinates.map(([ring]) => ring);
  const largest = outer.reduce((a, b) => (Math.abs(area(b)) > Math.abs(area(a)) ? b : a));
  let [x, y] = [0, 0];
  for (let i = 1; i < largest.length; i += 1) {
    const [[ax, ay], [bx, by]] = [largest[i - 1], largest[i]];
    const cross = ax * by - bx * ay;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  const six = 6 * area(largest);
  return [x / six, y / six].map((degrees) => Math.round(degrees * SCALE));
}

const world = read("world-atlas/countries-50m.json");
const nation = read("us-atlas/nation-10m.json");
const states = read("us-atlas/states-10m.json");

const isOwn = ({ id }) => UNITED_STATES.includes(id);
const foreign = world.objects.countries.geometries.filter((country) => !isOwn(country));
const elsewhere = { type: "GeometryCollection", geometries: foreign };
const own = feature(nation, nation.objects.nation).features[0].geometry.coordinates;
const named = feature(states, states.objects.states).features;

/** Where both sources meet, and leave gaps between each other. */
const seams = mesh(world, world.objects.countries, (a, b) => isOwn(a) !== isOwn(b));

const outlines = {
  scale: SCALE,
  world: rings(merge(world, foreign).coordinates, STRAY.world, SMALLEST),
  nation: rings(own, STRAY.states, SMALLEST / 20),
  seams: lines(seams, STRAY.world),
  borders: lines(mesh(world, elsewhere, (a, b) => a !== b), STRAY.world),
  states: lines(mesh(states, states.objects.states, (a, b) => a !== b), STRAY.states),
  names: named.map(({ properties, geometry }) => [...middle(geometry), properties.name]).sort(),
};

const [out] = process.argv.slice(2);
mkdirSync(path.dirname(out), { recursive: true });
writeFileSync(out, JSON.stringify(outlines));
