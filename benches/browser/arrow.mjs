// Writes the columns of `explore` that the questions name as one Arrow stream: what DuckDB-WASM's
// current release can be given, whose Parquet reader is not at hand.
//
//   node arrow.mjs WEB LAKE TOOLS OUT
//
// Texts are dictionaries with the narrowest numbers that fit, whole numbers as narrow as they can be.
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { queries } from "./queries.mjs";

const [web, lake, tools, out] = process.argv.slice(2).map((folder) => path.resolve(folder));
const from = (...parts) => import(pathToFileURL(path.join(...parts)));

/** Every text that stands for a column somewhere in the questions. */
function words(value) {
  if (typeof value === "string") return [value];
  return value && typeof value === "object" ? Object.values(value).flatMap(words) : [];
}

const index = await readFile(path.join(lake, "manifest.json"), "utf8");
const { manifest } = JSON.parse(index).tables.explore;
const target = path.join(out, `explore-${manifest.sha256.slice(0, 16)}`, "explore.arrow");
const present = await stat(target).catch(() => undefined);
if (!present) {
  const arrow = await from(tools, "node_modules/apache-arrow/Arrow.node.mjs");
  const windsock = await from(web, "wasm/windsock.js");
  const wasm = await readFile(path.join(web, "wasm/windsock_bg.wasm"));
  await windsock.default({ module_or_path: wasm });
  const session = new windsock.Session(index);
  const described = await readFile(path.join(lake, manifest.path));
  session.feed(manifest.path, described);
  const asked = new Set(queries.flatMap(({ query }) => words(query)));
  const columns = JSON.parse(described).columns.filter(({ name }) => asked.has(name));
  const query = JSON.stringify({ select: columns.map(({ name }) => name) });
  for (const { path: file } of JSON.parse(session.plan(query)).fetch) {
    session.feed(file, await readFile(path.join(lake, file)));
  }
  const { rows } = JSON.parse(session.run(query));
  const narrow = (most) => (most < 128 ? new arrow.Int8() : most < 32_768 ? new arrow.Int16() : new arrow.Int32());
  const vectors = columns.map(({ name, type }, at) => {
    const values = rows.map((row) => row[at]);
    let kind = new arrow.Float64();
    if (type === "int") {
      kind = narrow(values.reduce((most, value) => Math.max(most, Math.abs(value ?? 0)), 0));
    } else if (type !== "float") {
      kind = new arrow.Dictionary(new arrow.Utf8(), narrow(new Set(values).size));
    }
    return [name, arrow.vectorFromArray(values, kind)];
  });
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, arrow.tableToIPC(new arrow.Table(Object.fromEntries(vectors)), "stream"));
}
process.stdout.write(`${path.dirname(target)}\n`);
