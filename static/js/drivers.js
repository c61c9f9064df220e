// What drives an estimate, and what another value would make of it.

/** So many contributions are shown one by one. */
const MOST = 8;

export function percent(share) {
  return `${(share * 100).toFixed(1)}\u00a0%`;
}

function signed(number, digits) {
  const text = Math.abs(number).toFixed(digits);
  return `${number < 0 ? "−" : "+"}${text}`;
}

/** The contributions of the values to one class, as bars. */
export class Drivers {
  constructor(label, shown) {
    this.label = label;
    this.shown = shown;
    this.section = document.getElementById("drivers");
    this.list = document.getElementById("drivers-list");
    this.text = document.getElementById("drivers-text");
    this.choice = document.getElementById("drivers-class");
    this.choice.addEventListener("change", () => this.#draw());
  }

  show(score) {
    this.score = score;
    this.section.hidden = false;
    this.#draw();
  }

  hide() {
    this.section.hidden = true;
  }

  #draw() {
    const { contributions, expected, classes } = this.score;
    const at = classes.findIndex((one) => one.class === this.choice.value);
    const sorted = contributions
      .map(({ feature, margins }) => ({ feature, margin: margins[at] }))
      .sort((a, b) => Math.abs(b.margin) - Math.abs(a.margin));
    const rest = sorted.slice(MOST).reduce((sum, { margin }) => sum + margin, 0);
    const bars = sorted.slice(0, MOST).map(({ feature, margin }) => ({
      name: `${this.label(feature)}: ${this.shown(feature)}`,
      margin,
    }));
    if (sorted.length > MOST) bars.push({ name: `${sorted.length - MOST} others`, margin: rest });
    const widest = Math.max(...bars.map(({ margin }) => Math.abs(margin)), 1e-9);
    this.list.replaceChildren(...bars.map((bar) => this.#bar(bar, widest)));
    const total = sorted.reduce((sum, { margin }) => sum + margin, expected[at]);
    this.list.dataset.total = total;
    this.text.textContent =
      `The score of “${classes[at].label}” before the four are weighed against each other: ` +
      `${signed(expected[at], 2)} when nothing is known, ${signed(total, 2)} with these values. ` +
      "The bars say what each value, or its absence, adds: what the model makes of it, not a cause.";
  }

  #bar({ name, margin }, widest) {
    const item = document.createElement("li");
    const title = document.createElement("span");
    title.textContent = name;
    const space = "http://www.w3.org/2000/svg";
    const track = document.createElementNS(space, "svg");
    track.setAttribute("class", "track two");
    track.setAttribute("aria-hidden", "true");
    const rect = document.createElementNS(space, "rect");
    const width = (Math.abs(margin) / widest) * 50;
    rect.setAttribute("x", `${margin < 0 ? 50 - width : 50}%`);
    rect.setAttribute("width", `${width}%`);
    rect.setAttribute("height", "100%");
    rect.setAttribute("class", margin < 0 ? "less" : "more");
    track.append(rect);
    const value = document.createElement("b");
    value.textContent = signed(margin, 2);
    item.append(title, track, value);
    return item;
  }
}

/** One circumstance changed, the others as in the form. */
export class WhatIf {
  constructor(form, ask, label) {
    this.form = form;
    this.ask = ask;
    this.label = label;
    this.section = document.getElementById("what-if");
    this.feature = document.getElementById("what-if-feature");
    this.slider = document.getElementById("what-if-number");
    this.choice = document.getElementById("what-if-choice");
    this.shown = document.getElementById("what-if-shown");
    this.rows = document.getElementById("what-if-rows");
    this.last = 0;
    this.feature.addEventListener("change", () => this.#choose());
    this.slider.addEventListener("input", () => this.#compute());
    this.choice.addEventListener("change", () => this.#compute());
  }

  show(score, given) {
    this.score = score;
    this.given = given;
    this.section.hidden = false;
    if (this.feature.value === "") this.feature.selectedIndex = 0;
    this.#choose();
  }

  hide() {
    this.last += 1;
    this.section.hidden = true;
  }

  /** The control of the chosen circumstance, at the form's value. */
  #choose() {
    const field = this.form.elements[this.feature.value];
    const isNumber = field.type === "number";
    this.slider.parentElement.hidden = !isNumber;
    this.choice.parentElement.hidden = isNumber;
    if (isNumber) {
      const { min, max, typical } = field.dataset;
      const span = Number(max) - Number(min);
      Object.assign(this.slider, { min, max, step: span > 20 ? 1 : span / 100 || 1 });
      this.slider.value = field.value === "" ? typical : field.value;
    } else {
      this.choice.replaceChildren(...[...field.options].map((option) => option.cloneNode(true)));
      this.choice.value = field.value;
    }
    this.#compute();
  }

  async #compute() {
    const mine = ++this.last;
    const name = this.feature.value;
    const isNumber = !this.slider.parentElement.hidden;
    const { [name]: _, ...values } = this.given;
    if (isNumber) values[name] = Number(this.slider.value);
    else if (this.choice.value !== "") values[name] = this.choice.value;
    this.shown.textContent = isNumber ? this.slider.value : "";
    let answer;
    try {
      answer = await this.ask(values);
    } catch (error) {
      if (mine === this.last) this.shown.textContent = error.message;
      return;
    }
    if (mine !== this.last) return;
    this.rows.replaceChildren(
      ...answer.classes.map(({ label, probability }, at) => {
        const before = this.score.classes[at].probability;
        const row = document.createElement("tr");
        const head = Object.assign(document.createElement("th"), { scope: "row", textContent: label });
        const points = `${signed((probability - before) * 100, 1)}`;
        const cells = [percent(before), percent(probability), points].map((text) =>
          Object.assign(document.createElement("td"), { className: "num", textContent: text }),
        );
        row.append(head, ...cells);
        return row;
      }),
    );
  }
}
