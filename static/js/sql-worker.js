// Runs SQL: loads the second module, fetches the files it asks for, hands its rows on.
import { Altered, fetchFile, moved, readIndex } from "./files.js";
import { retryable } from "./retryable.js";
import { answer } from "./verbs.js";

/**
 * @typedef {object} Opened
 * @property {any} console The module's `Console` over the manifest.
 * @property {string} base Address of the lake's folder.
 * @property {string} text The manifest.
 */

/** @type {Promise<Opened> | undefined} */
let opening;

/** The statement that runs: one at a time. @type {{ id: number, signal: AbortSignal } | undefined} */
let present;

/** The end of the statement before, which the next one waits for. */
let before = Promise.resolve();

async function loadModule(address) {
  const module = await import(address);
  await module.default({ module_or_path: new URL("windsock_sql_bg.wasm", new URL(address, location.href)) });
  return module;
}

function openConsole({ module, lake }) {
  opening ??= retryable(
    (async () => {
      const [wasm, text] = await Promise.all([loadModule(module), readIndex(lake)]);
      const opened = { base: lake, text };
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => opened.console.wake();
      const want = (path, bytes, sha256) => provide(opened, { path, bytes, sha256 });
      opened.console = new wasm.Console(text, want, () => port2.postMessage(null));
      return opened;
    })(),
    () => (opening = undefined),
  );
  return opening;
}

/** A file that is not what the manifest lists may belong to a newer state of the site. */
async function explain({ base, text }, error) {
  if (!(error instanceof Altered)) return error.message;
  const now = await readIndex(base).catch(() => text);
  return now === text ? error.message : "the site has changed since this page was opened: reload the page";
}

function report({ id }) {
  postMessage({ id, progress: { moved: { ...moved } } });
}

/** Fetches a file the module wants, and feeds it. */
async function provide(opened, file) {
  const asked = present;
  try {
    await fetchFile(opened.base, file, (bytes) => opened.console.feed(file.path, bytes), asked?.signal);
    if (asked) report(asked);
  } catch (error) {
    // Given up with the statement that asked first, but another one reads it by now.
    if (error.name === "AbortError" && present && present !== asked) return provide(opened, file);
    opened.console.fail(file.path, await explain(opened, error));
  }
}

/** The manifests of the tables a statement names. */
async function provideManifests(opened, sql, signal) {
  const files = JSON.parse(opened.console.needs(sql));
  const fetched = files.map((file) =>
    fetchFile(opened.base, file, (bytes) => opened.console.feed(file.path, bytes), signal));
  try {
    await Promise.all(fetched);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error(await explain(opened, error));
  }
}

/** Runs a statement: columns, then rows, are handed on as they come. */
async function run({ id, module, lake, sql, rows, bytes, signal }) {
  const opened = await openConsole({ module, lake });
  signal.throwIfAborted();
  await provideManifests(opened, sql, signal);
  const statement = await opened.console.start(sql, rows, bytes);
  const cancel = () => opened.console.cancel();
  signal.addEventListener("abort", cancel);
  present = { id, signal };
  try {
    signal.throwIfAborted();
    postMessage({ id, progress: { columns: JSON.parse(statement.columns()) } });
    for (let text = await statement.next(); text !== undefined; text = await statement.next()) {
      postMessage({ id, progress: { rows: text } });
    }
    return { ...JSON.parse(statement.report()), moved: { ...moved } };
  } finally {
    signal.removeEventListener("abort", cancel);
    present = undefined;
    statement.free();
  }
}

/** What the worker can be asked. */
const verbs = {
  /** Loads the module → names of its functions. */
  async open(place) {
    return JSON.parse((await openConsole(place)).console.functions());
  },

  /** A statement → what it read; columns and rows come before, as progress. */
  run(message) {
    const turn = before.then(() => run(message));
    before = turn.catch(() => {});
    return turn;
  },
};

answer(verbs, (error) => {
  // The module stopped in the middle of something: nothing in it can be trusted any more.
  const fatal = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
  const message = fatal
    ? "the statement was too much for the engine: simplify it, or choose fewer rows"
    : error.message ?? String(error);
  return { error: message, fatal };
});
