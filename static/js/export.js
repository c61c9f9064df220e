// In the worker: rows as a Parquet or Arrow file, by a module that is loaded when first asked for.

/** Rows handed over at once: what is held twice at any time. */
const ROWS = 20_000;

/** @type {Promise<any> | undefined} */
let loading;

function load(address) {
  loading ??= (async () => {
    const module = await import(address);
    const binary = new URL("windsock_export_bg.wasm", new URL(address, location.href));
    await module.default({ module_or_path: binary });
    return module;
  })();
  loading.catch(() => (loading = undefined));
  return loading;
}

/** The names of all columns: the header of an empty table has them, for which no file is read. */
export function columns(session, query) {
  const none = { table: query.table, filter: { or: [] } };
  return session.csv(JSON.stringify(none)).trim().split(",");
}

/**
 * All rows of a query, with every column.
 * @param {any} session What the query needs is fetched.
 * @param {any} query
 * @param {any} writer The module's `Export`; it is used up.
 * @param {() => Promise<void>} breathe Between two parts; throws if nobody waits any more.
 * @returns {Promise<Uint8Array>}
 */
export async function written(session, query, writer, breathe) {
  try {
    const all = { ...query, select: columns(session, query) };
    for (let offset = 0; ; offset += ROWS) {
      await breathe();
      const part = session.run(JSON.stringify({ ...all, offset, limit: ROWS }));
      if (writer.push(part) < ROWS) break;
    }
    await breathe();
    return writer.finish();
  } finally {
    writer.free();
  }
}

/**
 * The same, with the module fetched.
 * @param {{ exporter: string, form: "parquet" | "arrow", about: Record<string, string>,
 *   meanings: Record<string, string> }} wanted Address of the module, form, what the file says of
 *   itself and of its columns.
 */
export async function exported(session, query, { exporter, form, about, meanings }, breathe) {
  const { Export } = await load(exporter);
  return written(session, query, new Export(form, JSON.stringify({ about, meanings })), breathe);
}
