// Statements that were run, kept on this device.
import { element as e } from "./dom.js";

const KEY = "sql-history";
const KEPT = 50;

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(({ sql }) => typeof sql === "string") : [];
  } catch {
    return [];
  }
}

/** A list of statements in `place`; choosing one calls `use`. */
export class History {
  constructor(place, use) {
    this.place = place;
    this.use = use;
    this.entries = read();
    this.#show();
  }

  add(sql, rows, seconds) {
    const others = this.entries.filter((entry) => entry.sql !== sql);
    this.entries = [{ sql, rows, seconds, at: new Date().toISOString() }, ...others].slice(0, KEPT);
    this.#keep();
  }

  #keep() {
    try {
      localStorage.setItem(KEY, JSON.stringify(this.entries));
    } catch {
      // Storage may be switched off or full: the list lasts for this page.
    }
    this.#show();
  }

  #show() {
    const entry = ({ sql, rows, at }) => {
      const button = e("button", { type: "button", class: "quiet" }, "Run");
      button.addEventListener("click", () => this.use(sql));
      const when = new Date(at).toLocaleString("en-US", { dateStyle: "medium", timeStyle: "short" });
      return e("li", {}, e("code", {}, sql.length > 300 ? `${sql.slice(0, 300)}…` : sql),
        e("small", {}, `${when}, ${rows} ${rows === 1 ? "row" : "rows"} `), button);
    };
    const clear = e("button", { type: "button", class: "button plain" }, "Forget them");
    clear.addEventListener("click", () => {
      this.entries = [];
      this.#keep();
    });
    this.place.replaceChildren(
      ...(this.entries.length === 0
        ? [e("p", { class: "population" }, "Nothing yet. What you run is kept on this device and nowhere else.")]
        : [e("ul", { class: "past" }, ...this.entries.map(entry)), clear]));
  }
}
