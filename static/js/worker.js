// Fetches files and lets the WebAssembly module compute, away from the page.
import { Altered, fetchFile, moved, published, readIndex, sweep } from "./files.js";
import { retryable } from "./retryable.js";
import { answer } from "./verbs.js";

// What most questions do without is imported by those that need it: nobody else waits for it.

/**
 * @typedef {object} Lake
 * @property {any} session The module's session over the manifest, once the module is there.
 * @property {Promise<any>} ready The same, to be waited for.
 * @property {string} base Address of the lake's folder.
 * @property {string} text The manifest.
 * @property {Record<string, { files: number, manifest: { path: string } }>} tables
 * @property {Record<string, number>} files How many files a table has, of those that are known.
 */

/** Requests at a time; to hosts of HTTP/1.1 the browser itself sends six and keeps the others waiting. */
const PARALLEL = 12;

/** The table that is described to the worker before anybody asks. */
const FIRST = "explore";

/** Files on their way, so that two questions share one request. @type {Map<string, Promise<void>>} */
const fetching = new Map();

/** The newest state that was asked about; an older one is dropped where it stands. */
let newest = 0;

/** The states being answered. What an older one fetches at this moment is kept. */
const answering = new Set();

/** @type {Promise<any> | undefined} */
let loadedModule;
/** @type {Promise<Lake> | undefined} */
let openedLake;
/** The visitor's own file. @type {any} */
let mdb;

function loadModule(address) {
  loadedModule ??= retryable(
    (async () => {
      // Its two files at once, not one after the other; who awaits it hears of a failure.
      const binary = fetch(new URL("windsock_bg.wasm", new URL(address, location.href)));
      binary.catch(() => {});
      const module = await import(address);
      await module.default({ module_or_path: binary });
      return module;
    })(),
    () => (loadedModule = undefined),
  );
  return loadedModule;
}

/** The tables an index names; what is wrong with one that is none, the module says better. */
function tablesOf(text) {
  try {
    return JSON.parse(text).tables ?? {};
  } catch {
    return {};
  }
}

function openLake({ module, lake }) {
  openedLake ??= retryable(
    (async () => {
      const loading = loadModule(module);
      loading.catch(() => {});
      const text = await readIndex(lake);
      const tables = tablesOf(text);
      const ready = loading.then((wasm) => new wasm.Session(text));
      const opened = { session: undefined, ready, base: lake, text, tables, files: {} };
      // Nearly every question is one to this table: what it has is asked for while the module is
      // still on its way. Whoever needs it asks again if this fails.
      const never = new AbortController().signal;
      if (tables[FIRST]) provideFile(opened, tables[FIRST].manifest, never).catch(() => {});
      opened.session = await ready;
      return opened;
    })(),
    () => (openedLake = undefined),
  );
  return openedLake;
}

/** A file that is not what the manifest lists may belong to a newer state of the site. */
async function explain(lake, error) {
  if (!(error instanceof Altered)) return error;
  const now = await readIndex(lake.base).catch(() => lake.text);
  if (now === lake.text) return error;
  return new Error("the site has changed since this page was opened: reload the page");
}

/** Fetches one file whole: that works on every host, ranges do not. */
function provideFile(lake, file, signal) {
  let promise = fetching.get(file.path);
  if (!promise) {
    const accept = async (bytes) => {
      // Without the module nobody takes it, and the question itself says why.
      const session = await lake.ready.catch(() => undefined);
      if (!session) return;
      session.feed(file.path, bytes);
      const table = Object.keys(lake.tables).find((t) => lake.tables[t].manifest.path === file.path);
      if (!table) return;
      const entry = JSON.parse(new TextDecoder().decode(bytes));
      lake.files[table] = published(entry).length;
      sweep(lake.base, table, entry).catch(() => {});
    };
    promise = fetchFile(lake.base, file, accept, signal).finally(() => fetching.delete(file.path));
    fetching.set(file.path, promise);
  }
  return promise.catch(async (error) => {
    // Given up by the question that started it, but not by this one.
    if (error.name === "AbortError" && !signal.aborted) return provideFile(lake, file, signal);
    if (error.name === "AbortError") throw error;
    throw await explain(lake, error);
  });
}

