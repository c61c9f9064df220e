// Fetches files and lets the WebAssembly module compute, away from the page.

/**
 * @typedef {object} Lake
 * @property {any} session The module's session over the manifest.
 * @property {string} base Address of the lake's folder.
 * @property {number} files Files of the explore table.
 */

const PARALLEL = 6;

/** Bytes and requests since the page was opened, manifest included. */
const moved = { bytes: 0, requests: 0 };

/** Files on their way, so that two questions share one request. @type {Map<string, Promise<void>>} */
const fetching = new Map();

/** The newest question; an older one that is still waiting for files is dropped. */
let newest = 0;

/** @type {Promise<any> | undefined} */
let loadedModule;
/** @type {Promise<Lake> | undefined} */
let openedLake;
/** @type {Map<string, Promise<any>>} */
const models = new Map();

/** Bytes of a CSV file that are scored at a time. */
const PIECE = 1 << 17;

/** The batch that is running; another number tells it to stop. */
let running = 0;

/** Forgets a promise that failed, so that the next try starts afresh. */
function retryable(promise, forget) {
  promise.catch(forget);
  return promise;
}

function loadModule(address) {
  loadedModule ??= retryable(
    (async () => {
      const module = await import(address);
      const binary = new URL("windsock_bg.wasm", new URL(address, location.href));
      await module.default({ module_or_path: binary });
      return module;
    })(),
    () => (loadedModule = undefined),
  );
  return loadedModule;
}

async function download(address, options) {
  let response;
  try {
    response = await fetch(address, options);
  } catch {
    throw new Error("the server could not be reached");
  }
  if (!response.ok) throw new Error(`the server answered ${response.status} for ${address}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  moved.bytes += bytes.length;
  moved.requests += 1;
  return bytes;
}

function openLake({ module, lake }) {
  openedLake ??= retryable(
    (async () => {
      const [wasm, bytes] = await Promise.all([
        loadModule(module),
        download(`${lake}manifest.json`, { cache: "no-cache" }),
      ]);
      const text = new TextDecoder().decode(bytes);
      const session = new wasm.Session(text);
      return { session, base: lake, files: JSON.parse(text).tables.explore.files };
    })(),
    () => (openedLake = undefined),
  );
  return openedLake;
}

/** Fetches one file whole: that works on every host, ranges do not. */
function fetchFile(lake, file) {
  let promise = fetching.get(file.path);
  if (!promise) {
    promise = (async () => {
      const bytes = await download(lake.base + file.path);
      if (bytes.length !== file.bytes) {
        throw new Error(
          `${file.path} has ${bytes.length} bytes instead of ${file.bytes}: ` +
            "the site has changed, reload the page",
        );
      }
      lake.session.feed(file.path, bytes);
    })().finally(() => fetching.delete(file.path));
    fetching.set(file.path, promise);
  }
  return promise;
}

/**
 * Fetches what the queries still need.
 * @returns {Promise<number>} How many files the queries read.
 */
async function provide(lake, queries, id) {
  // Before a table's own manifest is there, nobody knows its files: plan until nothing is missing.
  for (;;) {
    const needed = new Map();
    const used = new Set();
    for (const query of queries) {
      const plan = JSON.parse(lake.session.plan(JSON.stringify(query)));
      for (const path of plan.loaded) used.add(path);
      for (const file of plan.fetch) needed.set(file.path, file);
    }
    if (needed.size === 0) return used.size;
    await fetchFiles(lake, [...needed.values()], id);
  }
}

async function fetchFiles(lake, queue, id) {
  const progress = { done: 0, total: queue.length, bytes: 0 };
  const lane = async () => {
    for (let file = queue.shift(); file; file = queue.shift()) {
      await fetchFile(lake, file);
      progress.done += 1;
      progress.bytes += file.bytes;
      postMessage({ id, progress });
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, lane));
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

/** The model behind an address. */
function openModel({ module, model }) {
  if (!models.has(model)) {
    const load = async () => {
      const [wasm, bytes] = await Promise.all([loadModule(module), download(model)]);
      return new wasm.Scorer(bytes);
    };
    models.set(model, retryable(load(), () => models.delete(model)));
  }
  return models.get(model);
}

/** Ends a file in the middle, so that the next one begins with its heading. */
function abandon(scorer) {
  try {
    scorer.finish();
  } catch {
    // It had no heading yet.
  }
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
  async answer({ id, module, lake, state, columns }) {
    newest = id;
    const opened = await openLake({ module, lake });
    const { rows, group, counts } = plan(await loadModule(module), state, columns);
    const files = await provide(opened, [rows, group, ...counts], id);
    if (newest !== id) return null;
    const run = (query) => JSON.parse(opened.session.run(JSON.stringify(query)));
    return {
      query: rows,
      rows: run(rows),
      group: run(group),
      facets: counts.flatMap((query) => run(query).facets),
      files: { read: files, all: opened.files },
      moved: { ...moved },
    };
  },

  /** A state → all its rows, with every column, as CSV. */
  async csv({ id, module, lake, state }) {
    const opened = await openLake({ module, lake });
    const query = JSON.parse((await loadModule(module)).explore_queries(JSON.stringify(state))).rows;
    delete query.limit;
    delete query.offset;
    query.select = []; // All of them.
    await provide(opened, [query], id);
    return opened.session.csv(JSON.stringify(query));
  },

  /** Values by feature → the model's score and what each value contributes to it. */
  async score({ module, model, values }) {
    const scorer = await openModel({ module, model });
    const text = JSON.stringify(values);
    return { ...JSON.parse(scorer.score(text)), ...JSON.parse(scorer.explain(text)) };
  },

  /**
   * A CSV file → its rows with scores, as a Blob, and what was found out about them; nothing if
   * it was cancelled.
   */
  async batch({ id, module, model, file }) {
    const scorer = await openModel({ module, model });
    running = id;
    const parts = [];
    try {
      for (let at = 0; at < file.size; at += PIECE) {
        const piece = new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer());
        // Reading let messages in.
        if (running !== id) return null;
        parts.push(scorer.push(piece));
        postMessage({ id, progress: { done: Math.min(at + PIECE, file.size), total: file.size } });
      }
    } catch (error) {
      abandon(scorer);
      throw error;
    } finally {
      if (running !== id) abandon(scorer);
    }
    const { csv, summary } = JSON.parse(scorer.finish());
    return { csv: new Blob([...parts, csv], { type: "text/csv" }), summary };
  },

  /** Stops the batch that is running. */
  async cancel() {
    running = 0;
  },
};

addEventListener("message", async ({ data }) => {
  try {
    postMessage({ id: data.id, value: await verbs[data.kind](data) });
  } catch (error) {
    postMessage({ id: data.id, error: error.message ?? String(error) });
  }
});
