// Groups of conditions: any of them, or none of them.
import { groupWords } from "./filters.js";

/** @import { Labels, State } from "./filters.js" */

const NEW = ["any", "none"];

/** Builds the groups of a state, from the values the form's own lists offer. */
export class Builder {
  /**
   * @param {HTMLElement} element
   * @param {HTMLSelectElement[]} selects Lists of the form, one per parameter.
   * @param {Labels} labels
   * @param {(change: (state: State) => State) => void} onChange
   */
  constructor(element, selects, labels, onChange) {
    this.element = element;
    this.selects = selects;
    this.labels = labels;
    [this.target, this.parameter, this.value] = element.querySelectorAll("select");
    this.parameter.append(
      ...selects.map((select) => new Option(labels.columns[select.dataset.column], select.name)),
    );
    // What is chosen here is no filter yet.
    element.addEventListener("input", (event) => event.stopPropagation());
    element.addEventListener("toggle", () => this.offer());
    this.parameter.addEventListener("change", () => this.offer());
    element.querySelector("button").addEventListener("click", () => {
      const [target, name] = [this.target.value, this.parameter.value];
      const option = this.value.selectedOptions[0];
      if (option) onChange((state) => added(state, target, name, option.value));
    });
  }

  /** Offers the groups there are. */
  show(/** @type {State} */ state) {
    const kept = this.target.value;
    this.target.replaceChildren(
      new Option("a new group: any of", NEW[0]),
      new Option("a new group: none of", NEW[1]),
      ...state.groups.map((group, at) => new Option(groupWords(this.labels, group), String(at))),
    );
    if ([...this.target.options].some(({ value }) => value === kept)) this.target.value = kept;
  }

  /** Offers the values of the chosen field, as the form has them at present. */
  offer() {
    const select = this.selects.find(({ name }) => name === this.parameter.value);
    const options = [...select.options].filter(
      ({ value, dataset }) => value !== "" && dataset.several === undefined,
    );
    this.value.replaceChildren(...options.map(({ text, value }) => new Option(text, value)));
  }
}

/** A state with one condition more. Option values that begin with NUL stand for a missing value. */
function added(state, target, name, text) {
  const value = text.startsWith("\u0000") ? null : text;
  const groups = structuredClone(state.groups);
  if (NEW.includes(target)) groups.push({ negated: target === NEW[1], chosen: {} });
  const group = NEW.includes(target) ? groups.at(-1) : groups[Number(target)];
  group.chosen[name] = [...new Set([...(group.chosen[name] ?? []), value])];
  return { ...state, groups, page: 1 };
}
