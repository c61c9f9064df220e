// The explore page: form → state → link and question → answer.
import { Builder } from "./builder.js";
import { Client } from "./client.js";
import { downloads } from "./downloads.js";
import { ExploreMap } from "./explore-map.js";
import { Filters, stateWords } from "./filters.js";
import { LIST, List } from "./list.js";
import { showCrossTab, showGroups } from "./results.js";
import { savedSearches } from "./saved.js";

/** @import { State } from "./filters.js" */

const TYPING = 300;

/** Columns a reader wants newest or largest first. */
const DESCENDING = ["ev_date", "fatalities"];

const number = new Intl.NumberFormat("en-US");
const element = (id) => document.getElementById(id);

const form = element("filters");
const { module, lake, worker, labels: labelsUrl, exporter, meaning, outlines } = form.dataset;
const addresses = { module, lake, exporter, meaning, outlines };
const client = new Client(worker);

/** @type {State} */
let state;
/** @type {Filters} */
let filters;
/** @type {Builder} */
let builder;
/** Takes the question under way back. */
let asking = new AbortController();
/** Counts questions; an answer to an older one is never shown. */
let question = 0;
/** The answer that is shown, and the state it belongs to. @type {{ answer: any, state: State } | undefined} */
let shown;
/** @type {ExploreMap} */
let map;

const list = new List(
  { scroller: element("list-scroll"), table: element("list"), label: element("page-number"),
    previous: element("previous"), next: element("next") },
  {
    ask: (query) => client.call("query", { module, lake, query }),
    sort: sortBy,
    page: (page) => adjust({ ...state, page }),
  },
);

