// Maps of pages that are no explore page: one event, or the events of a state or an airport.
import { whenVisible } from "./charts.js";
import { SEVERITIES, around, marks, pointsOf } from "./map-bins.js";
import { PointMap } from "./map.js";
import { part } from "./map-view.js";

/** Letters of the highest injury in the order of SEVERITIES. */
const LETTERS = "FSMN";
const WORDS = ["fatal", "serious injury", "minor injury", "no injury", "injuries not recorded"];

/** Lines of latitude, longitude, letter of the injury, name, date. */
function parsed(csv) {
  const rows = csv.trim().split("\n").map((line) => line.split(","));
  const severity = Uint8Array.from(rows, ([, , letter]) => {
    const at = LETTERS.indexOf(letter);
    return at < 0 ? SEVERITIES.length : at;
  });
  const points = pointsOf(rows.map(([latitude]) => Number(latitude)), rows.map(([, longitude]) => Number(longitude)), severity);
  return { points, names: rows.map(([, , , name, date]) => ({ name, date })) };
}

/** What a map needs, from points that lie in the page. */
function sourceOf({ points, names }, eventPage) {
  const item = (i) => ({
    href: `${eventPage}?id=${encodeURIComponent(names[i].name)}`,
    text: `${names[i].date} ${names[i].name}, ${WORDS[points.severity[i]]}`,
    severity: points.severity[i],
  });
  return {
    marks: async (seen, drawn, zoom) => marks(points, seen, drawn, zoom),
    around: async () => around(points),
    async list(area, limit) {
      const { x0, x1, y0, y1 } = part(area);
      const found = [];
      // Oldest come first in the file, newest in the list.
      for (let i = names.length - 1; i >= 0; i -= 1) {
        const x = points.x[i] < x0 ? points.x[i] + 1 : points.x[i];
        if (x <= x1 && points.y[i] >= y0 && points.y[i] <= y1) found.push(i);
      }
      return { items: found.slice(0, limit).map(item), total: found.length };
    },
  };
}

async function show(box) {
  const { outlines, latitude, longitude, points, csv, event, label } = box.dataset;
  if (latitude !== undefined) {
    const points = pointsOf([Number(latitude)], [Number(longitude)], Uint8Array.of(0));
    const source = sourceOf({ points, names: [] }, "");
    new PointMap(box, { outlines, source, pin: [points.x[0], points.y[0]], label: "Map of the place of the event" });
    return;
  }
  let text = csv;
  if (text === undefined) {
    const response = await fetch(points);
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    text = await response.text();
  }
  new PointMap(box, { outlines, source: sourceOf(parsed(text), event), label });
}

/** Shows the maps of a part of a page once they come into view. */
export function showMaps(root) {
  for (const box of root.querySelectorAll(".map-box[data-outlines]")) {
    whenVisible(box, () =>
      show(box).catch((error) => {
        box.textContent = `The map could not be drawn (${error.message}). The lists have the same events.`;
      }));
  }
}

showMaps(document);
