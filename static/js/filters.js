// The form of the explore page: state in, state out, counts beside the options.

/**
 * @typedef {object} State What a visitor has chosen; the module's link codec defines it.
 * @property {Record<string, (string | null)[]>} chosen Values by parameter; null is "missing".
 * @property {number | null} from
 * @property {number | null} to
 * @property {string} q
 * @property {{ by: string, desc: boolean }} sort
 * @property {string[]} by
 * @property {number} page
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
    return { ...state, chosen, from: year("from"), to: year("to"), q, page: 1 };
  }

  /** Shows a state that did not come from the form. */
  show(/** @type {State} */ state) {
    this.form.elements.from.value = state.from ?? "";
    this.form.elements.to.value = state.to ?? "";
    // What is being typed is newer than any state.
    if (document.activeElement !== this.form.elements.q) this.form.elements.q.value = state.q;
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
      for (const option of select.options) {
        if (option.value === "" || option.value === SEVERAL) continue;
        const count = counts.get(option.value) ?? 0;
        // A facet lists its most frequent values only; what it leaves out is not zero.
        const known = counts.has(option.value) || facet.distinct <= facet.values.length;
        option.textContent = option.dataset.label + (known ? ` (${number.format(count)})` : "");
      }
    }
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
    this.chips.replaceChildren(...chips);
  }
}
