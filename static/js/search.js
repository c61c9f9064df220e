// The search page: what is typed and chosen → the address, records by name, reports with the words.
import { Buckets } from "./buckets.js";
import { element as e } from "./dom.js";
import { address, find, item } from "./find.js";
import { listenToKeys } from "./keys.js";
import { excerpt } from "./search-excerpt.js";
import { Facets } from "./search-facets.js";
import { SearchIndex } from "./search-index.js";
import { arrange, complete, evaluate, parse } from "./search-query.js";

/** Results shown at first, and more each time. */
const STEP = 10;

/** Milliseconds without typing before the reports are searched. */
const PAUSE = 120;

/** Records by name that are shown beside the reports. */
const DIRECT = 5;

const number = new Intl.NumberFormat("en-US");
const part = (name) => document.getElementById(`search-${name}`);
const form = document.getElementById("search");
const input = part("text");
const { root, find: findFolder, index: indexFolder, records: recordFolder } = form.dataset;
const names = new Buckets(findFolder);
const index = new SearchIndex(indexFolder);
const records = new Buckets(recordFolder);
const facets = new Facets(part("facets"), () => go(true));

/** What is asked: its answer is shown only while nothing newer is. */
let question = 0;
let shown = STEP;

const plural = (count, noun) => `${number.format(count)} ${noun}${count === 1 ? "" : "s"}`;

function say(text, ...more) {
  part("status").replaceChildren(text, ...more);
}

/** The address of what is asked. */
function link() {
  const asked = new URLSearchParams();
  const typed = input.value.trim();
  if (typed) asked.set("q", typed);
  facets.write(asked);
  if (part("order").value !== "best") asked.set("sort", part("order").value);
  if (shown > STEP) asked.set("n", String(shown));
  const text = asked.toString();
  return text ? `?${text}` : location.pathname;
}

/** Takes over what the address asks. */
async function arrive() {
  const asked = new URLSearchParams(location.search);
  input.value = asked.get("q") ?? "";
  part("order").value = asked.get("sort") === "new" ? "new" : "best";
  shown = Math.min(200, Math.max(STEP, Number(asked.get("n")) || STEP));
  facets.read(asked);
  await ask(false);
}

/** Takes over what the visitor did. */
function go(lasting, more = false) {
  if (!more) shown = STEP;
  const next = link();
  if (lasting && next !== location.search) history.pushState(null, "", next);
  else history.replaceState(null, "", next);
  return ask(!lasting);
}

/** Records whose number, registration or name begins like this. */
async function direct(own, typed) {
  const found = typed.length < 2 || /["“”*]/.test(typed) ? [] : await find(names, typed, DIRECT);
  if (own !== question) return found;
  part("direct").hidden = found.length === 0;
  part("direct").querySelector("ul").replaceChildren(...found.map((one) => item(root, one)));
  return found;
}

/** Fetches what comes into view, and a little before: a record is more than its excerpt. */
const seen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    fills.get(target)?.();
  }
}, { rootMargin: "300px" });

/** What fills a place. @type {WeakMap<Element, () => void>} */
const fills = new WeakMap();

/** A result: its place at once, its content when it is seen and the record is there. */
function result(own, at, query, skipped) {
  const place = e("li", { class: "result", "aria-busy": "true" },
    e("p", { class: "population" }, "Fetching the record …"));
  const fill = async () => {
    const key = await index.key(at);
    const record = await records.value(key);
    if (own !== question || !record) return;
    const texts = record.aircraft.flatMap(({ narratives }) => narratives)
      .map(({ label, column, paragraphs }) => ({ label, column, text: paragraphs.join("\n") }));
    const found = excerpt(texts, query, skipped);
    const href = `${root}event/?id=${encodeURIComponent(key)}`;
    place.replaceChildren(
      e("a", { href }, e("bdi", {}, record.title)), " ",
      e("small", {}, record.ntsb_no ?? key),
      e("p", { class: "population" }, e("bdi", {}, record.summary)),
      found ? found.element : e("p", { class: "excerpt" }, "The record has no narrative; its names match."));
    if (found && !found.complete) {
      place.append(e("p", { class: "population" }, "The words of the phrase follow each other only in pairs."));
    }
    place.removeAttribute("aria-busy");
  };
  fills.set(place, () => fill().catch((error) => {
    place.replaceChildren(e("p", { class: "caution" }, `The record could not be fetched (${error.message}).`));
  }));
  return place;
}

