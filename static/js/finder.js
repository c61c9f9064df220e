// Finds what is typed among registrations, numbers, types, airports, states and places.
import { Buckets } from "./buckets.js";
import { element as e } from "./dom.js";

const form = document.getElementById("finder");
const input = document.getElementById("finder-text");
const status = document.getElementById("finder-status");
const list = document.getElementById("finder-found");
const root = form.dataset.root;
const buckets = new Buckets(form.dataset.find);

/** Results shown. */
const SHOWN = 12;

/** Where an entry leads. @param {[string, string, string, string?]} entry */
function address([kind, key, , path]) {
  if (kind === "event") return `${root}event/?id=${encodeURIComponent(key)}`;
  if (kind === "tail") return `${root}tail/?n=${encodeURIComponent(key)}`;
  return `${root}${path}`;
}

const NAMES = { event: "Event", tail: "Registration", aircraft: "Aircraft", airport: "Airport",
  state: "State", place: "Place" };

function item(typed, entry) {
  const [kind, key, words] = entry;
  const name = kind === "event" ? typed : key;
  return e("li", {}, e("a", { href: address(entry) },
    e("b", {}, name), " ", e("span", {}, words)), " ", e("small", {}, NAMES[kind] ?? kind));
}

/** Keys have no hyphens in registrations, so both spellings are tried. */
async function search(text) {
  const spellings = new Set([text, text.replaceAll(/[^A-Z0-9 ,]/g, "")]);
  const found = new Map();
  for (const spelling of spellings) {
    if (spelling === "") continue;
    for (const [key, entries] of await buckets.beginning(spelling, SHOWN * 2)) found.set(key, entries);
  }
  // What was typed in full stands first, then what most events have.
  const all = [...found].flatMap(([key, entries]) => entries.map((entry) => ({ key, entry })));
  const weight = ({ entry }) => Number(entry[2].replaceAll(",", "").match(/^\d+ event/)?.[0].split(" ")[0] ?? 0);
  const exact = ({ key }) => Number(spellings.has(key));
  const sorted = all.sort((a, b) => exact(b) - exact(a) || weight(b) - weight(a));
  const seen = new Set();
  return sorted.filter(({ entry }) => {
    const link = address(entry);
    return !seen.has(link) && seen.add(link);
  }).slice(0, SHOWN);
}

let latest = 0;

async function show() {
  const text = input.value.trim().toUpperCase();
  const own = (latest += 1);
  if (text.length < 2) {
    list.replaceChildren();
    status.textContent = "Registration, NTSB number, make and model, airport, state or place.";
    return [];
  }
  try {
    const found = await search(text);
    if (own !== latest) return [];
    list.replaceChildren(...found.map(({ key, entry }) => item(key, entry)));
    status.textContent = found.length === 0
      ? "Nothing begins like this. Explore searches words in all columns."
      : `${found.length === SHOWN ? "The first " : ""}${found.length} found`;
    if (found.length === 0) {
      const more = `${root}explore/?q=${encodeURIComponent(input.value.trim())}`;
      list.replaceChildren(e("li", {}, e("a", { href: more }, "Explore: ", e("b", {}, input.value.trim()))));
    }
    return found;
  } catch (error) {
    status.textContent = `The index could not be fetched (${error.message}).`;
    return [];
  }
}

input.addEventListener("input", show);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const [first] = await show();
  if (first) location.href = address(first.entry);
});

const asked = new URLSearchParams(location.search).get("q");
if (asked && location.pathname === new URL(form.action).pathname) {
  input.value = asked;
  show();
}
