// What the finder knows: registrations, numbers, types, airports, states and places.
import { element as e } from "./dom.js";

/** @import { Buckets } from "./buckets.js" */
/** @typedef {[kind: string, key: string, words: string, address?: string]} Entry */

/** Where an entry leads. @param {string} root @param {Entry} entry */
export function address(root, [kind, key, , path]) {
  if (kind === "event") return `${root}event/?id=${encodeURIComponent(key)}`;
  if (kind === "tail") return `${root}tail/?n=${encodeURIComponent(key)}`;
  return `${root}${path}`;
}

const NAMES = { event: "Event", tail: "Registration", aircraft: "Aircraft", airport: "Airport",
  state: "State", place: "Place" };

/** An entry as an item of a list. */
export function item(root, { key, entry }) {
  const [kind, own, words] = entry;
  return e("li", {}, e("a", { href: address(root, entry) },
    e("b", {}, kind === "event" ? key : own), " ", e("span", {}, words)), " ",
    e("small", {}, NAMES[kind] ?? kind));
}

/**
 * Entries whose name begins with a text; keys have no hyphens in registrations, so both spellings
 * are tried.
 * @param {Buckets} buckets
 * @param {string} typed
 * @param {number} most
 * @returns {Promise<{ key: string, entry: Entry, exact: boolean }[]>}
 */
export async function find(buckets, typed, most) {
  const text = typed.trim().toUpperCase();
  const spellings = new Set([text, text.replaceAll(/[^A-Z0-9 ,]/g, "")]);
  const found = new Map();
  for (const spelling of spellings) {
    if (spelling === "") continue;
    for (const [key, entries] of await buckets.beginning(spelling, most * 2)) found.set(key, entries);
  }
  // What was typed in full stands first, then what most events have.
  const all = [...found].flatMap(([key, entries]) =>
    entries.map((entry) => ({ key, entry, exact: spellings.has(key) })));
  const weight = ({ entry }) => Number(entry[2].replaceAll(",", "").match(/^\d+ event/)?.[0].split(" ")[0] ?? 0);
  const sorted = all.sort((a, b) => b.exact - a.exact || weight(b) - weight(a));
  const seen = new Set();
  return sorted.filter(({ entry }) => {
    const link = address("", entry);
    return !seen.has(link) && seen.add(link);
  }).slice(0, most);
}