async function suggestion(unknown) {
  for (const word of unknown) {
    if (word.includes(" ")) continue;
    if (word.length < 4 || /\d/.test(word)) continue;
    const other = await index.spelledLike(word);
    if (!other) continue;
    const button = e("button", { type: "button", class: "quiet" }, other);
    button.addEventListener("click", () => {
      input.value = input.value.replace(new RegExp(word, "i"), other);
      input.focus();
      go(true);
    });
    return ["Did you mean ", button, "?"];
  }
  return [];
}

async function reports(own, typed, typing) {
  const manifest = await index.manifest();
  const query = parse(typed, manifest.skipped, typing);
  if (query.clauses.every(({ excluded }) => excluded)) {
    clear(query.skipped.length > 0
      ? `Every report has “${query.skipped.join("”, “")}”: add a word that tells them apart.`
      : undefined);
    return;
  }
  await complete(query, index);
  const [found, data] = await Promise.all([
    evaluate(index, query),
    Promise.all(manifest.segments.map((segment) => index.facets(segment))),
  ]);
  if (own !== question) return;
  const newest = part("order").value === "new";
  const answer = arrange(manifest, data, found, { ...facets.chosen(manifest), newest, most: shown });
  const skipped = new Set(manifest.skipped);
  facets.show(manifest, answer.counts, found.numbers.length > 0);
  part("results").hidden = answer.total === 0;
  seen.disconnect();
  const places = answer.first.map((at) => result(own, at, query, skipped));
  part("found").replaceChildren(...places);
  for (const place of places) seen.observe(place);
  part("more").hidden = answer.total <= answer.first.length;
  const filtered = answer.total < found.numbers.length ? ` of ${number.format(found.numbers.length)}` : "";
  const more = answer.total === 0 && found.numbers.length === 0 ? await suggestion(found.unknown) : [];
  if (own !== question) return;
  const cut = answer.total > answer.first.length ? `; the first ${answer.first.length} are shown` : "";
  const nothing = filtered ? `None${filtered} reports is left by what is chosen.`
    : found.unknown.length > 0 ? `No report has “${found.unknown.join("”, “")}”. ` : "No report has all of these words. ";
  say(answer.total === 0 ? nothing : `${plural(answer.total, "report")}${filtered}${cut}.`, ...more);
  form.dataset.total = answer.total;
  form.dataset.bytes = index.bytes;
}

function clear(text = "Words in probable causes and narratives, or a number, registration, type, airport or place.") {
  part("results").hidden = true;
  part("found").replaceChildren();
  part("facets").hidden = true;
  say(text);
}

/** Answers what is asked; what is typed may still go on. */
async function ask(typing) {
  const own = (question += 1);
  delete form.dataset.total;
  const typed = input.value;
  if (typed.trim().length < 2) {
    part("direct").hidden = true;
    clear();
    return [];
  }
  const byName = direct(own, typed.trim()).catch(() => []);
  try {
    await reports(own, typed, typing);
  } catch (error) {
    if (own === question) clear(`The index could not be fetched (${error.message}). Type on to try again.`);
  }
  return byName;
}

let pause;
input.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(() => go(false), PAUSE);
});
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  clearTimeout(pause);
  const found = await go(true);
  // A number or registration typed in full leads to its record.
  const exact = found.filter((one) => one.exact && ["event", "tail"].includes(one.entry[0]));
  if (exact.length === 1) location.href = address(root, exact[0].entry);
});
part("order").addEventListener("change", () => go(true));
part("more").addEventListener("click", async () => {
  const before = part("found").children.length;
  shown = Math.min(200, shown + STEP);
  await go(true, true);
  part("found").children[before]?.querySelector("a")?.focus();
});
addEventListener("popstate", arrive);
listenToKeys(input, () => [...document.querySelectorAll("#search-direct a, #search-found a")]);
arrive();