function megabytes(bytes) {
  return bytes < 1e5 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function plural(count, one, many) {
  return `${number.format(count)} ${count === 1 ? one : many}`;
}

function showNotices(notices) {
  element("notices").replaceChildren(
    ...notices.map((text) => Object.assign(document.createElement("li"), { textContent: text })),
  );
}

function showProgress({ done, total, bytes, all, rows }) {
  const bar = element("progress");
  element("loading").hidden = false;
  bar.max = all;
  bar.value = bytes;
  element("moved").textContent =
    `Reading ${done} of ${total} files, ${megabytes(bytes)} of ${megabytes(all)}, for ` +
    `${plural(rows, "row", "rows")}`;
}

function showError(error) {
  element("error").hidden = false;
  element("error").querySelector("p").textContent = `No answer: ${error.message}.`;
  element("result-count").textContent = "No answer.";
  element("results").hidden = true;
  element("empty").hidden = true;
}

/** Chooses one value each for some columns; what has no parameter, or is a bin, cannot be chosen. */
function pick(pairs) {
  const chosen = structuredClone(state.chosen);
  for (const [by, value] of pairs) {
    const parameter = Object.keys(filters.labels.parameters).find((p) => filters.labels.parameters[p] === by);
    if (parameter) chosen[parameter] = [value === null ? null : String(value)];
  }
  go({ ...state, chosen, page: 1 });
}

function drawGroups() {
  const { answer, state: of } = shown;
  const isCrossed = of.by.length > 1;
  element("cross").hidden = element("heat").hidden = !isCrossed;
  element("chart").hidden = element("twin").hidden = isCrossed;
  const place = {
    title: element("chart-title"),
    chart: element("chart"),
    table: element("group-table"),
    heat: element("heat"),
    cross: element("cross-table"),
  };
  if (isCrossed) showCrossTab(place, answer.group, of, filters.labels, pick);
  else showGroups(place, answer.group, of, filters.labels, answer.versus?.group, (by, value) => pick([[by, value]]));
}

/** Shows what the view is of: the chart, or the map of the events. */
function drawView() {
  const { answer } = shown;
  const of = { ...shown.state, at: state.at };
  const isMap = state.view === "map";
  element("chart-section").hidden = isMap;
  element("map-section").hidden = !isMap;
  if (!isMap) return drawGroups();
  const side = element("map-side");
  element("map-of").hidden = !answer.versus;
  if (!answer.versus) side.value = "this";
  const shownOf = side.value === "other" ? { ...answer.versus.state, at: of.at } : of;
  map ??= new ExploreMap(element("map"), { client, addresses, labels: filters.labels, onView: moved });
  map.show(shownOf);
}

/** The map was moved: the link follows, and so does the filter if it is that of the view. */
function moved(at, area) {
  if (state.view !== "map") return;
  if (element("only-in-view").checked) go({ ...state, at, area, page: 1 }, true);
  else adjust({ ...state, at });
}

/** The form's other parts after a state that did not come from them. */
function showState() {
  filters.show(state);
  builder.show(state);
  const offered = (select, by) => {
    const known = [...select.options].some(({ value }) => value === by);
    if (!known) select.add(new Option(by, by));
    select.value = by;
  };
  offered(element("group-by"), state.by[0]);
  offered(element("group-by-2"), state.by[1] ?? "");
  const chosen = state.cols.length ? state.cols : LIST;
  for (const box of element("columns").querySelectorAll("input")) {
    box.checked = chosen.includes(box.value);
  }
  element("only-in-view").checked = state.area !== null;
  for (const button of element("views").querySelectorAll("button")) {
    button.setAttribute("aria-pressed", button.dataset.view === state.view);
  }
}

/** Lets the page react to the visitor between two parts of the work. */
function breathe() {
  return globalThis.scheduler?.yield ? scheduler.yield() : new Promise((resolve) => setTimeout(resolve));
}

/** Shows an answer, part by part, as long as it belongs to the present state. */
async function show(answer, mine) {
  const of = state;
  const { matched_events: events, matched_rows: aircraft } = answer.rows;
  const count = element("result-count");
  count.dataset.aircraft = aircraft;
  count.dataset.events = events;
  count.textContent =
    `${plural(events, "event", "events")}, ${plural(aircraft, "aircraft", "aircraft")}`;
  element("moved").textContent =
    `${answer.files.read} of ${answer.files.all} files; ${megabytes(answer.moved.bytes)} in ` +
    `${plural(answer.moved.requests, "request", "requests")} since the page was opened`;
  element("empty").hidden = events > 0;
  element("results").hidden = events === 0;
  shown = { answer, state: of };
  const parts = [
    () => list.show(answer.rows, answer.query, of, filters.labels),
    () => filters.count(answer.facets, of),
    drawView,
    () => {
      const against = answer.versus ? ` Compared with: ${stateWords(filters.labels, answer.versus.state)}` : "";
      element("query-words").textContent = stateWords(filters.labels, of) + against;
      element("query-sql").textContent = answer.sql;
      element("query-console").hash = `q=${encodeURIComponent(answer.sql)}`;
      element("query-json").textContent = JSON.stringify(answer.query, null, 2);
    },
  ];
  for (const part of parts) {
    part();
    await breathe();
    if (mine !== question) return;
  }
}

/** Asks for the present state. */
async function ask() {
  const mine = ++question;
  asking = new AbortController();
  element("error").hidden = true;
  element("results").classList.add("stale");
  try {
    const progress = (at) => mine === question && showProgress(at);
    const body = { module, lake, state, columns: filters.columns };
    const answer = await client.call("answer", body, progress, asking.signal);
    if (mine !== question || answer === null) return;
    await show(answer, mine);
    if (mine !== question) return;
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        if (performance.getEntriesByName("windsock:first-result").length === 0) {
          performance.mark("windsock:first-result");
        }
      }),
    );
  } catch (error) {
    if (mine !== question) return;
    if (error.name !== "AbortError") showError(error);
    else element("moved").textContent = "Stopped. What is shown belongs to the answer before.";
  } finally {
    if (mine === question) {
      element("loading").hidden = true;
      element("results").classList.remove("stale");
    }
  }
}

/** Writes a state into the address: as a step to go back to, or in place of the present one. */
async function address(/** @type {State} */ next, replaces) {
  try {
    const search = await client.call("encode", { module, state: next });
    if (state !== next) return;
    const link = search ? `?${search}` : location.pathname;
    if (replaces) history.replaceState(null, "", link);
    else history.pushState(null, "", link);
  } catch {
    // The question to the same module fails too and says so.
  }
}

/** Takes over a state the visitor made: into the form, the address and a question. */
function go(/** @type {State} */ next, replaces = false) {
  state = next;
  showState();
  showNotices([]);
  ask();
  return address(next, replaces);
}

/** Takes over what changes no answer: where the map is, how far the list was scrolled. */
function adjust(/** @type {State} */ next) {
  state = next;
  return address(next, true);
}

/** Another view of the same answer. */
function look(view) {
  if (state.view === view) return;
  state = { ...state, view };
  showState();
  address(state, false);
  if (shown) drawView();
}

