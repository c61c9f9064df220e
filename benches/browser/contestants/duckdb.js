// DuckDB-WASM, in the ways a practised hand would let it read the lake.
//
// The release that has its Parquet reader built in:
//   http   over addresses, by parts of files
//   files  over files fetched whole, six at a time
//   held   over tables it holds in its memory
// The current release, whose Parquet reader is fetched from another host while running and is
// therefore not here:
//   arrow  over tables given to it in Arrow's own form, with the columns the questions name

const RELEASES = { http: "builtin", files: "builtin", held: "builtin", arrow: "current" };

/** @param {"http" | "files" | "held" | "arrow"} how */
export async function start(how) {
  const folder = `/duckdb-${RELEASES[how]}`;
  const duck = await import(`${folder}/duckdb.js`);
  const db = new duck.AsyncDuckDB(new duck.VoidLogger(), new Worker(`${folder}/worker.js`));
  // What is read is fetched while the module comes, not after it.
  const index = how === "arrow" ? undefined : json("/lake/manifest.json");
  await db.instantiate(`${folder}/duckdb-eh.wasm`);
  await db.open({ query: { castBigIntToDouble: true, castDecimalToDouble: true } });
  const connection = await db.connect();
  const known = new Set();
  const open = async (name) => {
    if (known.has(name)) return;
    known.add(name);
    if (how === "arrow") {
      const bytes = await (await fetch(`/arrow/${name}.arrow`)).arrayBuffer();
      return connection.insertArrowFromIPCStream(new Uint8Array(bytes), { name, create: true });
    }
    const { files } = await json(`/lake/${(await index).tables[name].manifest.path}`);
    const places = files.map((file) => ({ ...file, url: `${location.origin}/lake/${file.path}` }));
    if (how !== "http") {
      const queue = [...places];
      const lane = async () => {
        for (let file = queue.shift(); file; file = queue.shift()) {
          const bytes = new Uint8Array(await (await fetch(file.url)).arrayBuffer());
          await db.registerFileBuffer(file.path, bytes);
        }
      };
      await Promise.all(Array.from({ length: 6 }, lane));
    }
    const names = places.map((file) => `'${how === "http" ? file.url : file.path}'`);
    // Folders named by year let it leave out the files of other years.
    const rows = `SELECT * FROM read_parquet([${names}], hive_partitioning = true,
                  hive_types_autocast = true)`;
    await connection.query(`CREATE ${how === "held" ? "TABLE" : "VIEW"} ${name} AS ${rows}`);
  };
  return async ({ sql, tables, numbers }) => {
    for (const table of tables) await open(table);
    const answers = [];
    for (const text of sql) {
      const table = await connection.query(text);
      if (numbers) {
        const columns = [table.getChildAt(0).toArray(), table.getChildAt(1).toArray()];
        return columns[0].length;
      }
      const columns = table.schema.fields.map((_, at) => table.getChildAt(at));
      const rows = [];
      for (let row = 0; row < table.numRows; row += 1) rows.push(columns.map((c) => c.get(row)));
      answers.push(rows);
    }
    return answers;
  };
}

async function json(address) {
  return (await fetch(address)).json();
}
