// What the reports found can be narrowed down to, with how many there are of each.
import { element as e } from "./dom.js";

const number = new Intl.NumberFormat("en-US");

const INJURIES = { FATL: "Fatal", SERS: "Serious", MINR: "Minor", NONE: "None", "": "Not recorded" };

/** Values shown of a facet before the others are asked for. */
const SHOWN = 8;

/** The boxes beside the results. */
export class Facets {
  /**
   * @param {HTMLElement} place
   * @param {() => void} changed
   */
  constructor(place, changed) {
    this.place = place;
    // Where results stand beside it there is room for it.
    place.open = matchMedia("(min-width: 56rem)").matches;
    /** Values by facet, as they stand in addresses. */
    this.values = { severity: new Set(), state: new Set(), year: new Set() };
    /** Facets whose values are all shown. */
    this.whole = new Set();
    place.addEventListener("change", ({ target }) => {
      const values = this.values[target.name];
      if (target.checked) values.add(target.value);
      else values.delete(target.value);
      changed();
    });
    place.addEventListener("click", ({ target }) => {
      if (!target.dataset.whole) return;
      this.whole.add(target.dataset.whole);
      changed();
    });
  }

  /** @param {URLSearchParams} asked */
  read(asked) {
    for (const name of Object.keys(this.values)) this.values[name] = new Set(asked.getAll(name));
  }

  /** @param {URLSearchParams} asked */
  write(asked) {
    for (const [name, values] of Object.entries(this.values)) {
      for (const value of [...values].sort()) asked.append(name, value);
    }
  }

  /** What is chosen, in the numbers of the index. @param {import("./search-index.js").Manifest} manifest */
  chosen(manifest) {
    const codes = manifest.states.map(([code]) => code);
    const known = (values, of) => new Set([...values].map(of).filter((at) => at >= 0));
    const year = (text) => (/^\d{4}$/.test(text) ? Number(text) - manifest.year_zero : text === "none" ? 0 : -1);
    return {
      severities: known(this.values.severity, (code) => manifest.severities.indexOf(code === "none" ? "" : code)),
      states: known(this.values.state, (code) => codes.indexOf(code === "none" ? "" : code)),
      years: known(this.values.year, year),
    };
  }

  /** Shows the counts. */
  show(manifest, counts, any) {
    const list = (of, name) => Array.from(of, (count, at) => ({ ...name(at), count }));
    const focused = document.activeElement?.closest?.("#search-facets input");
    const same = focused && [focused.name, focused.value];
    this.place.hidden = !any;
    this.place.lastElementChild.replaceChildren(
      this.#facet("severity", "Highest injury", list(counts.severities.subarray(0, manifest.severities.length),
        (at) => ({ value: manifest.severities[at] || "none", label: INJURIES[manifest.severities[at]] }))),
      this.#facet("state", "State", list(counts.states.subarray(0, manifest.states.length),
        (at) => ({ value: manifest.states[at][0] || "none", label: manifest.states[at][1] }))
        .sort((a, b) => b.count - a.count)),
      this.#facet("year", "Year", list(counts.years,
        (at) => (at === 0 ? { value: "none", label: "No date" } : { value: String(at + manifest.year_zero), label: String(at + manifest.year_zero) }))
        .reverse()),
    );
    if (same) this.place.querySelector(`input[name="${same[0]}"][value="${CSS.escape(same[1])}"]`)?.focus();
  }

  #facet(name, title, all) {
    const chosen = this.values[name];
    const offered = all.filter(({ value, count }) => count > 0 || chosen.has(value));
    const whole = this.whole.has(name) || offered.length <= SHOWN + 2;
    const shown = offered.filter(({ value }, at) => whole || at < SHOWN || chosen.has(value));
    return e("fieldset", { class: "facet" }, e("legend", {}, title),
      e("ul", {}, ...shown.map(({ value, label, count }) => e("li", {}, e("label", {},
        e("input", { type: "checkbox", name, value, checked: chosen.has(value) }), " ",
        e("span", {}, e("bdi", {}, label)), " ", e("small", {}, number.format(count)))))),
      !whole && e("button", { type: "button", class: "quiet", "data-whole": name }, `All ${offered.length}`));
  }
}
