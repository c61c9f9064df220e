// What the explore page shows of the groups of an answer: chart or heat map, and their tables.
import { cell, row } from "./dom.js";
import { groupLabel, groupValue, grouping } from "./filters.js";
import { heat } from "./heat.js";
import { plot } from "./plot.js";

/** @import { Labels, State } from "./filters.js" */

const number = new Intl.NumberFormat("en-US");

/** Bars a reader can still compare. */
const BARS = 30;

/** Rows and columns a cross-tab has at most: of kinds, and of what has an order. */
const CROSSED = 40;
const CROSSED_ORDERED = 80;

/** Bins, or years, between the first and the last that are drawn though nothing is in them. */
const FILLED = 200;

/** Columns whose order is their own; the others are ordered by count. */
const ORDERED = ["ev_year", "ev_month", "ev_hour", "ev_dow"];

/** Days of the week as the NTSB codes them, in their order. */
const DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/** Groups in an order a reader can follow: their own, or by count; missing values come last. */
function ordered(groups, by) {
  const { column, width } = grouping(by);
  const rank = (value) => (column === "ev_dow" ? DAYS.indexOf(String(value).toUpperCase()) : value);
  const isOrdered = width || ORDERED.includes(column);
  return groups.sort((a, b) => {
    if ((a.value === null) !== (b.value === null) && isOrdered) return a.value === null ? 1 : -1;
    return isOrdered ? rank(a.value) - rank(b.value) : b.events - a.events;
  });
}

function kindOf(by) {
  const { column, width } = grouping(by);
  if (width) return "histogram";
  if (column === "ev_year") return "trend";
  return ORDERED.includes(column) ? "columns" : "bars";
}

/** Years and bins in which nothing happened are zeros of the chart, not gaps. */
function filled(groups, by, labels) {
  const { column, width = 1 } = grouping(by);
  const known = groups.filter(({ value }) => value !== null);
  const isNumber = known.length > 0 && known.every(({ value }) => typeof value === "number");
  if (!isNumber || column === "ev_dow") return groups;
  const [first, last] = [known[0].value, known.at(-1).value];
  if ((last - first) / width > FILLED) return groups;
  const found = new Map(known.map((group) => [group.value, group]));
  const all = [];
  for (let value = first; value <= last; value += width) {
    all.push(found.get(value) ?? { value, name: groupValue(labels, by, value), events: 0, second: 0 });
  }
  return [...all, ...groups.filter(({ value }) => value === null)];
}

/** What a table offers to choose: for those who cannot click into the chart. */
function choice(text, onChosen) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "link", textContent: text });
  button.addEventListener("click", onChosen);
  return button;
}

/**
 * Events and deaths by group, as chart and table; with a comparison, events of both.
 * @param {{ title: HTMLElement, chart: HTMLElement, table: HTMLTableElement }} place
 * @param {{ columns: { name: string }[], rows: any[][] }} answer Group, events, deaths.
 * @param {State} state
 * @param {Labels} labels
 * @param {{ rows: any[][] } | undefined} other The same of the filter to compare with.
 * @param {((column: string, value: any) => void)} onPick Chooses what a group has in common.
 */
export function showGroups(place, answer, state, labels, other, onPick) {
  const by = state.by[0];
  const { column, width } = grouping(by);
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
  if (other) take(other.rows, "second");
  const groups = ordered([...numbers.values()], by);
  const names = other ? ["This filter", "Compared with"] : ["Events", "Deaths"];
  const heading = groupLabel(labels, by);
  const kind = kindOf(by);
  const cut = kind === "bars" && groups.length > BARS;
  place.title.textContent =
    `Events by ${heading.toLowerCase()}` + (cut ? ` (chart: the first ${BARS})` : "");

  const leads = !width && Object.values(labels.parameters).includes(column);
  const pick = leads ? (value) => onPick(column, value) : undefined;
  place.table.tHead.replaceChildren(
    row([cell("th", heading), ...names.map((name) => cell("th", name, "num"))]),
  );
  for (const th of place.table.tHead.rows[0].cells) th.scope = "col";
  place.table.tBodies[0].replaceChildren(
    ...groups.map(({ value, name, events, second }) => {
      return row([
        cell("td", pick ? choice(name, () => pick(value)) : name),
        cell("td", number.format(events), "num"),
        cell("td", number.format(second), "num"),
      ]);
    }),
  );

  const drawn = kind === "bars" ? groups.slice(0, BARS) : filled(groups, by, labels);
  // A line through “not recorded” would mean nothing; the table has it.
  const shown = kind === "trend" ? drawn.filter(({ value }) => value !== null) : drawn;
  plot(place.chart, {
    kind, heading, names, isOther: other !== undefined,
    groups: shown.map(({ value, name, events, second }) =>
      // Below a bin stands where it begins.
      ({ name, tick: kind === "histogram" && value !== null ? number.format(value) : name, values: [events, second] })),
    onPick: pick && ((at) => pick(shown[at].value)),
  });
}

/**
 * Events by two things at once, as heat map and as a table whose cells are shaded by their count.
 * @param {{ title: HTMLElement, heat: HTMLElement, cross: HTMLTableElement }} place
 * @param {{ rows: any[][] }} answer Two group columns, events, deaths.
 * @param {State} state
 * @param {Labels} labels
 * @param {(pairs: [string, any][]) => void} onPick Chooses what a cell has in common.
 */
export function showCrossTab(place, answer, state, labels, onPick) {
  const counts = new Map();
  const totals = [new Map(), new Map()];
  for (const [first, second, events] of answer.rows) {
    counts.set(JSON.stringify([first, second]), events);
    [first, second].forEach((value, side) =>
      totals[side].set(value, (totals[side].get(value) ?? 0) + events),
    );
  }
  const limits = state.by.map((by) => (kindOf(by) === "bars" ? CROSSED : CROSSED_ORDERED));
  const sides = totals.map((total, side) =>
    ordered([...total].map(([value, events]) => ({ value, events })), state.by[side]).slice(0, limits[side]),
  );
  const grid = sides[0].map((first) =>
    sides[1].map((second) => counts.get(JSON.stringify([first.value, second.value])) ?? 0));
  const most = Math.max(1, ...grid.flat());
  const headings = state.by.map((by) => groupLabel(labels, by));
  const cut = limits.filter((limit, side) => totals[side].size > limit);
  place.title.textContent = `Events by ${headings.join(" and ").toLowerCase()}` +
    (cut.length > 0 ? ` (the first ${cut.join(" and ")})` : "");
  const names = (side) => sides[side].map(({ value }) => groupValue(labels, state.by[side], value));
  const [down, across] = [names(0), names(1)];
  const scoped = (element, scope) => Object.assign(element, { scope });
  const corner = scoped(cell("th", headings[0]), "col");
  place.cross.tHead.replaceChildren(
    row([corner, ...across.map((name) => scoped(cell("th", name, "num"), "col"))]));
  const pick = (first, second) =>
    onPick([[state.by[0], sides[0][first].value], [state.by[1], sides[1][second].value]]);
  place.cross.tBodies[0].replaceChildren(
    ...grid.map((events, at) =>
      row([scoped(cell("th", down[at]), "row"), ...events.map((count, column) => {
        const choose = () => choice(number.format(count), () => pick(at, column));
        const shaded = cell("td", count ? choose() : "–", "num");
        shaded.style.setProperty("--share", `${Math.round((45 * count) / most)}%`);
        return shaded;
      })])),
  );
  heat(place.heat, { down, across, counts: grid, onPick: pick });
}
