// The list of aircraft: any number of rows, of which only those in view exist as elements.
import { cell } from "./dom.js";
import { meaning } from "./filters.js";
import { visible } from "./visible.js";

/** @import { Labels, State } from "./filters.js" */

/** Columns of the list unless others are chosen; the rest of an answer serves other purposes. */
export const LIST = [
  "ev_date", "ntsb_no", "ev_city", "ev_state", "regis_no", "acft_make", "acft_model",
  "phase", "occurrence", "damage", "ev_highest_injury", "fatalities",
];

/** Rows that are asked for at once: a page of the link. */
const PAGE = 50;
/** Rows kept above and below what is seen. */
const MORE = 12;
/** Rows that are elements at most, however high the list is: printed, or without its styles. */
const MOST = 200;
/** Pages that are kept once read. */
const KEPT = 40;
/** Milliseconds a part of the list is in view before its rows are asked for. */
const REST = 60;

/** Columns set in a special way; see the style sheet. */
const KINDS = { ev_date: "unbroken", ntsb_no: "unbroken", regis_no: "unbroken", fatalities: "num" };

const number = new Intl.NumberFormat("en-US");

/** A value as text or, where it leads somewhere, as link. */
function content(labels, column, value) {
  if (value === null) return "–";
  if (column === "ntsb_no" || column === "ev_id") {
    const link = document.createElement("a");
    link.href = `../event/?id=${encodeURIComponent(value)}`;
    link.textContent = visible(value);
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

/** A row that stands for those before or after the ones that exist. */
function gap() {
  const row = document.createElement("tr");
  row.className = "gap";
  row.setAttribute("aria-hidden", "true");
  row.append(document.createElement("td"));
  return row;
}

export class List {
  /**
   * @param {{ scroller: HTMLElement, table: HTMLTableElement, label: HTMLElement,
   *   previous: HTMLButtonElement, next: HTMLButtonElement }} place
   * @param {object} act
   * @param {(query: any) => Promise<{ rows: any[][] }>} act.ask
   * @param {(column: string) => void} act.sort
   * @param {(page: number) => void} act.page Told when another page has come into view.
   */
  constructor(place, act) {
    Object.assign(this, place);
    this.act = act;
    /** Elements of rows by position. @type {Map<number, HTMLTableRowElement>} */
    this.shown = new Map();
    /** Rows by page, from 0, the last used ones last. @type {Map<number, any[][]>} */
    this.pages = new Map();
    [this.before, this.after] = [gap(), gap()];
    this.total = 0;
    this.rowHeight = 37;
    this.scroller.addEventListener("scroll", () => this.#soon(), { passive: true });
    this.scroller.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#soon()).observe(this.scroller);
    this.previous.addEventListener("click", () => this.#turn(-1));
    this.next.addEventListener("click", () => this.#turn(1));
  }

  /**
   * Shows an answer: its rows are a page, its query can be asked for others.
   * @param {{ columns: { name: string }[], rows: any[][], matched_rows: number }} answer
   * @param {any} query
   * @param {State} state
   * @param {Labels} labels
   */
  show(answer, query, state, labels) {
    this.query = query;
    this.labels = labels;
    this.total = answer.matched_rows;
    this.columns = state.cols.length ? state.cols : LIST;
    this.positions = this.columns.map((name) => answer.columns.findIndex((c) => c.name === name));
    // Scrolling may have gone on since the question was asked.
    this.page = (query.offset ?? 0) / PAGE + 1;
    this.pages = new Map([[this.page - 1, answer.rows]]);
    this.table.setAttribute("aria-rowcount", this.total + 1);
    this.#head(state);
    for (const row of this.shown.values()) row.remove();
    this.shown.clear();
    this.before.firstChild.colSpan = this.after.firstChild.colSpan = this.columns.length;
    this.table.tBodies[0].replaceChildren(this.before, this.after);
    this.#measure();
    // Room first: what is not there cannot be scrolled to.
    this.before.firstChild.style.height = "0";
    this.after.firstChild.style.height = `${this.total * this.rowHeight}px`;
    this.after.hidden = false;
    this.scroller.scrollTop = (this.page - 1) * PAGE * this.rowHeight;
    this.#render();
  }

  #head(state) {
    const { tHead } = this.table;
    const focused = tHead.contains(document.activeElement)
      ? document.activeElement.dataset.column
      : undefined;
    const headings = this.columns.map((name) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.column = name;
      button.textContent = this.labels.columns[name];
      button.addEventListener("click", () => this.act.sort(name));
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
    const row = document.createElement("tr");
    row.setAttribute("aria-rowindex", "1");
    row.append(...headings);
    tHead.replaceChildren(row);
    if (focused) tHead.querySelector(`[data-column="${focused}"]`)?.focus();
  }

  /** Columns keep the widths of the first rows: they must not jump while rows come and go. */
  #measure() {
    const { table } = this;
    table.querySelector("colgroup")?.remove();
    Object.assign(table.style, { tableLayout: "auto", minWidth: "", width: "max-content" });
    const first = this.pages.get(this.page - 1) ?? [];
    const rows = first.slice(0, 30).map((values, at) => this.#row(at, values));
    this.before.after(...rows);
    const widths = [...table.tHead.rows[0].cells].map((heading) => heading.offsetWidth + 1);
    if (rows.length > 0) this.rowHeight = rows[0].offsetHeight;
    for (const row of rows) row.remove();
    const group = document.createElement("colgroup");
    for (const width of widths) {
      const column = document.createElement("col");
      column.style.width = `${width}px`;
      group.append(column);
    }
    table.prepend(group);
    const sum = widths.reduce((total, width) => total + width, 0);
    Object.assign(table.style, { tableLayout: "fixed", minWidth: `${sum}px`, width: "" });
  }

  #row(position, values) {
    const row = document.createElement("tr");
    row.setAttribute("aria-rowindex", position + 2);
    row.dataset.row = position;
    if (!values) row.setAttribute("aria-busy", "true");
    row.append(...this.columns.map((name, at) =>
      cell("td", values ? content(this.labels, name, values[this.positions[at]]) : "…", KINDS[name])));
    return row;
  }

  /** Draws with the next frame, however often it is asked. */
  #soon() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.#render();
    });
  }

  #values(position) {
    return this.pages.get(Math.floor(position / PAGE))?.[position % PAGE];
  }

  /** Makes the elements of what is in view, and lets the others go. */
  #render() {
    if (!this.query) return;
    const top = this.scroller.scrollTop;
    const height = this.scroller.clientHeight;
    const seen = Math.min(MOST, Math.max(1, Math.ceil(height / this.rowHeight) - 1));
    const first = Math.min(Math.floor(top / this.rowHeight), Math.max(0, this.total - 1));
    const from = Math.max(0, first - MORE);
    const to = Math.min(this.total, first + seen + MORE);
    for (const [position, row] of this.shown) {
      const isReady = row.ariaBusy === "true" && this.#values(position);
      if (position >= from && position < to && !isReady) continue;
      if (row.contains(document.activeElement)) this.scroller.focus({ preventScroll: true });
      row.remove();
      this.shown.delete(position);
    }
    let last = this.before;
    for (let position = from; position < to; position += 1) {
      let row = this.shown.get(position);
      if (!row) {
        row = this.#row(position, this.#values(position));
        this.shown.set(position, row);
        last.after(row);
      }
      last = row;
    }
    this.before.firstChild.style.height = `${from * this.rowHeight}px`;
    this.after.firstChild.style.height = `${(this.total - to) * this.rowHeight}px`;
    this.before.hidden = from === 0;
    this.after.hidden = to === this.total;
    this.#tell(first, Math.min(this.total, first + seen));
    this.#want(from, to);
  }

  #tell(first, end) {
    const page = Math.floor(first / PAGE) + 1;
    const none = this.total === 0;
    this.label.textContent = none ? "No rows"
      : `Rows ${number.format(first + 1)} to ${number.format(end)} of ${number.format(this.total)}`;
    this.previous.disabled = none || first === 0;
    this.next.disabled = none || end >= this.total;
    clearTimeout(this.settling);
    if (page === this.page) return;
    this.settling = setTimeout(() => {
      this.page = page;
      this.act.page(page);
    }, 250);
  }

  /** Asks for the rows in view that are not there yet, once scrolling rests. */
  #want(from, to) {
    clearTimeout(this.resting);
    const missing = [];
    for (let page = Math.floor(from / PAGE); page <= Math.floor((to - 1) / PAGE); page += 1) {
      if (!this.pages.has(page)) missing.push(page);
    }
    if (missing.length === 0) return;
    const { query } = this;
    this.resting = setTimeout(async () => {
      try {
        const offset = missing[0] * PAGE;
        const limit = (missing.at(-1) - missing[0] + 1) * PAGE;
        const { rows } = await this.act.ask({ ...query, offset, limit });
        if (query !== this.query) return;
        for (let at = 0; at < rows.length; at += PAGE) {
          this.pages.set(missing[0] + at / PAGE, rows.slice(at, at + PAGE));
        }
        while (this.pages.size > KEPT) this.pages.delete(this.pages.keys().next().value);
        this.#render();
      } catch (error) {
        if (query === this.query) this.label.textContent = `These rows could not be read: ${error.message}.`;
      }
    }, REST);
  }

  #turn(pages) {
    const first = Math.round(this.scroller.scrollTop / this.rowHeight);
    this.#scrollTo((Math.floor(first / PAGE) + pages) * PAGE);
  }

  #scrollTo(position) {
    this.scroller.scrollTop = Math.max(0, position) * this.rowHeight;
    this.#render();
  }

  /** Arrows go from record to record; other keys scroll as everywhere. */
  #key(event) {
    const row = event.target.closest?.("tr[data-row]");
    const steps = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!row || !steps || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const next = Number(row.dataset.row) + steps;
    if (next < 0 || next >= this.total) return;
    const top = this.scroller.scrollTop / this.rowHeight;
    const rows = this.scroller.clientHeight / this.rowHeight - 2;
    if (next < top) this.#scrollTo(next);
    else if (next > top + rows) this.#scrollTo(Math.ceil(next - rows));
    const target = this.shown.get(next);
    target?.querySelector("a")?.focus({ preventScroll: true });
  }
}
