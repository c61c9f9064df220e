// The form of the explore page: state in, state out, counts beside the options.

/**
 * @typedef {object} State What a visitor has chosen; the module's link codec defines it.
 * @property {Record<string, (string | null)[]>} chosen Values by parameter; null is "missing".
 * @property {{ negated: boolean, chosen: Record<string, (string | null)[]> }[]} groups
 * @property {number | null} from
 * @property {number | null} to
 * @property {string} q
 * @property {string} text Words in narratives.
 * @property {{ south: number, west: number, north: number, east: number } | null} area
 * @property {string[]} cols Columns of the list; none means the usual ones.
 * @property {string} vs Link of the filter to compare with.
 * @property {{ by: string, desc: boolean }} sort
 * @property {string[]} by Columns, or `column:width` for bins.
 * @property {number} page
 * @property {"chart" | "map"} view
 * @property {{ latitude: number, longitude: number, zoom: number } | null} at What the map shows.
 *
 * @typedef {object} Labels
 * @property {Record<string, string>} columns Heading by column.
 * @property {Record<string, Record<string, string>>} codes Meaning by column and code.
 * @property {Record<string, string>} parameters Column by parameter.
 */

/** Option values that are no codes: a missing value, and several values at once. */
const MISSING = "\u0000missing";
const SEVERAL = "\u0000several";

const number = new Intl.NumberFormat("en-US");

/** What a reader sees for a value of a column. */
export function meaning(/** @type {Labels} */ labels, column, value) {
  if (value === null) return "not recorded";
  return labels.codes[column]?.[value] ?? String(value);
}

/** A grouping of the link: a column, or a number in bins. */
export function grouping(by) {
  const [column, width] = by.split(":");
  return { column, width: width ? Number(width) : undefined };
}

/** What a reader sees for a grouping. */
export function groupLabel(labels, by) {
  const { column, width } = grouping(by);
  const label = labels.columns[column];
  return width > 1 ? `${label}, in bins of ${width}` : label;
}

/** What a reader sees for a group. */
export function groupValue(labels, by, value) {
  const { column, width } = grouping(by);
  if (value === null || !width || width === 1) return meaning(labels, column, value);
  return `${number.format(value)} to ${number.format(value + width - 1)}`;
}

/** Conditions by parameter, in words. */
function conditions(labels, chosen, or) {
  return Object.entries(chosen).map(([parameter, values]) => {
    const column = labels.parameters[parameter];
    const words = values.map((value) => meaning(labels, column, value));
    return `${labels.columns[column]} is ${words.join(or)}`;
  });
}

/** A group, in words. */
export function groupWords(labels, { negated, chosen }) {
  return `${negated ? "none of" : "any of"}: ${conditions(labels, chosen, " or ").join(", ")}`;
}

/** A box of degrees, in words. */
function areaWords({ south, west, north, east }) {
  const latitude = (degrees) => `${Math.abs(degrees)}° ${degrees < 0 ? "S" : "N"}`;
  const longitude = (degrees) => `${Math.abs(degrees)}° ${degrees < 0 ? "W" : "E"}`;
  return `between ${latitude(south)} and ${latitude(north)}, ${longitude(west)} and ${longitude(east)}`;
}

/** A state, in words. */
export function stateWords(labels, /** @type {State} */ state) {
  const parts = conditions(labels, state.chosen, " or ");
  if (state.from !== null) parts.push(`year is ${state.from} or later`);
  if (state.to !== null) parts.push(`year is ${state.to} or earlier`);
  if (state.q) parts.push(`place, aircraft or number has each of “${state.q}”`);
  if (state.text) parts.push(`a narrative has each of ${state.text}`);
  if (state.area) parts.push(`the place lies ${areaWords(state.area)}`);
  parts.push(...state.groups.map((group) => groupWords(labels, group)));
  return parts.length ? `Aircraft in events where ${parts.join("; and ")}.` : "All aircraft in all events.";
}

/** The form of the explore page. */
export class Filters {
  /**
   * @param {HTMLFormElement} form
   * @param {HTMLElement} chips
   * @param {Labels} labels
   */
  constructor(form, chips, labels) {
    this.form = form;
    this.chips = chips;
    this.labels = labels;
    /** @type {HTMLSelectElement[]} */
    this.selects = [...form.querySelectorAll("select[data-column]")];
    for (const select of this.selects) {
      for (const option of select.options) option.dataset.label = option.textContent;
    }
  }

  /** Column by parameter, for those the form offers. */
  get columns() {
    return Object.fromEntries(this.selects.map((s) => [s.name, s.dataset.column]));
  }

  /** The state after what was changed in the form; back on its first page. */
  read(/** @type {State} */ state) {
    const chosen = { ...state.chosen };
    for (const { name, value } of this.selects) {
      if (value === SEVERAL) continue;
      if (value === "") delete chosen[name];
      else chosen[name] = [value === MISSING ? null : value];
    }
    const year = (name) => {
      const { value } = this.form.elements[name];
      return /^\d{4}$/.test(value) ? Number(value) : null;
    };
    const q = this.form.elements.q.value.trim();
    const text = this.form.elements.text.value.trim();
    return { ...state, chosen, from: year("from"), to: year("to"), q, text, page: 1 };
  }

