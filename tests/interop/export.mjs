// The whole explore table as files, made as the explore page makes them.
//   node export.mjs WEB LAKE OUT
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [web, lake, out] = process.argv.slice(2);
const script = (file) => import(pathToFileURL(path.join(web, file)).href);
const windsock = await script("wasm/windsock.js");
await windsock.default({ module_or_path: await readFile(path.join(web, "wasm/windsock_bg.wasm")) });
const { Export, default: load } = await script("wasm/windsock_export.js");
await load({ module_or_path: await readFile(path.join(web, "wasm/windsock_export_bg.wasm")) });
const { written } = await script("js/export.js");

const session = new windsock.Session(await readFile(path.join(lake, "manifest.json"), "utf8"));
const query = { table: "explore", sort: [{ by: "ev_id" }, { by: "aircraft_no" }] };
// Twice at most: the manifest of the table, then its files.
for (let round = 0; round < 2; round += 1) {
  for (const file of JSON.parse(session.plan(JSON.stringify(query))).fetch) {
    session.feed(file.path, new Uint8Array(await readFile(path.join(lake, file.path))));
  }
}
const words = { about: { licence: "public domain" }, meanings: { latitude: "Degrees north." } };
for (const form of ["parquet", "arrow"]) {
  const bytes = await written(session, query, new Export(form, JSON.stringify(words)), async () => {});
  await writeFile(path.join(out, `explore.${form}`), bytes);
}
