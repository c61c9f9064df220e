// In the worker: the events of a state as points of a map.
import { SEVERITIES, around, marks, pointsOf } from "./map-bins.js";

/** Filters whose points are kept: that of the page, and the one it is compared with. */
const KEPT = 2;

/** Points by filter, the last used ones last. @type {Map<string, import("./map-bins.js").Points>} */
const held = new Map();

const and = (...filters) => ({ and: filters.filter((one) => one !== undefined) });

/**
 * Reads the places of all events a filter lets through. Rows are aircraft, in the order of their
 * events; sorted by the highest injury, which the aircraft of an event share, they come in groups
 * that need no text to be told apart.
 */
async function read(session, filter, need) {
  const placed = and(filter, { not: { null: "latitude" } }, { not: { null: "longitude" } });
  const places = { filter: placed, select: ["latitude", "longitude", "ev_date", "aircraft_no"],
    sort: [{ by: "ev_highest_injury" }] };
  const groups = { filter: placed, group: ["ev_highest_injury"], measures: ["rows"] };
  const whole = filter ? { filter } : {};
  await need([places, groups, whole]);
  const all = JSON.parse(session.run(JSON.stringify(whole))).matched_events;
  const counts = JSON.parse(session.run(JSON.stringify(groups))).rows;
  const numbers = session.numbers(JSON.stringify(places));
  const rows = numbers.length / 4;
  const [latitude, longitude, date, aircraft] = [0, 1, 2, 3].map((at) =>
    numbers.subarray(at * rows, (at + 1) * rows));
  const first = new Uint32Array(rows);
  const severity = new Uint8Array(rows);
  let [next, row] = [0, 0];
  for (const [code, count] of counts) {
    const known = SEVERITIES.indexOf(code);
    for (const end = row + count; row < end; row += 1) {
      // A further aircraft of the event before: same place, same day, a higher number.
      if (row > 0 && latitude[row] === latitude[row - 1] && longitude[row] === longitude[row - 1] &&
          date[row] === date[row - 1] && aircraft[row] > aircraft[row - 1]) continue;
      first[next] = row;
      severity[next] = known < 0 ? SEVERITIES.length : known;
      next += 1;
    }
  }
  const kept = first.subarray(0, next);
  const of = (column) => Float64Array.from(kept, (at) => column[at]);
  return { ...pointsOf(of(latitude), of(longitude), severity.slice(0, next)), all };
}

async function points(session, filter, need) {
  const key = JSON.stringify(filter ?? null);
  const found = held.get(key) ?? (await read(session, filter, need));
  held.delete(key);
  held.set(key, found);
  if (held.size > KEPT) held.delete(held.keys().next().value);
  return found;
}

/** Events of an area, newest first, each once though it has several aircraft. */
async function list(session, query, limit, need) {
  const asked = { ...query, offset: 0, limit: limit * 3, sort: [{ by: "ev_date", desc: true }],
    select: ["ev_id", "ntsb_no", "ev_date", "ev_city", "ev_state", "acft_make", "acft_model", "ev_highest_injury"] };
  await need([asked]);
  const { rows, matched_events: total } = JSON.parse(session.run(JSON.stringify(asked)));
  const events = new Map(rows.map((row) => [row[0], row]).reverse());
  return { total, rows: [...events.values()].reverse().slice(0, limit) };
}

/**
 * Answers what a map of a state asks.
 * @param {any} session
 * @param {(state: object) => { rows: any }} queries Of a state.
 * @param {(queries: object[]) => Promise<void>} need Fetches what queries read.
 * @param {{ what: "marks" | "around" | "list", state: object, seen: object, drawn: object, zoom: number,
 *   limit: number }} question
 */
export async function answerMap(session, queries, need, { what, state, seen, drawn, zoom, limit }) {
  const query = queries(state).rows;
  if (what === "list") return list(session, query, limit, need);
  const found = await points(session, query.filter, need);
  if (what === "around") return around(found);
  return { ...marks(found, seen, drawn, zoom), all: found.all };
}
