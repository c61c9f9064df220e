// The explore page: form → state → link and question → answer.
import { Builder } from "./builder.js";
import { whenVisible } from "./charts.js";
import { Client } from "./client.js";
import { Filters, stateWords } from "./filters.js";
import { LIST, showCrossTab, showGroups, showList } from "./results.js";

/** @import { State } from "./filters.js" */

const PAGE_SIZE = 50;
const TYPING = 300;

/** Columns a reader wants newest or largest first. */
const DESCENDING = ["ev_date", "fatalities"];

const number = new Intl.NumberFormat("en-US");
const element = (id) => document.getElementById(id);

const form = element("filters");
const { module, lake, worker, labels: labelsUrl } = form.dataset;
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
let chartIsVisible = false;
let lastGroups;

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

function drawGroups() {
  if (!lastGroups) return;
  const { answer, state: of, versus } = lastGroups;
  const isCrossed = of.by.length > 1;
  element("cross").hidden = !isCrossed;
  element("chart").hidden = isCrossed;
  element("group-table").closest("details").hidden = isCrossed;
  const place = {
    title: element("chart-title"),
    chart: element("chart"),
    table: element("group-table"),
    cross: element("cross-table"),
  };
  if (isCrossed) return showCrossTab(place, answer, of, filters.labels);
  if (!chartIsVisible) return;
  showGroups(place, answer, of, filters.labels, versus?.group).catch((error) => {
    element("chart").textContent = `The chart could not be drawn (${error.message}).`;
  });
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
  const shown = state.cols.length ? state.cols : LIST;
  for (const box of element("columns").querySelectorAll("input")) {
    box.checked = shown.includes(box.value);
  }
}

/** Shows an answer that belongs to the present state. */
function show(answer) {
  const { matched_events: events, matched_rows: aircraft } = answer.rows;
  const count = element("result-count");
  count.dataset.events = events;
  count.dataset.aircraft = aircraft;
  count.textContent =
    `${plural(events, "event", "events")}, ${plural(aircraft, "aircraft", "aircraft")}`;
  element("moved").textContent =
    `${answer.files.read} of ${answer.files.all} files; ${megabytes(answer.moved.bytes)} in ` +
    `${plural(answer.moved.requests, "request", "requests")} since the page was opened`;
  filters.count(answer.facets, state);

  element("empty").hidden = events > 0;
  element("results").hidden = events === 0;
  showList(element("list"), answer.rows, state, filters.labels, sortBy);
  lastGroups = { answer: answer.group, state, versus: answer.versus };
  drawGroups();

  const pages = Math.max(1, Math.ceil(aircraft / PAGE_SIZE));
  element("page-number").textContent = `Page ${number.format(state.page)} of ${number.format(pages)}`;
  element("previous").disabled = state.page <= 1;
  element("next").disabled = state.page >= pages;
  const against = answer.versus ? ` Compared with: ${stateWords(filters.labels, answer.versus.state)}` : "";
  element("query-words").textContent = stateWords(filters.labels, state) + against;
  element("query-sql").textContent = answer.sql;
  element("query-json").textContent = JSON.stringify(answer.query, null, 2);
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
    show(answer);
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

/** Takes over a state the visitor made: into the form, the address and a question. */
async function go(/** @type {State} */ next) {
  state = next;
  showState();
  showNotices([]);
  ask();
  try {
    const search = await client.call("encode", { module, state: next });
    if (state === next) history.pushState(null, "", search ? `?${search}` : location.pathname);
  } catch {
    // The question to the same module fails too and says so.
  }
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

const FILE_TYPES = { csv: "text/csv", json: "application/json", geojson: "application/geo+json" };

async function download(button) {
  const { form: kind } = button.dataset;
  button.disabled = true;
  try {
    const text = await client.call("download", { module, lake, state, form: kind });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: FILE_TYPES[kind] }));
    link.download = `windsock-explore.${kind}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  } catch (error) {
    showNotices([`The file could not be made: ${error.message}.`]);
  } finally {
    button.disabled = false;
  }
}

/** Keeps the present filter beside the next ones, to be compared with. */
async function compare() {
  const { chosen, groups, from, to, q, text } = state;
  const filter = { chosen, groups, from, to, q, text };
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
    const shown = state.cols.length ? state.cols : LIST;
    const others = shown.filter((name) => name !== target.value);
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
  element("previous").addEventListener("click", () => go({ ...state, page: state.page - 1 }));
  element("next").addEventListener("click", () => go({ ...state, page: state.page + 1 }));
  element("clear").addEventListener("click", () => {
    form.elements.q.value = "";
    form.elements.text.value = "";
    go({ ...state, chosen: {}, groups: [], from: null, to: null, q: "", text: "", vs: "", page: 1 });
  });
  element("copy-link").addEventListener("click", ({ target }) => copyLink(target));
  for (const button of document.querySelectorAll("[data-form]")) {
    button.addEventListener("click", () => download(button));
  }
  addEventListener("popstate", arrive);
  whenVisible(element("chart"), () => {
    chartIsVisible = true;
    drawGroups();
  });
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
