// What the SQL module answers, for comparison with DuckDB; and that it refuses what it must.
//
// WINDSOCK_MODULE:     folder with windsock_sql.js and windsock_sql_bg.wasm
// WINDSOCK_LAKE:       folder with manifest.json
// WINDSOCK_STATEMENTS: JSON file with an array of statements
//
// Prints a JSON array of {columns, rows, read}, one entry per statement.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";

const folder = (name) => {
  assert.ok(process.env[name], `${name} must be set`);
  return path.resolve(process.env[name]);
};
const module = folder("WINDSOCK_MODULE");
const lake = folder("WINDSOCK_LAKE");
const statements = JSON.parse(await readFile(folder("WINDSOCK_STATEMENTS"), "utf8"));

const windsock = await import(pathToFileURL(path.join(module, "windsock_sql.js")));
await windsock.default({ module_or_path: await readFile(path.join(module, "windsock_sql_bg.wasm")) });

/** Files that were asked for since somebody looked. */
let wanted = [];
/** What becomes of a file on its way. @type {(bytes: Uint8Array) => Uint8Array} */
let treat = (bytes) => bytes;
const manifest = await readFile(path.join(lake, "manifest.json"), "utf8");

function open() {
  const session = new windsock.Console(
    manifest,
    async (file, bytes) => {
      wanted.push(file);
      const content = new Uint8Array(await readFile(path.join(lake, file)));
      assert.equal(content.length, bytes);
      try {
        session.feed(file, treat(content));
      } catch (error) {
        session.fail(file, error.message);
      }
    },
    () => setImmediate(() => session.wake()),
  );
  return session;
}

async function run(session, sql, rows = 1_000_000, bytes = 1 << 30) {
  for (const file of JSON.parse(session.needs(sql))) {
    session.feed(file.path, new Uint8Array(await readFile(path.join(lake, file.path))));
  }
  const statement = await session.start(sql, rows, bytes);
  const columns = JSON.parse(statement.columns());
  const all = [];
  try {
    for (let text = await statement.next(); text !== undefined; text = await statement.next()) {
      all.push(...JSON.parse(text));
    }
    return { columns, rows: all, read: JSON.parse(statement.report()) };
  } finally {
    statement.free();
  }
}

const session = open();

// Errors say what is wrong.
await assert.rejects(run(session, "PICK 1"), /Expected: an SQL statement, found: PICK/);
await assert.rejects(run(session, "SELECT * FROM nothing"), /no table is called nothing; there are aircraft, /);
await assert.rejects(run(session, "SELECT nothing FROM explore"), /No field named nothing/);
await assert.rejects(run(session, "SELECT 1; SELECT 2"), /one statement|single SQL statement/);
await assert.rejects(run(session, "SELECT nothing(1)"), /Invalid function 'nothing'/);
await assert.rejects(run(session, `SELECT ${"(".repeat(5000)}1${")".repeat(5000)}`), /nested too deeply/);
await assert.rejects(run(session, `SELECT '${"x".repeat(100_001)}'`), /letters at most/);
for (const sql of ["CREATE TABLE t AS SELECT 1", "DROP TABLE explore", "SET x = 1", "INSERT INTO states SELECT * FROM states",
  "COPY explore TO 'file.csv'", "DELETE FROM states", "CREATE EXTERNAL TABLE t STORED AS CSV LOCATION 'x'"]) {
  await assert.rejects(run(session, sql), /only be read|not supported|not implemented/i, sql);
}

// Files that the filter rules out are not fetched, nor those a limit has no need of.
wanted = [];
const { rows: [[year]] } = await run(session, "SELECT max(ev_year) FROM explore WHERE ev_year < 2010");
assert.ok(wanted.every((file) => /ev_year=(19|200)/.test(file)), wanted.join());
const one = await run(open(), `SELECT count(ev_id) FROM explore WHERE ev_year = ${year}`);
assert.deepEqual([one.read.files, one.read.all > 10], [1, true]);
assert.equal((await run(open(), "SELECT * FROM narratives LIMIT 3")).read.files, 1);
// Rows are counted by the manifest.
assert.equal((await run(open(), "SELECT count(*) FROM events")).read.files, 0);

// No more rows than wanted, and it says so.
await assert.rejects(run(session, "EXPLAIN ANALYZE SELECT 1"), /EXPLAIN ANALYZE is not available/);
await assert.rejects(run(session, "EXPLAIN INSERT INTO states SELECT * FROM states"), /only be read|not supported/);
const some = await run(session, "SELECT ev_id FROM explore", 100);
assert.deepEqual([some.rows.length, some.read.cut], [100, true]);
const all = await run(session, "SELECT DISTINCT ev_year FROM explore", 100_000);
assert.equal(all.read.cut, false);
assert.ok((await run(session, "SELECT ev_id FROM explore", 1_000_000, 1000)).read.cut, "bytes are limited too");

await run(session, "SELECT count(aircraft_key) FROM aircraft WHERE ev_year = 2001"); // Its manifest is there.
// A statement that is taken back ends, and the next one runs.
const taken = await session.start("SELECT count(far_part), count(cert_max_gr_wt) FROM aircraft", 1, 1000);
const cancelled = taken.next();
session.cancel();
await assert.rejects(cancelled, /cancelled/);
taken.free();
assert.equal((await run(session, "SELECT 1 + 1 AS two")).rows[0][0], 2);

// Memory has an end.
await assert.rejects(
  run(session, "SELECT count(DISTINCT a.ev_id || b.ev_id || c.ev_id) FROM events a, events b, events c"),
  /more memory than a page may use/,
);

// What is not what was published is refused, and asked for again the next time.
treat = (bytes) => bytes.fill(0, 4, 8);
const other = open();
await assert.rejects(run(other, "SELECT min(ev_id) FROM states, events"), /differs from its SHA-256/);
treat = (bytes) => bytes;
assert.equal((await run(other, "SELECT count(ev_id) FROM events")).rows.length, 1);

assert.ok(JSON.parse(session.functions()).includes("percentile_cont"));

const answers = [];
for (const sql of statements) {
  try {
    answers.push(await run(session, sql));
  } catch (error) {
    throw new Error(`${error.message}\n${sql}`);
  }
}
process.stdout.write(JSON.stringify(answers));
