// What the explore page shows of an answer: list, groups and chart.
import { draw } from "./charts.js";
import { meaning } from "./filters.js";

/** @import { Labels, State } from "./filters.js" */

const number = new Intl.NumberFormat("en-US");

/** Columns of the list, in order; the rest of an answer serves other purposes. */
const LIST = [
  "ev_date", "ntsb_no", "ev_city", "ev_state", "regis_no", "acft_make", "acft_model",
  "phase", "occurrence", "damage", "ev_highest_injury", "fatalities",
];

/** Columns set in a special way; see the style sheet. */
const KINDS = { ev_date: "unbroken", ntsb_no: "unbroken", regis_no: "unbroken", fatalities: "num" };

/** Bars a reader can still compare. */
const BARS = 30;

/** A second cue beside colour, as in the charts that come with the pages. */
const HATCHED = {
  shape: "/", fillmode: "overlay", fgcolor: "var(--paper)", fgopacity: 0.5, size: 7, solidity: 0.2,
};

/** Columns whose order is their own; the others are ordered by count. */
const ORDERED = ["ev_year", "ev_month"];

function cell(tag, content, kind) {
  const element = document.createElement(tag);
  element.append(content);
  if (kind) element.className = kind;
  return element;
}

function row(cells) {
  const element = document.createElement("tr");
  element.append(...cells);
  return element;
}

/** A value as text or, where it leads somewhere, as link. */
function content(labels, column, value) {
  if (value === null) return "–";
  if (column === "ntsb_no") {
    const link = document.createElement("a");
    link.href = `../event/?id=${encodeURIComponent(value)}`;
    link.textContent = value;
    return link;
  }
  const text = typeof value === "number" ? number.format(value) : meaning(labels, column, value);
  if (column !== "ev_highest_injury") return text;
  const mark = document.createElement("span");
  mark.className = `mark ${value.toLowerCase()}`;
  mark.setAttribute("aria-hidden", "true");
  const both = document.createElement("span");
  both.className = "marked";
  both.append(mark, text);
  return both;
}

/**
 * The list of aircraft with headings that sort.
 * @param {HTMLTableElement} table
 * @param {{ columns: { name: string }[], rows: any[][] }} answer
 * @param {State} state
 * @param {Labels} labels
 * @param {(column: string) => void} onSort
 */
export function showList(table, answer, state, labels, onSort) {
  const positions = LIST.map((name) => answer.columns.findIndex((c) => c.name === name));
  const focused = table.tHead.contains(document.activeElement)
    ? document.activeElement.dataset.column
    : undefined;
  const headings = LIST.map((name) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.column = name;
    button.textContent = labels.columns[name];
    button.addEventListener("click", () => onSort(name));
    const heading = cell("th", button, KINDS[name]);
    heading.scope = "col";
    if (state.sort.by === name) {
      heading.setAttribute("aria-sort", state.sort.desc ? "descending" : "ascending");
      const arrow = cell("span", state.sort.desc ? "▼" : "▲");
      arrow.setAttribute("aria-hidden", "true");
      button.append(arrow);
    }
    return heading;
  });
  table.tHead.replaceChildren(row(headings));
  table.tBodies[0].replaceChildren(
    ...answer.rows.map((values) =>
      row(
        LIST.map((name, i) =>
          cell("td", content(labels, name, values[positions[i]]), KINDS[name]),
        ),
      ),
    ),
  );
  if (focused) table.tHead.querySelector(`[data-column="${focused}"]`)?.focus();
}

/**
 * Events and deaths by group, as chart and table.
 * @param {{ title: HTMLElement, chart: HTMLElement, table: HTMLTableElement }} place
 * @param {{ columns: { name: string }[], rows: any[][] }} answer Group columns, events, deaths.
 * @param {State} state
 * @param {Labels} labels
 */
export function showGroups(place, answer, state, labels) {
  const column = state.by[0];
  const width = state.by.length;
  const groups = answer.rows.map((values) => ({
    name: state.by.map((by, i) => meaning(labels, by, values[i])).join(" · "),
    events: values[width],
    deaths: values[width + 1] ?? 0,
  }));
  const ordered = ORDERED.includes(column);
  if (!ordered) groups.sort((a, b) => b.events - a.events);
  const heading = state.by.map((by) => labels.columns[by]).join(" and ");
  const cut = !ordered && groups.length > BARS;
  place.title.textContent =
    `Events by ${heading.toLowerCase()}` + (cut ? ` (chart: the ${BARS} most frequent)` : "");

  place.table.tHead.replaceChildren(
    row([cell("th", heading), cell("th", "Events", "num"), cell("th", "Deaths", "num")]),
  );
  for (const th of place.table.tHead.rows[0].cells) th.scope = "col";
  place.table.tBodies[0].replaceChildren(
    ...groups.map(({ name, events, deaths }) =>
      row([
        cell("td", name),
        cell("td", number.format(events), "num"),
        cell("td", number.format(deaths), "num"),
      ]),
    ),
  );

  const shown = cut ? groups.slice(0, BARS) : groups;
  const bar = (name, pick, token, pattern) => ({
    type: "bar",
    name,
    x: shown.map((group) => group.name),
    y: shown.map(pick),
    marker: { color: `var(${token})`, pattern },
  });
  return draw(place.chart, {
    data: [
      bar("Events", (group) => group.events, "--accent"),
      bar("Deaths", (group) => group.deaths, "--fatl", HATCHED),
    ],
    layout: {
      barmode: "group",
      height: 360,
      margin: { t: 8, r: 8, b: 48, l: 56 },
      legend: { orientation: "h", y: 1, yanchor: "bottom" },
      xaxis: {
        type: "category", automargin: true, fixedrange: true, showgrid: false,
        title: { text: heading },
      },
      yaxis: { automargin: true, fixedrange: true, separatethousands: true },
    },
  });
}
