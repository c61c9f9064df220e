// The SQL console: editor, statement, result. The engine loads when somebody means to use it.
import { Client } from "./client.js";
import { element as e } from "./dom.js";
import * as chart from "./sql-chart.js";
import { History } from "./sql-history.js";
import * as link from "./sql-link.js";
import * as table from "./sql-rows.js";

/** A result on the page, and one for a file. */
const SHOWN = { rows: 10_000, bytes: 32_000_000 };
const FILE = { rows: 1_000_000, bytes: 256_000_000 };

/** A statement that does not end when asked to is ended with its worker after these milliseconds. */
const PATIENCE = 500;

const get = (id) => document.getElementById(id);
const { lake, worker, module, editor: editorModule } = get("sql").dataset;
const place = { module, lake };
const client = new Client(worker);
const number = new Intl.NumberFormat("en-US");
const count = (n, word) => `${number.format(n)} ${word}${n === 1 ? "" : "s"}`;

/** The text area, until the editor has taken its place. */
let editor = {
  get text() { return get("sql-text").value; },
  set text(value) { get("sql-text").value = value; },
  insert: (value) => get("sql-text").setRangeText(value),
  focus: () => get("sql-text").focus(),
  learn: () => {},
};

/** @type {{ controller: AbortController, ended: Promise<void> } | undefined} */
let running;
/** Counts what was asked to run: the newest takes the place of those before it. */
let turns = 0;
/** What is shown. @type {{ sql: string, columns: any[], rows: any[][], cut: boolean } | undefined} */
let result;
let first = 0;
/** What the worker has moved since it was started. */
let total = { bytes: 0, requests: 0 };
const past = new History(get("sql-past"), (sql) => use(sql, true));

function say(text, rows) {
  get("sql-status").textContent = text;
  if (rows === undefined) delete get("sql-status").dataset.rows;
  else get("sql-status").dataset.rows = rows;
}

function fail(message) {
  say("");
  get("sql-error").hidden = false;
  get("sql-error").firstElementChild.textContent = `${message[0].toUpperCase()}${message.slice(1)}`;
}

/** Loads the engine ahead of the first statement. */
let warming;
function warm() {
  warming ??= client.call("open", place).then((functions) => editor.learn(functions)).catch(() => (warming = undefined));
}

/** What has been fetched since `before`. */
function fetched(before) {
  const requests = total.requests - before.requests;
  return requests ? `, ${count(requests, "file")} fetched, ${megabytes(total.bytes - before.bytes)}` : "";
}

/** Which seconds have passed, for whoever looks; screen readers hear the beginning and the end. */
function clock(started, before) {
  const tick = () => {
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    get("sql-moved").textContent = `${seconds} s${fetched(before)}`;
  };
  tick();
  const timer = setInterval(tick, 100);
  return () => clearInterval(timer);
}

