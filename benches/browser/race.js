// Runs in the browser: one contestant answers questions.

/** Windsock as its pages use it: worker and module. */
async function windsock() {
  const { Client } = await import("/web/js/client.js");
  const client = new Client("/web/js/worker.js");
  const place = { module: "/web/wasm/windsock.js", lake: "/lake/" };
  return async ({ query, numbers }) => {
    const answer = await client.call(numbers ? "numbers" : "query", { ...place, query });
    if (numbers) return answer.length / 2;
    return query.facets ? answer.facets.map((facet) => facet.values) : [answer.rows];
  };
}

/**
 * DuckDB-WASM: over addresses, over files fetched whole, or over tables held in its memory.
 * @param {"http" | "files" | "held"} how
 */
async function duckdb(how) {
  const duck = await import("/duckdb/duckdb.js");
  const db = new duck.AsyncDuckDB(new duck.VoidLogger(), new Worker("/duckdb/worker.js"));
  await db.instantiate("/duckdb/duckdb-eh.wasm");
  await db.open({ query: { castBigIntToDouble: true, castDecimalToDouble: true } });
  const connection = await db.connect();
  const index = fetch("/lake/manifest.json").then((response) => response.json());
  const known = new Set();
  const open = async (name) => {
    if (known.has(name)) return;
    known.add(name);
    const path = (await index).tables[name].manifest.path;
    const { files } = await (await fetch(`/lake/${path}`)).json();
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

const contestants = {
  windsock,
  "duckdb http": () => duckdb("http"),
  "duckdb files": () => duckdb("files"),
  "duckdb held": () => duckdb("held"),
};

let ask;

/** Starts a contestant with its first question; milliseconds since the page was asked for. */
globalThis.first = async (name, question) => {
  ask = await contestants[name]();
  const answer = await ask(question);
  return { ms: performance.now(), answer };
};

/** Asks again and again; milliseconds each. */
globalThis.again = async (question, times) => {
  const ms = [];
  let answer;
  for (let turn = 0; turn < times; turn += 1) {
    const start = performance.now();
    answer = await ask(question);
    ms.push(performance.now() - start);
  }
  return { ms, answer };
};
