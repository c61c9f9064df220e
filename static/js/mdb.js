// A visitor's own MDB file: its tables, rows and the reader's report. Nothing is uploaded.
import { Client } from "./client.js";
import { cell, row } from "./dom.js";

const ROWS = 50;

/** Characters of a cell that are shown; the CSV file has all of them. */
const LONGEST = 2_000;

const number = new Intl.NumberFormat("en-US");
const element = (id) => document.getElementById(id);
const { module, worker } = element("mdb").dataset;
const client = new Client(worker);

/** The table shown, and how many of its rows are above. */
let shown = { name: "", offset: 0, rows: 0 };

function say(text, isError = false) {
  element("mdb-status").textContent = text;
  element("mdb-status").className = isError ? "caution" : "";
}

/** The beginning of a text that is longer than a table should show. */
function shortened(text) {
  if (text.length <= LONGEST) return text;
  return `${text.slice(0, LONGEST)} … (${number.format(text.length)} characters)`;
}

/** Runs an action and says what went wrong. */
async function attempt(action) {
  try {
    await action();
  } catch (error) {
    say(`${error.message[0].toUpperCase()}${error.message.slice(1)}.`, true);
  }
}

function heading(names) {
  return row(names.map((name) => Object.assign(cell("th", name), { scope: "col" })));
}

async function open(file) {
  element("mdb-tables").hidden = true;
  element("mdb-table").hidden = true;
  say(`Reading ${file.name}…`);
  const tables = await client.call("mdb", { module, file, what: "tables" });
  element("mdb-list").tHead.replaceChildren(heading(["Table", "Rows claimed", "Columns"]));
  element("mdb-list").tBodies[0].replaceChildren(
    ...tables.map(({ name, rows, columns, error }) => {
      const button = Object.assign(document.createElement("button"), {
        type: "button", className: "quiet", textContent: name, disabled: error !== null,
      });
      button.addEventListener("click", () => attempt(() => show(name, 0)));
      const count = rows === null ? error : number.format(rows);
      return row([cell("td", button), cell("td", count, "num"), cell("td", String(columns.length), "num")]);
    }),
  );
  element("mdb-tables").hidden = false;
  const megabytes = (file.size / 1e6).toFixed(1);
  say(`${file.name}, ${megabytes} MB: ${number.format(tables.length)} tables. It stays on this device.`);
}

async function show(name, offset) {
  const { columns, rows } = await client.call("mdb", { module, what: "rows", args: [name, offset, ROWS] });
  shown = { name, offset, rows: rows.length };
  element("mdb-name").textContent = name;
  element("mdb-rows").tHead.replaceChildren(heading(columns));
  element("mdb-rows").tBodies[0].replaceChildren(
    ...rows.map((values) => row(values.map((value) => cell("td", shortened(String(value ?? "–")))))),
  );
  const last = number.format(offset + rows.length);
  element("mdb-page").textContent = rows.length
    ? `Rows ${number.format(offset + 1)} to ${last}`
    : "No more rows";
  element("mdb-previous").disabled = offset === 0;
  element("mdb-next").disabled = rows.length < ROWS;
  element("mdb-report").textContent = "";
  element("mdb-table").hidden = false;
  element("mdb-name").scrollIntoView({ block: "nearest" });
}

async function report() {
  const { name } = shown;
  element("mdb-report").textContent = "Reading every page…";
  const found = await client.call("mdb", { module, what: "report", args: [name] });
  const counted = [
    [found.rows, "rows read"],
    [found.claimed, "rows claimed by the file"],
    [found.bad_rows, "rows that make no sense"],
    [found.bad_pages, "pages missing or damaged"],
    [found.bad_cells, "cells unreadable"],
    [found.lossy_text, "texts with unreadable characters"],
  ].map(([count, what]) => `${number.format(count)} ${what}`);
  const whole = found.rows === found.claimed && found.bad_rows + found.bad_pages + found.bad_cells === 0;
  element("mdb-report").textContent = `${whole ? "Whole" : "Not whole"}: ${counted.join("; ")}.`;
}

async function download() {
  const { name } = shown;
  const csv = await client.call("mdb", { module, what: "csv", args: [name] });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([csv], { type: "text/csv" }));
  link.download = `${name}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const drop = element("mdb-drop");
element("mdb-file").addEventListener("change", ({ target }) => {
  if (target.files[0]) attempt(() => open(target.files[0]));
});
for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", kind === "dragenter" || kind === "dragover");
    if (kind === "drop" && event.dataTransfer.files[0]) attempt(() => open(event.dataTransfer.files[0]));
  });
}
element("mdb-previous").addEventListener("click", () =>
  attempt(() => show(shown.name, Math.max(0, shown.offset - ROWS))),
);
element("mdb-next").addEventListener("click", () => attempt(() => show(shown.name, shown.offset + ROWS)));
element("mdb-check").addEventListener("click", () => attempt(report));
element("mdb-csv").addEventListener("click", () => attempt(download));
