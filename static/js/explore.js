// The explore page: form → state → link and question → answer.
import { whenVisible } from "./charts.js";
import { Client } from "./client.js";
import { Filters } from "./filters.js";
import { showGroups, showList } from "./results.js";

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

function showProgress({ done, total, bytes }) {
  const bar = element("progress");
  bar.hidden = false;
  bar.max = total;
  bar.value = done;
  element("moved").textContent = `Reading ${done} of ${total} files, ${megabytes(bytes)}`;
}

function showError(error) {
  element("error").hidden = false;
  element("error").querySelector("p").textContent = `No answer: ${error.message}.`;
  element("result-count").textContent = "No answer.";
  element("results").hidden = true;
  element("empty").hidden = true;
}

function drawGroups() {
  if (!lastGroups || !chartIsVisible) return;
  const place = { title: element("chart-title"), chart: element("chart"), table: element("group-table") };
  showGroups(place, lastGroups.answer, lastGroups.state, filters.labels).catch((error) => {
    element("chart").textContent = `The chart could not be drawn (${error.message}).`;
  });
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
  lastGroups = { answer: answer.group, state };
  drawGroups();

  const pages = Math.max(1, Math.ceil(aircraft / PAGE_SIZE));
  element("page-number").textContent = `Page ${number.format(state.page)} of ${number.format(pages)}`;
  element("previous").disabled = state.page <= 1;
  element("next").disabled = state.page >= pages;
  element("query").textContent = JSON.stringify(answer.query, null, 2);
}

/** Asks for the present state. */
async function ask() {
  const mine = ++question;
  element("error").hidden = true;
  element("results").classList.add("stale");
  try {
    const progress = (at) => mine === question && showProgress(at);
    const body = { module, lake, state, columns: filters.columns };
    const answer = await client.call("answer", body, progress);
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
    if (mine === question) showError(error);
  } finally {
    if (mine === question) {
      element("progress").hidden = true;
      element("results").classList.remove("stale");
    }
  }
}

/** Takes over a state the visitor made: into the form, the address and a question. */
async function go(/** @type {State} */ next) {
  state = next;
  filters.show(state);
  element("group-by").value = state.by[0];
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
    filters.show(state);
    element("group-by").value = state.by[0];
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

async function downloadCsv(button) {
  button.disabled = true;
  try {
    const csv = await client.call("csv", { module, lake, state });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([csv], { type: "text/csv" }));
    link.download = "windsock-explore.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  } catch (error) {
    showNotices([`The CSV could not be made: ${error.message}.`]);
  } finally {
    button.disabled = false;
  }
}

function listen() {
  let typing;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => {
    clearTimeout(typing);
    const wait = event.target.matches("select") ? 0 : TYPING;
    typing = setTimeout(() => go(filters.read(state)), wait);
  });
  form.addEventListener("statechange", ({ detail }) => go(detail));
  element("group-by").addEventListener("change", ({ target }) => go({ ...state, by: [target.value] }));
  element("previous").addEventListener("click", () => go({ ...state, page: state.page - 1 }));
  element("next").addEventListener("click", () => go({ ...state, page: state.page + 1 }));
  element("clear").addEventListener("click", () => {
    form.elements.q.value = "";
    go({ ...state, chosen: {}, from: null, to: null, q: "", page: 1 });
  });
  element("copy-link").addEventListener("click", ({ target }) => copyLink(target));
  element("download-csv").addEventListener("click", ({ target }) => downloadCsv(target));
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
      listen();
    }
    await arrive();
  } catch (error) {
    showError(error);
  }
}

element("retry").addEventListener("click", () => (state ? ask() : start()));
start();
