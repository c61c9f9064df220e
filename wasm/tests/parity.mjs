// What the browser module answers, for comparison with the native engine.
//
// WINDSOCK_MODULE: folder with windsock.js and windsock_bg.wasm
// WINDSOCK_LAKE:   folder with manifest.json and the explore files
// WINDSOCK_QUERIES (optional): JSON file with an array of queries instead of the ones below
//
// Prints a JSON array of {query, result}, one entry per query, results as the module wrote them.

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

const windsock = await import(pathToFileURL(path.join(module, "windsock.js")));
await windsock.default({ module_or_path: await readFile(path.join(module, "windsock_bg.wasm")) });

const link = "state=~,CA,TX&from=2000&q=cessna&sort=-fatalities&page=2";
const { state, notices } = JSON.parse(windsock.explore_decode(`?${link}&utm_source=x`));
assert.equal(notices.length, 1);
assert.equal(windsock.explore_encode(JSON.stringify(state)), link);
const explore = JSON.parse(windsock.explore_queries(JSON.stringify(state)));

const once = { column: "fatalities", once_per: "ev_id" };
const queries = process.env.WINDSOCK_QUERIES
  ? JSON.parse(await readFile(process.env.WINDSOCK_QUERIES, "utf8"))
  : [
      { measures: ["rows", { distinct: "ev_id" }, { sum: once }, { max: "ev_date" }] },
      { group: ["ev_state", "ev_highest_injury"], measures: [{ distinct: "ev_id" }, { mean: once }] },
      { filter: { not: { in: { column: "ev_state", values: ["CA", null] } } }, measures: ["rows"] },
      explore.rows,
      explore.group,
      explore.facets,
    ];

const session = new windsock.Session(await readFile(path.join(lake, "manifest.json"), "utf8"));
assert.throws(() => session.run('{"table":"nothing"}'), /no table is called nothing/);
assert.throws(() => session.feed("nothing", new Uint8Array()), /not listed/);

const answers = [];
for (const query of queries) {
  const text = JSON.stringify(query);
  // Twice at most: the manifest of the table, then its files.
  for (let round = 0; round < 2; round += 1) {
    for (const file of JSON.parse(session.plan(text)).fetch) {
      const bytes = await readFile(path.join(lake, file.path));
      assert.equal(bytes.length, file.bytes);
      session.feed(file.path, new Uint8Array(bytes));
    }
  }
  assert.deepEqual(JSON.parse(session.plan(text)).fetch, []);
  // The text itself: parsing would turn 3.0 into 3.
  answers.push(`{"query":${text},"result":${session.run(text)}}`);
}
process.stdout.write(`[${answers}]`);
