// A result as a chart: one column across, one up. The table below it has the same numbers.
import { draw } from "./charts.js";

/** Points a chart can show and a reader can still tell apart. */
const POINTS = 2000;

const forms = {
  bars: { type: "bar", marker: { color: "var(--accent)" } },
  line: { type: "scatter", mode: "lines+markers", line: { color: "var(--accent)" }, marker: { color: "var(--accent)" } },
  points: { type: "scatter", mode: "markers", marker: { color: "var(--accent)", opacity: 0.7 } },
};

/** Columns to begin with: the first that is not measured across, the last number up. */
export function suggest(columns) {
  const numbers = columns.filter(({ kind }) => kind === "number");
  const up = numbers.at(-1);
  if (!up || columns.length < 2) return undefined;
  const across = columns.find((column) => column !== up);
  return { form: across.kind === "number" || across.kind === "date" ? "line" : "bars", across: across.name, up: up.name };
}

/**
 * @param {HTMLElement} place
 * @param {{ columns: { name: string }[], rows: any[][] }} result
 * @param {{ form: string, across: string, up: string }} chart
 * @returns {Promise<string>} What a reader must know about it.
 */
export async function show(place, { columns, rows }, { form, across, up }) {
  const at = (name) => columns.findIndex((column) => column.name === name);
  const [x, y] = [at(across), at(up)];
  const drawn = rows.filter((row) => row[y] !== null).slice(0, POINTS);
  const isText = columns[x].kind !== "number" && columns[x].kind !== "date";
  await draw(place, {
    data: [{
      ...(forms[form] ?? forms.bars),
      x: drawn.map((row) => row[x] ?? "(missing)"),
      y: drawn.map((row) => Number(row[y])),
    }],
    layout: {
      height: 380,
      margin: { l: 64, r: 12, t: 12, b: isText ? 110 : 48 },
      xaxis: { title: { text: across }, ...(isText ? { type: "category" } : {}), automargin: true },
      yaxis: { title: { text: up }, rangemode: "tozero", automargin: true },
      showlegend: false,
    },
  });
  const left = rows.length - drawn.length;
  return left > 0 ? `${left} rows are not drawn: without a value, or beyond the first ${POINTS}.` : "";
}
