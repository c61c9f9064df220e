// Writes Pagefind's index of events given as lines of JSON: `node pagefind.mjs TOOLS OUT FRAGMENTS <LINES`.
import { createInterface } from "node:readline";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [tools, out, fragments] = process.argv.slice(2);
const { createIndex, close } = await import(
  pathToFileURL(path.join(tools, "node_modules/pagefind/lib/index.js")));

const start = performance.now();
const { index } = await createIndex({ forceLanguage: "en", maxFragments: Number(fragments) });
let events = 0;
let waiting = [];
const settle = async () => {
  for (const { errors } of await Promise.all(waiting)) if (errors.length > 0) throw new Error(errors.join());
  waiting = [];
};
for await (const line of createInterface({ input: process.stdin })) {
  const { id, year, state, severity, text } = JSON.parse(line);
  waiting.push(index.addCustomRecord({
    url: `/event/?id=${id}`, content: text, language: "en", meta: { title: id },
    filters: { year: [year], state: [state], severity: [severity] },
  }));
  events += 1;
  if (waiting.length === 200) await settle();
}
await settle();
const { errors } = await index.writeFiles({ outputPath: out });
if (errors.length > 0) throw new Error(errors.join());
const seconds = (performance.now() - start) / 1000;
process.stdout.write(`${JSON.stringify({ events, seconds: Number(seconds.toFixed(1)) })}\n`);
await close();