/**
 * Fetches what the queries still need.
 * @returns {Promise<{ files: number, rows: number }>} How much the queries read.
 */
async function provide(lake, queries, id, signal) {
  // Before a table's own manifest is there, nobody knows its files: plan until nothing is missing.
  for (;;) {
    const needed = new Map();
    const used = new Set();
    let rows = 0;
    for (const query of queries) {
      const plan = JSON.parse(lake.session.plan(JSON.stringify(query)));
      for (const path of plan.loaded) used.add(path);
      for (const file of plan.fetch) needed.set(file.path, file);
      rows = Math.max(rows, plan.rows);
    }
    if (needed.size === 0) return { files: used.size, rows };
    await fetchFiles(lake, [...needed.values()], id, rows, signal);
  }
}

async function fetchFiles(lake, queue, id, rows, signal) {
  const all = queue.reduce((sum, file) => sum + file.bytes, 0);
  const progress = { done: 0, total: queue.length, bytes: 0, all, rows };
  const lane = async () => {
    for (let file = queue.shift(); file; file = queue.shift()) {
      signal.throwIfAborted();
      if (answering.has(id) && id !== newest) throw new Error("a newer question came");
      await provideFile(lake, file, signal);
      progress.done += 1;
      progress.bytes += file.bytes;
      postMessage({ id, progress });
    }
  };
  try {
    await Promise.all(Array.from({ length: PARALLEL }, lane));
  } catch (error) {
    queue.length = 0;
    throw error;
  }
}

/** The query for every column of its rows, with all it needs fetched. */
async function provideAll(lake, query, id, signal) {
  // The table's manifest names them.
  await provide(lake, [{ ...query, select: [] }], id, signal);
  const { columns } = await import("./export.js");
  const all = { ...query, select: columns(lake.session, query) };
  await provide(lake, [all], id, signal);
  return all;
}

/** The queries of a state; for a chosen parameter the counts of what else could be chosen. */
function plan(module, state, columns) {
  const queries = (of) => JSON.parse(module.explore_queries(JSON.stringify(of)));
  const { rows, group, facets } = queries(state);
  const restricted = (query, wanted) => ({
    ...query,
    facets: query.facets.filter(({ column }) => wanted.includes(column)),
  });
  const counts = [];
  const chosen = Object.keys(state.chosen).filter((p) => columns[p]);
  for (const parameter of chosen) {
    const { [parameter]: _, ...others } = state.chosen;
    counts.push(restricted(queries({ ...state, chosen: others }).facets, [columns[parameter]]));
  }
  const rest = Object.keys(columns).filter((parameter) => !chosen.includes(parameter));
  counts.push(restricted(facets, rest.map((parameter) => columns[parameter])));
  return { rows, group, counts };
}

/** Lets messages in: a newer question, or that this one was taken back. */
function breathe() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Aircraft with a place, as points. */
function geojson(records) {
  const placed = records.filter(({ latitude, longitude }) => latitude !== null && longitude !== null);
  const features = placed.map(({ latitude, longitude, ...properties }) => ({
    type: "Feature",
    geometry: { type: "Point", coordinates: [longitude, latitude] },
    properties,
  }));
  return JSON.stringify({ type: "FeatureCollection", features });
}

async function answerState({ id, module, lake, state, columns, signal }) {
  const opened = await openLake({ module, lake });
  const wasm = await loadModule(module);
  const { rows, group, counts } = plan(wasm, state, columns);
  const other = state.vs ? JSON.parse(wasm.explore_decode(state.vs)).state : undefined;
  const versus = other ? [plan(wasm, { ...other, by: state.by }, {}).group] : [];
  const queries = [rows, group, ...versus, ...counts];
  const read = await provide(opened, queries, id, signal);
  const answers = [];
  for (const query of queries) {
    await breathe();
    if (newest !== id) return null;
    signal.throwIfAborted();
    answers.push(JSON.parse(opened.session.run(JSON.stringify(query))));
  }
  return {
    query: rows,
    rows: answers[0],
    group: answers[1],
    versus: other ? { state: other, group: answers[2] } : undefined,
    facets: answers.slice(2 + versus.length).flatMap((answer) => answer.facets),
    sql: JSON.parse(wasm.query_sql(JSON.stringify(rows))).answer,
    files: { read: read.files, all: opened.files.explore },
    moved: { ...moved },
  };
}