/** Takes over the state of the address. */
async function arrive() {
  try {
    const decoded = await client.call("decode", { module, search: location.search });
    state = decoded.state;
    showState();
    showNotices(decoded.notices);
    await ask();
  } catch (error) {
    showError(error);
  }
}

function sortBy(column) {
  const desc = state.sort.by === column ? !state.sort.desc : DESCENDING.includes(column);
  go({ ...state, sort: { by: column, desc }, page: 1 });
}

async function copyLink(button) {
  try {
    await navigator.clipboard.writeText(location.href);
    button.textContent = "Link copied";
  } catch {
    showNotices([`Copying is not allowed here. The link is ${location.href}`]);
  }
  setTimeout(() => (button.textContent = "Copy link"), 2000);
}

/** Keeps the present filter beside the next ones, to be compared with. */
async function compare() {
  const { chosen, groups, from, to, q, text, area } = state;
  const filter = { chosen, groups, from, to, q, text, area };
  const vs = await client.call("encode", { module, state: filter });
  if (vs === "") return showNotices(["Choose something first: this is all there is."]);
  go({ ...state, vs });
  showNotices(["Now change the filters: the chart shows them beside what was chosen so far."]);
}

/** One box for each column of the list. */
function offerColumns() {
  const boxes = Object.entries(filters.labels.columns).map(([name, label]) => {
    const box = Object.assign(document.createElement("input"), { type: "checkbox", value: name });
    const field = document.createElement("label");
    field.append(box, ` ${label}`);
    return field;
  });
  element("columns").querySelector("fieldset").append(...boxes);
  element("columns").addEventListener("change", ({ target }) => {
    const present = state.cols.length ? state.cols : LIST;
    const others = present.filter((name) => name !== target.value);
    const cols = target.checked ? [...others, target.value] : others;
    if (cols.length === 0 || cols.length > 20) {
      target.checked = !target.checked;
      return showNotices(["The list has between one and twenty columns."]);
    }
    go({ ...state, cols: cols.join() === LIST.join() ? [] : cols });
  });
}

function listen() {
  let typing;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => {
    clearTimeout(typing);
    // An answer that is still under way is one to what the form no longer says.
    question += 1;
    element("results").classList.add("stale");
    const wait = event.target.matches("select") ? 0 : TYPING;
    typing = setTimeout(() => go(filters.read(state)), wait);
  });
  form.addEventListener("statechange", ({ detail }) => go(detail));
  const regroup = () => {
    const by = [element("group-by").value, element("group-by-2").value];
    go({ ...state, by: [...new Set(by)].filter((name) => name !== "") });
  };
  element("group-by").addEventListener("change", regroup);
  element("group-by-2").addEventListener("change", regroup);
  element("stop").addEventListener("click", () => asking.abort());
  element("compare").addEventListener("click", compare);
  for (const button of element("views").querySelectorAll("button")) {
    button.addEventListener("click", () => look(button.dataset.view));
  }
  element("map-side").addEventListener("change", drawView);
  element("only-in-view").addEventListener("change", ({ target }) => {
    const seen = map?.area;
    go({ ...state, area: target.checked && seen ? seen : null, at: map?.position ?? state.at, page: 1 });
  });
  element("clear").addEventListener("click", () => {
    form.elements.q.value = "";
    form.elements.text.value = "";
    go({ ...state, chosen: {}, groups: [], from: null, to: null, q: "", text: "", area: null, vs: "", page: 1 });
  });
  element("copy-link").addEventListener("click", ({ target }) => copyLink(target));
  downloads({ client, addresses, say: (text) => showNotices([text]),
    present: () => ({ state, labels: filters.labels, answer: shown?.answer }) });
  savedSearches(element("saved"), element("save-search"), element("saved-note"));
  addEventListener("popstate", arrive);
}

async function start() {
  element("error").hidden = true;
  try {
    if (!filters) {
      const response = await fetch(labelsUrl);
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      filters = new Filters(form, element("chips"), await response.json());
      builder = new Builder(element("group-builder"), filters.selects, filters.labels, (change) =>
        go(change(state)),
      );
      offerColumns();
      listen();
    }
    await arrive();
  } catch (error) {
    showError(error);
  }
}

element("retry").addEventListener("click", () => (state ? ask() : start()));
start();