  /** Shows a state that did not come from the form. */
  show(/** @type {State} */ state) {
    this.form.elements.from.value = state.from ?? "";
    this.form.elements.to.value = state.to ?? "";
    // What is being typed is newer than any state.
    for (const name of ["q", "text"]) {
      const field = this.form.elements[name];
      if (document.activeElement !== field) field.value = state[name];
    }
    for (const select of this.selects) {
      for (const option of select.querySelectorAll("[data-several]")) option.remove();
      const values = state.chosen[select.name] ?? [];
      if (values.length > 1) {
        const option = new Option(`${values.length} chosen`, SEVERAL);
        option.dataset.several = "";
        select.add(option, 1);
        select.value = SEVERAL;
      } else if (values.length === 1) {
        this.#offer(select, values[0]);
        select.value = values[0] ?? MISSING;
      } else {
        select.value = "";
      }
    }
    this.#showChips(state);
  }

  /** Puts counts beside the options and offers the values that occur. */
  count(facets, /** @type {State} */ state) {
    for (const select of this.selects) {
      const facet = facets.find(({ column }) => column === select.dataset.column);
      if (!facet) continue;
      const chosen = state.chosen[select.name] ?? [];
      const counts = new Map(facet.values.map(([value, n]) => [value ?? MISSING, n]));
      for (const option of [...select.options]) {
        const unused = !counts.has(option.value) && !chosen.includes(option.value);
        if (option.dataset.found !== undefined && unused) option.remove();
      }
      for (const [value] of facet.values) this.#offer(select, value === null ? null : String(value));
      this.#order(select, [...counts.keys()].map(String));
      for (const option of select.options) {
        if (option.value === "" || option.value === SEVERAL) continue;
        const count = counts.get(option.value) ?? 0;
        // A facet lists its most frequent values only; what it leaves out is not zero.
        const known = counts.has(option.value) || facet.distinct <= facet.values.length;
        const text = option.dataset.label + (known ? ` (${number.format(count)})` : "");
        // Thousands of options rarely change at once, and each change costs layout.
        if (option.text !== text) option.textContent = text;
      }
    }
  }

  /** Values that were found stand in the order of the answer, whatever was there before. */
  #order(select, values) {
    const at = new Map(values.map((value, position) => [value, position]));
    const place = (option) => at.get(option.value) ?? Infinity;
    const found = [...select.options].filter((option) => option.dataset.found !== undefined);
    const sorted = found.toSorted((a, b) => place(a) - place(b));
    if (sorted.every((option, position) => option === found[position])) return;
    const { value } = select;
    select.append(...sorted);
    select.value = value;
  }

  /** Makes sure that a value can be chosen. */
  #offer(select, value) {
    const key = value ?? MISSING;
    if ([...select.options].some((option) => option.value === key)) return;
    const label = meaning(this.labels, select.dataset.column, value);
    const option = new Option(label, key);
    option.dataset.label = label;
    option.dataset.found = "";
    select.add(option);
  }

  /** One button for each chosen value; pressing it takes the value away. */
  #showChips(/** @type {State} */ state) {
    const chips = [];
    const chip = (text, change) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.setAttribute("aria-label", `Remove ${text}`);
      button.addEventListener("click", () => {
        const detail = { ...change(structuredClone(state)), page: 1 };
        this.form.dispatchEvent(new CustomEvent("statechange", { detail }));
      });
      const item = document.createElement("li");
      item.append(button);
      chips.push(item);
    };
    if (state.from !== null) chip(`from ${state.from}`, (s) => ({ ...s, from: null }));
    if (state.to !== null) chip(`to ${state.to}`, (s) => ({ ...s, to: null }));
    if (state.q) chip(`“${state.q}”`, (s) => ({ ...s, q: "" }));
    if (state.text) chip(`narrative: ${state.text}`, (s) => ({ ...s, text: "" }));
    if (state.area) chip(areaWords(state.area), (s) => ({ ...s, area: null }));
    for (const [parameter, values] of Object.entries(state.chosen)) {
      const column = this.labels.parameters[parameter];
      for (const value of values) {
        const text = `${this.labels.columns[column]}: ${meaning(this.labels, column, value)}`;
        chip(text, (s) => {
          s.chosen[parameter] = s.chosen[parameter].filter((other) => other !== value);
          if (s.chosen[parameter].length === 0) delete s.chosen[parameter];
          return s;
        });
      }
    }
    state.groups.forEach((group, at) => {
      const words = groupWords(this.labels, group);
      chip(words, (s) => ({ ...s, groups: s.groups.filter((_, other) => other !== at) }));
    });
    if (state.vs) chip("comparison", (s) => ({ ...s, vs: "" }));
    this.chips.replaceChildren(...chips);
  }
}