/** What the worker can be asked; each takes the message and returns the answer. */
const verbs = {
  /** A link → `{ state, notices }`. */
  async decode({ module, search }) {
    return JSON.parse((await loadModule(module)).explore_decode(search));
  },

  /** A state → link. */
  async encode({ module, state }) {
    return (await loadModule(module)).explore_encode(JSON.stringify(state));
  },

  /** A state → rows, groups, counts beside the filters; nothing if a newer question came. */
  async answer(message) {
    newest = message.id;
    answering.add(message.id);
    try {
      return await answerState(message);
    } finally {
      answering.delete(message.id);
    }
  },

  /** A query → its answer. */
  async query({ id, module, lake, query, signal }) {
    const opened = await openLake({ module, lake });
    await provide(opened, [query], id, signal);
    return JSON.parse(opened.session.run(JSON.stringify(query)));
  },

  /** A query of numbers → its columns end to end. */
  async numbers({ id, module, lake, query, signal }) {
    const opened = await openLake({ module, lake });
    await provide(opened, [query], id, signal);
    return opened.session.numbers(JSON.stringify(query));
  },

  /** A state → what a map of its events asks, see map-points.js. */
  async map({ id, module, lake, signal, ...question }) {
    const opened = await openLake({ module, lake });
    const wasm = await loadModule(module);
    const queries = (state) => JSON.parse(wasm.explore_queries(JSON.stringify(state)));
    const need = (asked) => provide(opened, asked, id, signal);
    const { answerMap } = await import("./map-points.js");
    return answerMap(opened.session, queries, need, question);
  },

  /** A state → all its rows, with every column, as the bytes of a Parquet or Arrow file. */
  async export({ id, module, lake, signal, state, ...wanted }) {
    const opened = await openLake({ module, lake });
    const query = JSON.parse((await loadModule(module)).explore_queries(JSON.stringify(state))).rows;
    await provideAll(opened, query, id, signal);
    const { exported } = await import("./export.js");
    return exported(opened.session, query, wanted, async () => {
      await breathe();
      signal.throwIfAborted();
    });
  },

  /** A query → SQL. */
  async sql({ module, query }) {
    return JSON.parse((await loadModule(module)).query_sql(JSON.stringify(query)));
  },

  /** A state → all its rows, with every column, as text of a file. */
  async download({ id, module, lake, state, form, signal }) {
    const opened = await openLake({ module, lake });
    const query = JSON.parse((await loadModule(module)).explore_queries(JSON.stringify(state))).rows;
    delete query.limit;
    delete query.offset;
    const all = JSON.stringify(await provideAll(opened, query, id, signal));
    if (form === "csv") return opened.session.csv(all);
    const { columns, rows } = JSON.parse(opened.session.run(all));
    const records = rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at]])));
    return form === "json" ? JSON.stringify(records, null, 1) : geojson(records);
  },

  /** A visitor's MDB file, and then questions to it: the module's `Mdb` has the answers. */
  async mdb({ module, file, what, args = [] }) {
    const wasm = await loadModule(module);
    if (file) {
      mdb?.free();
      mdb = undefined;
      const { source } = await import("./pieces.js");
      mdb = new wasm.Mdb(source(file));
    }
    if (!mdb) throw new Error("choose a file first");
    const answer = mdb[what](...args);
    return what === "csv" ? answer : JSON.parse(answer);
  },

  /** Values by feature → the model's score and what each value contributes to it. */
  async score({ module, model, values }) {
    const [wasm, { score }] = await Promise.all([loadModule(module), import("./scoring.js")]);
    return score(wasm, model, values);
  },

  /** A CSV file → its rows with scores, as a Blob, and what was found out about them. */
  async batch({ id, module, model, file, signal }) {
    const report = (progress) => postMessage({ id, progress });
    const [wasm, { batch }] = await Promise.all([loadModule(module), import("./scoring.js")]);
    return batch(wasm, model, file, report, signal);
  },
};

answer(verbs);
