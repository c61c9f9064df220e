// A CSV file of accidents scored in the worker, with progress, cancel and download.

/** A file larger than this has more rows than are scored, or is something else. */
const MOST_BYTES = 100e6;

function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

export class Batch {
  /**
   * @param {import("./client.js").Client} client
   * @param {{ module: string, model: string }} addresses
   */
  constructor(client, addresses) {
    this.client = client;
    this.addresses = addresses;
    const part = (name) => document.getElementById(`batch-${name}`);
    this.file = part("file");
    this.run = part("run");
    this.stop = part("cancel");
    this.progress = part("progress");
    this.status = part("status");
    this.download = part("download");
    this.file.addEventListener("change", () => this.#chosen());
    this.run.addEventListener("click", () => this.#score());
    this.stop.addEventListener("click", () => this.running?.abort());
    part("template").addEventListener("click", () => this.#template());
  }

  #chosen() {
    this.#forget();
    const [file] = this.file.files;
    this.run.disabled = !file;
    this.status.textContent = "";
    if (file && file.size > MOST_BYTES) {
      this.run.disabled = true;
      this.status.textContent =
        `${file.name} has ${Math.round(file.size / 1e6)} MB; ` +
        "up to 100 MB and 100,000 rows are scored at a time: split it.";
    }
  }

  #forget() {
    if (this.download.href) URL.revokeObjectURL(this.download.href);
    this.download.removeAttribute("href");
    this.download.hidden = true;
  }

  async #score() {
    const [file] = this.file.files;
    this.#forget();
    this.#busy(true);
    this.status.textContent = `Scoring ${file.name}…`;
    try {
      const show = (progress) => {
        this.progress.max = progress.total;
        this.progress.value = progress.done;
      };
      this.running = new AbortController();
      const body = { ...this.addresses, file };
      this.#done(file, await this.client.call("batch", body, show, this.running.signal));
    } catch (error) {
      const cancelled = error.name === "AbortError";
      this.status.textContent = cancelled
        ? "Cancelled; nothing was kept."
        : `${file.name} was not scored: ${error.message}.`;
    }
    this.#busy(false);
  }

  #done(file, { csv, summary }) {
    const parts = [`${count(summary.scored, "row")} of ${count(summary.rows, "row")} scored`];
    if (summary.outside > 0) {
      parts.push(`${count(summary.outside, "row")} with values outside what the model has seen`);
    }
    if (summary.problems > 0) parts.push(`the first problem is in ${summary.first_problem}`);
    if (summary.ignored.length > 0) {
      parts.push(`columns the model does not use: ${summary.ignored.join(", ")}`);
    }
    this.status.textContent = `${parts.join("; ")}.`;
    this.status.dataset.rows = summary.rows;
    this.download.href = URL.createObjectURL(csv);
    this.download.download = file.name.replace(/(\.csv)?$/i, "-scored.csv");
    this.download.hidden = false;
  }

  #busy(yes) {
    this.run.disabled = yes;
    this.file.disabled = yes;
    this.stop.hidden = !yes;
    this.progress.hidden = !yes;
    this.progress.removeAttribute("value");
  }

  /** A file with all headings and no rows. */
  #template() {
    const form = document.getElementById("severity-form");
    const names = [...form.elements].map((field) => field.name).filter(Boolean);
    const href = URL.createObjectURL(new Blob([`${names.join(",")}\r\n`], { type: "text/csv" }));
    const link = Object.assign(document.createElement("a"), { href, download: "accidents.csv" });
    link.click();
    URL.revokeObjectURL(href);
  }
}
