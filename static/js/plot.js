// Charts of the explore page: trends, columns and histograms, bars. Drawn in a millisecond or two,
// so that a hundred changes in a row never stop the page.
import { label, shape, ticks, widest } from "./svg.js";

/**
 * @typedef {object} Plot
 * @property {"trend" | "columns" | "histogram" | "bars"} kind
 * @property {string} heading What the groups are.
 * @property {string[]} names Of the two series.
 * @property {{ name: string, tick?: string, values: number[] }[]} groups `tick` stands below columns.
 * @property {boolean} isOther Whether the second series is another filter, not deaths.
 * @property {(at: number) => void} [onPick]
 */

const number = new Intl.NumberFormat("en-US");
const short = new Intl.NumberFormat("en-US", { notation: "compact" });

const HEIGHT = 340;
/** The longest label below a chart, in pixels. */
const ASLANT = 130;

/** @type {WeakMap<HTMLElement, Plot>} */
const plots = new WeakMap();
const observer = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.clientWidth !== Number(target.dataset.width)) draw(target);
  }
});

/** Shows a plot in an element, and again when the element changes its width. */
export function plot(/** @type {HTMLElement} */ element, /** @type {Plot} */ of) {
  const isNew = !plots.has(element);
  plots.set(element, of);
  draw(element);
  if (isNew) observer.observe(element);
}

function draw(element) {
  const of = plots.get(element);
  const width = element.clientWidth;
  element.dataset.width = width;
  element.dataset.kind = of.kind;
  if (width === 0) return;
  const svg = of.kind === "bars" ? bars(of, width) : upright(of, width);
  element.replaceChildren(legend(of), svg);
}

const series = (of, at) => `series-${at === 0 ? "first" : of.isOther ? "other" : "second"}`;

/** Stripes over the second series: a second cue beside its colour. */
function stripes() {
  const line = shape("path", { d: "M0 6L6 0", class: "stripe" });
  return shape("defs", {}, shape("pattern", { id: "stripes", width: 6, height: 6, patternUnits: "userSpaceOnUse" }, line));
}

function block(of, at, x, y, width, height) {
  const box = { x, y, width, height };
  return shape("g", { class: series(of, at) }, shape("rect", box),
    at === 1 ? shape("rect", { ...box, class: "striped", fill: "url(#stripes)" }) : null);
}

function legend(of) {
  const element = document.createElement("div");
  element.className = "plot-legend";
  of.names.forEach((name, at) => {
    const mark = shape("svg", { width: 22, height: 12, "aria-hidden": "true" },
      ...(of.kind === "trend" ? [shape("path", { d: "M0 6H22", class: `line ${series(of, at)}` }), dot(of, at, 11, 6)]
        : [stripes(), block(of, at, 3, 0, 14, 12)]));
    const item = document.createElement("span");
    item.append(mark, ` ${name}`);
    element.append(item);
  });
  return element;
}

function dot(of, at, x, y) {
  return at === 0 ? shape("circle", { class: `dot ${series(of, 0)}`, cx: x, cy: y, r: 3.2 })
    : shape("rect", { class: `dot ${series(of, 1)}`, x: x - 3, y: y - 3, width: 6, height: 6 });
}

/** The part of the chart that tells a group's numbers, and leads to its events. */
function target(of, at, box) {
  const { name, values } = of.groups[at];
  const words = of.names.map((series, i) => `${series}: ${number.format(values[i])}`).join(", ");
  const made = shape("rect", { ...box, class: "target" }, shape("title", {}, `${name}. ${words}`));
  if (of.onPick) {
    made.classList.add("leads");
    made.addEventListener("click", () => of.onPick(at));
  }
  return made;
}

/** Groups from left to right: points of lines, or columns. */
function upright(of, width) {
  const { groups } = of;
  const scale = ticks(Math.max(1, ...groups.flatMap(({ values }) => values)));
  const top = scale.at(-1);
  const ticksBelow = groups.map(({ name, tick = name }) => tick);
  const longest = widest(ticksBelow);
  const left = 14 + widest(scale.map((value) => short.format(value)));
  const step = (width - left - 8) / Math.max(1, groups.length);
  // Where not every label fits, every second, fifth, … is written; names stand aslant.
  const isAslant = of.kind === "columns" && longest > 40 && longest > step;
  const every = [1, 2, 5, 10, 20, 50].find((n) => n * step >= (isAslant ? 18 : longest + 6)) ?? 100;
  const bottom = (isAslant ? Math.min(ASLANT, longest) * 0.62 + 18 : 22) + 22;
  const high = HEIGHT - bottom - 10;
  const y = (value) => 10 + high * (1 - value / top);
  const parts = [stripes()];
  for (const value of scale) {
    parts.push(shape("path", { class: "grid", d: `M${left} ${y(value)}H${width - 8}` }),
      shape("text", { x: left - 6, y: y(value) + 4, class: "end" }, short.format(value)));
  }
  const middle = (at) => left + step * (at + 0.5);
  ticksBelow.forEach((text, at) => {
    if (at % every !== 0) return;
    const [x, base] = [middle(at), 10 + high + 16];
    parts.push(label(text, isAslant
      ? { x, y: base - 2, class: "end", transform: `rotate(-38 ${x} ${base - 2})` }
      : { x, y: base, class: "middle" }, ASLANT));
  });
  parts.push(shape("text", { x: left + (width - left) / 2, y: HEIGHT - 4, class: "middle soft" }, of.heading));
  if (of.kind === "trend") {
    for (const at of [1, 0]) {
      const line = groups.map(({ values }, i) => `${i === 0 ? "M" : "L"}${middle(i)} ${y(values[at])}`).join("");
      parts.push(shape("path", { d: line, class: `line ${series(of, at)}` }));
      if (step > 9) parts.push(...groups.map(({ values }, i) => dot(of, at, middle(i), y(values[at]))));
    }
  } else {
    const gap = of.kind === "histogram" ? 0.04 : 0.22;
    const wide = (step * (1 - gap)) / 2;
    groups.forEach(({ values }, i) => values.forEach((value, at) => {
      const height = Math.max(value > 0 ? 1 : 0, (high * value) / top);
      parts.push(block(of, at, left + step * (i + gap / 2) + wide * at, 10 + high - height, wide, height));
    }));
  }
  parts.push(...groups.map((_, at) => target(of, at, { x: left + step * at, y: 10, width: step, height: high })));
  return shape("svg", { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, class: "plot" }, ...parts);
}

/** Groups from top to bottom, with room for long names. */
function bars(of, width) {
  const { groups } = of;
  const row = 30;
  const left = Math.min(width * 0.42, widest(groups.map(({ name }) => name)) + 12);
  const most = Math.max(1, ...groups.flatMap(({ values }) => values));
  const room = width - left - 60;
  const height = groups.length * row + 8;
  const parts = [stripes()];
  groups.forEach(({ name, values }, i) => {
    const y = i * row + 6;
    parts.push(label(name, { x: left - 8, y: y + 15, class: "end" }, left - 10));
    values.forEach((value, at) => {
      const long = Math.max(value > 0 ? 1 : 0, (room * value) / most);
      parts.push(block(of, at, left, y + at * 11, long, 10),
        shape("text", { x: left + long + 5, y: y + at * 11 + 9, class: "small" }, number.format(value)));
    });
    parts.push(target(of, i, { x: 0, y: y - 3, width, height: row }));
  });
  return shape("svg", { width, height, viewBox: `0 0 ${width} ${height}`, class: "plot" }, ...parts);
}
