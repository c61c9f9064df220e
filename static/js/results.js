// What the explore page shows of an answer: list, groups and chart.
import { draw } from "./charts.js";
import { groupLabel, groupValue, grouping, meaning } from "./filters.js";
import { visible } from "./visible.js";

/** @import { Labels, State } from "./filters.js" */

const number = new Intl.NumberFormat("en-US");

/** Columns of the list unless others are chosen; the rest of an answer serves other purposes. */
export const LIST = [
  "ev_date", "ntsb_no", "ev_city", "ev_state", "regis_no", "acft_make", "acft_model",
  "phase", "occurrence", "damage", "ev_highest_injury", "fatalities",
];

/** Columns set in a special way; see the style sheet. */
const KINDS = { ev_date: "unbroken", ntsb_no: "unbroken", regis_no: "unbroken", fatalities: "num" };

/** Bars a reader can still compare. */
const BARS = 30;

/** Rows and columns a cross-tab has at most. */
const CROSSED = 40;

/** A second cue beside colour, as in the charts that come with the pages. */
const HATCHED = {
  shape: "/", fillmode: "overlay", fgcolor: "var(--paper)", fgopacity: 0.5, size: 7, solidity: 0.2,
};

/** Columns whose order is their own; the others are ordered by count. */
const ORDERED = ["ev_year", "ev_month"];

function cell(tag, content, kind) {
  const element = document.createElement(tag);
  element.append(typeof content === "string" ? visible(content) : content);
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
  const shown = state.cols.length ? state.cols : LIST;
  const positions = shown.map((name) => answer.columns.findIndex((c) => c.name === name));
  const focused = table.tHead.contains(document.activeElement)
    ? document.activeElement.dataset.column
    : undefined;
  const headings = shown.map((name) => {
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
        shown.map((name, i) =>
          cell("td", content(labels, name, values[positions[i]]), KINDS[name]),
        ),
      ),
    ),
  );
  if (focused) table.tHead.querySelector(`[data-column="${focused}"]`)?.focus();
}

/** Groups by name, in an order a reader can follow. */
function ordered(groups, by) {
  const { column, width } = grouping(by);
  if (!width && !ORDERED.includes(column)) groups.sort((a, b) => b.events - a.events);
  return groups;
}

/**
 * Events and deaths by group, as chart and table; with a comparison, events of both.
 * @param {{ title: HTMLElement, chart: HTMLElement, table: HTMLTableElement }} place
 * @param {{ columns: { name: string }[], rows: any[][] }} answer Group, events, deaths.
 * @param {State} state
 * @param {Labels} labels
 * @param {{ rows: any[][] }} [other] The same of the filter to compare with.
 */
export function showGroups(place, answer, state, labels, other) {
  const by = state.by[0];
  const numbers = new Map();
  const take = (rows, events, deaths) => {
    for (const [value, ...counts] of rows) {
      const group = numbers.get(value) ?? { value, name: groupValue(labels, by, value), events: 0, second: 0 };
      group[events] = counts[0];
      if (deaths) group[deaths] = counts[1] ?? 0;
      numbers.set(value, group);
    }
  };
  take(answer.rows, "events", other ? undefined : "second");
  if (other) {
    take(other.rows, "second");
  }
  const known = [...numbers.values()];
  if (other) known.sort((a, b) => (a.value === null) - (b.value === null) || (a.value > b.value ? 1 : -1));
  const groups = ordered(known, by);
  const names = other ? ["This filter", "Compared with"] : ["Events", "Deaths"];
  const heading = groupLabel(labels, by);
  const cut = groups.length > BARS && !ORDERED.includes(by);
  place.title.textContent =
    `Events by ${heading.toLowerCase()}` + (cut ? ` (chart: the first ${BARS})` : "");

  place.table.tHead.replaceChildren(
    row([cell("th", heading), ...names.map((name) => cell("th", name, "num"))]),
  );
  for (const th of place.table.tHead.rows[0].cells) th.scope = "col";
  place.table.tBodies[0].replaceChildren(
    ...groups.map(({ name, events, second }) =>
      row([
        cell("td", name),
        cell("td", number.format(events), "num"),
        cell("td", number.format(second), "num"),
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
      bar(names[0], (group) => group.events, "--accent"),
      bar(names[1], (group) => group.second, other ? "--ink" : "--fatl", HATCHED),
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

/**
 * Events by two things at once, as a table whose cells are shaded by their count.
 * @param {{ title: HTMLElement, cross: HTMLTableElement }} place
 * @param {{ rows: any[][] }} answer Two group columns, events, deaths.
 * @param {State} state
 * @param {Labels} labels
 */
export function showCrossTab(place, answer, state, labels) {
  const counts = new Map();
  const totals = [new Map(), new Map()];
  for (const [first, second, events] of answer.rows) {
    counts.set(JSON.stringify([first, second]), events);
    [first, second].forEach((value, side) =>
      totals[side].set(value, (totals[side].get(value) ?? 0) + events),
    );
  }
  const sides = totals.map((total, side) =>
    ordered([...total].map(([value, events]) => ({ value, events })), state.by[side]).slice(0, CROSSED),
  );
  const most = Math.max(1, ...counts.values());
  const headings = state.by.map((by) => groupLabel(labels, by));
  place.title.textContent = `Events by ${headings.join(" and ").toLowerCase()}`;
  const names = (side) => sides[side].map(({ value }) => groupValue(labels, state.by[side], value));
  const scoped = (element, scope) => Object.assign(element, { scope });
  const corner = scoped(cell("th", headings[0]), "col");
  const across = names(1).map((name) => scoped(cell("th", name, "num"), "col"));
  place.cross.tHead.replaceChildren(row([corner, ...across]));
  const down = names(0);
  place.cross.tBodies[0].replaceChildren(
    ...sides[0].map((first, at) => {
      const cells = sides[1].map((second) => {
        const events = counts.get(JSON.stringify([first.value, second.value])) ?? 0;
        const shaded = cell("td", events ? number.format(events) : "–", "num");
        shaded.style.setProperty("--share", `${Math.round((45 * events) / most)}%`);
        return shaded;
      });
      return row([scoped(cell("th", down[at]), "row"), ...cells]);
    }),
  );
}
