// Who races. Each is started by `start(how)` of its adapter, which resolves to a function that
// answers questions of queries.mjs.

/**
 * @typedef {object} Contestant
 * @property {string} name
 * @property {string} about What it is and reads, for the head of the tables.
 * @property {string} adapter Module below contestants/.
 * @property {string} [how] What its `start` is told.
 * @property {"core" | "windsock" | "opponent"} side Opponents are compared with the core engine; what
 *   else is Windsock's runs beside them.
 * @property {string[]} parts The parts of the race it runs in: cold, warm.
 * @property {string[]} [only] Names of the questions it is asked, if not all.
 */

/** @type {Contestant[]} */
export const contestants = [
  {
    name: "core",
    about: "Windsock's core engine over the lake, as its pages use it",
    adapter: "windsock.js",
    side: "core",
    parts: ["cold", "warm"],
  },
  {
    name: "sql",
    about: "Windsock's SQL engine (DataFusion) over the lake, as its console uses it",
    side: "windsock",
    adapter: "windsock-sql.js",
    parts: ["cold", "warm"],
    // The others are asked in words of DuckDB's own.
    only: [
      "count", "filter year and state", "trend by year", "top makes", "cross-tab",
      "words in narratives", "map points", "all facets",
    ],
  },
  {
    name: "duckdb http",
    about: "DuckDB-WASM 1.28, the last with a Parquet reader of its own, over the lake's addresses",
    side: "opponent",
    adapter: "duckdb.js",
    how: "http",
    parts: ["cold", "warm"],
  },
  {
    name: "duckdb files",
    about: "the same over the lake's files, fetched whole and six at a time",
    side: "opponent",
    adapter: "duckdb.js",
    how: "files",
    parts: ["cold", "warm"],
  },
  {
    name: "duckdb held",
    about: "the same over tables it holds in its memory",
    side: "opponent",
    adapter: "duckdb.js",
    how: "held",
    parts: ["warm"],
  },
  {
    name: "current arrow",
    about:
      "DuckDB-WASM 1.32. It fetches its Parquet reader from another host while running, and no " +
      "package registry has that; so it is given the columns of the questions as one Arrow stream",
    side: "opponent",
    adapter: "duckdb.js",
    how: "arrow",
    parts: ["cold", "warm"],
    only: ["count", "trend by year", "top makes", "all facets"],
  },
];