function megabytes(bytes) {
  return bytes < 1e5 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/**
 * Runs a statement.
 * @param {{ rows: number, bytes: number }} limits
 * @param {(result: object) => void} onRows Called with what there is of the result as it comes.
 */
async function execute(sql, limits, onRows) {
  const controller = new AbortController();
  let end;
  running = { controller, ended: new Promise((resolve) => (end = resolve)) };
  get("sql-stop").hidden = false;
  get("sql-error").hidden = true;
  get("sql-progress").hidden = false;
  say(warming ? "Running…" : "Loading the engine…");
  warm();
  const started = performance.now();
  const before = total;
  const stopClock = clock(started, before);
  const got = { sql, columns: [], rows: [], cut: false };
  const onProgress = ({ columns, rows, moved }) => {
    if (moved) total = moved;
    if (columns) {
      got.columns = columns;
      say("Running…");
      onRows(got, true);
    }
    if (rows) {
      for (const row of JSON.parse(rows)) got.rows.push(row);
      onRows(got, false);
    }
  };
  try {
    const read = await client.call("run", { ...place, sql, ...limits }, onProgress, controller.signal);
    got.cut = read.cut;
    total = read.moved;
    return { got, read, fetched: fetched(before), seconds: (performance.now() - started) / 1000 };
  } catch (error) {
    if (error.fatal) restart();
    throw error;
  } finally {
    stopClock();
    running = undefined;
    end();
    get("sql-stop").hidden = true;
    get("sql-progress").hidden = true;
    get("sql-moved").textContent = "";
  }
}

/** Ends the worker; the next statement starts another, whose files come from the cache. */
function restart() {
  client.stop();
  warming = undefined;
  total = { bytes: 0, requests: 0 };
}

function stop() {
  const stopped = running;
  stopped?.controller.abort();
  setTimeout(() => {
    if (running && running === stopped) restart();
  }, PATIENCE);
}

function summary({ got, read, seconds, fetched: moved }) {
  const rows = got.cut ? `The first ${count(got.rows.length, "row")}, there are more` : count(got.rows.length, "row");
  const from = read.all === 0 ? "" : ` Read ${read.files} of ${count(read.all, "file")} (${count(read.rows, "row")})${moved}.`;
  return `${rows} in ${seconds.toFixed(2)} s.${from}`;
}

/** Runs a statement and shows what comes. */
async function run(sql, { note = true } = {}) {
  if (sql.trim() === "") return;
  turns += 1;
  const turn = turns;
  if (running) {
    stop();
    await running.ended;
    if (turn !== turns) return;
  }
  result = undefined;
  get("sql-result").classList.add("stale");
  if (note) await address(sql);
  let shown = false;
  const onRows = (got, isNew) => {
    result = got;
    if (isNew) first = 0;
    // The first page is drawn as soon as it is full, the others when somebody turns to them.
    if (isNew || !shown) page();
    shown = got.rows.length >= table.PAGE;
    pages();
  };
  try {
    const done = await execute(sql, SHOWN, onRows);
    past.add(sql, done.got.rows.length, done.seconds);
    page();
    pages();
    say(summary(done), done.got.rows.length);
    offerChart();
  } catch (error) {
    get("sql-result").hidden = result === undefined;
    if (error.name === "AbortError") say("Stopped.");
    else fail(error.message);
  } finally {
    get("sql-result").classList.remove("stale");
  }
}

function page() {
  get("sql-result").hidden = false;
  get("sql-result").classList.remove("stale");
  table.show(get("sql-rows"), result, first);
}

function pages() {
  const { length } = result.rows;
  const last = Math.min(first + table.PAGE, length);
  get("sql-page").textContent = length === 0 ? "No rows" : `Rows ${number.format(first + 1)} to ${number.format(last)} of ${number.format(length)}`;
  get("sql-previous").disabled = first === 0;
  get("sql-next").disabled = last >= length;
}

function leaf(by) {
  first += by * table.PAGE;
  page();
  pages();
  get("sql-scroll").scrollTop = 0;
}

/** The statement of the address bar, so that it can be kept, sent and gone back to. */
async function address(sql, chosen) {
  const hash = `#${await link.encode(chosen ? { sql, chart: chosen } : { sql })}`;
  if (hash === location.hash) return;
  if (chosen) history.replaceState(null, "", hash);
  else history.pushState(null, "", hash);
}

/** The columns a chart can be made of; the form stays as it was if it still fits. */
function offerChart(wanted) {
  const names = result.columns.map(({ name }) => name);
  const suggested = chart.suggest(result.columns);
  get("sql-chart-box").hidden = !suggested || result.rows.length < 2;
  if (!suggested) return;
  const fits = wanted && names.includes(wanted.across) && names.includes(wanted.up);
  const now = fits ? wanted : suggested;
  const numbers = result.columns.filter(({ kind }) => kind === "number").map(({ name }) => name);
  const fill = (id, options, value) => {
    get(id).replaceChildren(...options.map((name) => e("option", { value: name, selected: name === value }, name)));
  };
  fill("chart-across", names, now.across);
  fill("chart-up", numbers, now.up);
  get("chart-form").value = now.form;
  if (fits) get("sql-chart-box").open = true;
  drawChart(false);
}

async function drawChart(note = true) {
  if (!get("sql-chart-box").open || get("sql-chart-box").hidden || !result) return;
  const chosen = { form: get("chart-form").value, across: get("chart-across").value, up: get("chart-up").value };
  try {
    get("sql-chart-note").textContent = await chart.show(get("sql-chart"), result, chosen);
    if (note) await address(result.sql, chosen);
  } catch (error) {
    get("sql-chart-note").textContent = `The chart could not be drawn (${error.message}). The table has the same numbers.`;
  }
}

/** Saves the result; what was cut for the page is asked for again. */
async function save(form) {
  if (!result || running) return;
  let whole = result;
  try {
    if (result.cut) {
      const done = await execute(result.sql, FILE, (got) => say(`${count(got.rows.length, "row")}…`));
      whole = done.got;
      say(`${summary(done)} Saved.`, whole.rows.length);
    }
  } catch (error) {
    if (error.name === "AbortError") say("Stopped.");
    else fail(error.message);
    return;
  }
  const kind = form === "csv" ? "text/csv" : "application/json";
  const anchor = e("a", { href: URL.createObjectURL(new Blob([table.file(whole, form)], { type: kind })), download: `result.${form}` });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
}

async function copyLink() {
  await address(editor.text);
  try {
    await navigator.clipboard.writeText(location.href);
    say("The link is on the clipboard.");
  } catch {
    say("The link is in the address bar.");
  }
}

/** Puts a statement into the editor. */
function use(sql, runs) {
  editor.text = sql;
  get("sql-form").scrollIntoView({ block: "nearest" });
  if (runs) run(sql);
  else editor.focus();
}

/** Reads the address: on opening, and when the visitor goes back. */
async function follow() {
  try {
    const state = await link.decode(location.hash);
    if (!state) return;
    editor.text = state.sql;
    await run(state.sql, { note: false });
    if (state.chart && result) offerChart(state.chart);
  } catch (error) {
    fail(error.message);
  }
}

/** Tables and columns as the page lists them. */
function listed() {
  const entries = [...document.querySelectorAll("#sql-tables [data-table]")].map((details) => [
    details.dataset.table,
    [...details.querySelectorAll("tbody tr")].map((row) => ({
      label: row.cells[0].textContent, detail: row.cells[1].textContent,
    })),
  ]);
  return Object.fromEntries(entries);
}

async function loadEditor() {
  const { mount } = await import(editorModule);
  const text = get("sql-text");
  const mounted = mount(get("sql-editor"), {
    text: text.value,
    label: "SQL statement",
    help: get("sql-help").textContent,
    tables: listed(),
    functions: [],
    onRun: () => run(editor.text),
    onChange: warm,
  });
  const had = document.activeElement === text;
  editor = mounted;
  text.closest(".field").hidden = true;
  get("sql-editor").hidden = false;
  if (had) editor.focus();
}

get("sql-form").addEventListener("submit", (event) => {
  event.preventDefault();
  run(editor.text);
});
get("sql-text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  run(editor.text);
});
get("sql-form").addEventListener("focusin", warm);
get("sql-stop").addEventListener("click", stop);
get("sql-explain").addEventListener("click", () => {
  const sql = editor.text.trim();
  run(/^explain\b/i.test(sql) ? sql : `EXPLAIN ${sql}`);
});
get("sql-copy").addEventListener("click", copyLink);
get("sql-csv").addEventListener("click", () => save("csv"));
get("sql-json").addEventListener("click", () => save("json"));
get("sql-previous").addEventListener("click", () => leaf(-1));
get("sql-next").addEventListener("click", () => leaf(1));
get("sql-chart-box").addEventListener("toggle", () => drawChart());
for (const id of ["chart-form", "chart-across", "chart-up"]) get(id).addEventListener("change", () => drawChart());
for (const button of document.querySelectorAll("[data-use]")) {
  button.addEventListener("click", () => use(get(button.dataset.use).textContent, true));
}
for (const button of document.querySelectorAll("[data-rows-of]")) {
  button.addEventListener("click", () => use(`SELECT * FROM ${button.dataset.rowsOf} LIMIT 100`, true));
}
addEventListener("popstate", follow);

// The editor is worth waiting for, but nobody waits for it: until then the text area does.
await loadEditor().catch(() => {});
await follow();
