// The page's side of the worker: calls become promises.

/**
 * @typedef {object} Progress
 * @property {number} done Files fetched so far.
 * @property {number} total Files to fetch.
 * @property {number} bytes Bytes fetched so far.
 * @property {number} all Bytes to fetch.
 * @property {number} rows Rows the question reads.
 */

/** A worker that is started with the first call. */
export class Client {
  /** @param {string} script Address of the worker's module. */
  constructor(script) {
    this.script = script;
    this.last = 0;
    /** @type {Map<number, { resolve: Function, reject: Function, onProgress?: Function }>} */
    this.waiting = new Map();
  }

  /**
   * @param {string} kind One of the worker's verbs.
   * @param {object} body Its arguments.
   * @param {(progress: Progress) => void} [onProgress]
   * @param {AbortSignal} [signal] Takes the question back; the promise is rejected with an
   *   `AbortError`.
   * @returns {Promise<any>}
   */
  call(kind, body, onProgress, signal) {
    this.worker ??= this.#start();
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, onProgress });
      signal?.addEventListener("abort", () => this.worker?.postMessage({ id, kind: "cancel", of: id }));
      this.worker.postMessage({ id, kind, ...body });
    });
  }

  /** Ends the worker at once; what it was asked is rejected with an `AbortError`. */
  stop() {
    this.worker?.terminate();
    this.worker = undefined;
    const calls = [...this.waiting.values()];
    this.waiting.clear();
    for (const call of calls) call.reject(new DOMException("taken back", "AbortError"));
  }

  #start() {
    const worker = new Worker(this.script, { type: "module" });
    worker.addEventListener("message", ({ data }) => {
      const call = this.waiting.get(data.id);
      if (data.progress) return call?.onProgress?.(data.progress);
      this.waiting.delete(data.id);
      if (data.cancelled) call?.reject(new DOMException("taken back", "AbortError"));
      else if ("error" in data) call?.reject(Object.assign(new Error(data.error), { fatal: data.fatal }));
      else call?.resolve(data.value);
    });
    // The script itself did not load or stopped: nobody will answer any more.
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      worker.terminate();
      this.worker = undefined;
      const calls = [...this.waiting.values()];
      this.waiting.clear();
      for (const call of calls) {
        call.reject(new Error("the part of the page that computes could not be loaded"));
      }
    });
    return worker;
  }
}
