// Rows of a result: page by page in a table, and as files.
import { element as e } from "./dom.js";

/** Rows shown at once. */
export const PAGE = 100;

const number = new Intl.NumberFormat("en-US", { maximumFractionDigits: 6, useGrouping: false });

/** A value as a reader sees it: numbers without the noise of their last digits. */
function shown(value) {
  if (value === null) return "–";
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : number.format(value);
  return String(value);
}

/**
 * Fills a table with one page of rows.
 * @param {HTMLTableElement} table
 * @param {{ columns: { name: string, kind: string }[], rows: any[][] }} result
 * @param {number} first
 */
export function show(table, { columns, rows }, first) {
  const kind = (column) => (column.kind === "number" ? "num" : column.kind === "date" ? "unbroken" : "");
  const heads = columns.map((column) =>
    e("th", { scope: "col", class: kind(column), title: column.type ?? "" }, column.name));
  table.tHead.replaceChildren(e("tr", {}, ...heads));
  const cell = (value, at) => {
    const plan = typeof value === "string" && value.includes("\n") ? "lines" : kind(columns[at]);
    return e("td", { class: value === null ? `${plan} missing` : plan }, shown(value));
  };
  table.tBodies[0].replaceChildren(
    ...rows.slice(first, first + PAGE).map((row) => e("tr", {}, ...row.map(cell))));
}

/** Names that are not there twice, so that no value of a record is lost. */
function unique(columns) {
  const seen = new Map();
  return columns.map(({ name }) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name}_${times}`;
  });
}

/** A result as text of a file: `csv` or `json`. */
export function file({ columns, rows }, form) {
  const names = unique(columns);
  if (form === "json") {
    return JSON.stringify(rows.map((row) => Object.fromEntries(row.map((value, at) => [names[at], value]))), null, 1);
  }
  const field = (value) => {
    const text = value === null ? "" : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [names, ...rows].map((row) => row.map(field).join(",")).join("\r\n") + "\r\n";
}
