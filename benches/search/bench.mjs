// `make bench-search`: windsock's index of words and Pagefind's, of the same events, in Chromium.
//
//   node bench.mjs WEB OURS THEIRS
//
// WEB: the browser files of `make web`. OURS, THEIRS: folders of the indexes.
import { readdir, stat } from "node:fs/promises";
import path from "node:path";

import { launch } from "../../tests/browser/chromium.mjs";
import { serve } from "../browser/server.mjs";

const [web, ours, theirs, kept] = process.argv.slice(2).map((folder) => path.resolve(folder));
const print = (line) => process.stdout.write(`${line}\n`);

/** Rare and common words, several words, and phrases of both. */
const QUERIES = ["midair", "carburetor", "airplane", "pilot", "power lines", "carburetor ice", "engine failure takeoff",
  "\"power lines\"", "\"loss of control\"", "\"pilot's failure to maintain\"", "airplane pilot flight"];
const RUNS = Number(process.env.BENCH_RUNS ?? 5);
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function size(folder) {
  let [files, bytes, largest] = [0, 0, 0];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const { size: own } = await stat(path.join(entry.parentPath ?? entry.path, entry.name));
    files += 1;
    bytes += own;
    largest = Math.max(largest, own);
  }
  return { files, bytes, largest };
}

const sizes = { windsock: await size(ours), pagefind: await size(theirs) };
for (const [name, { files, bytes, largest }] of Object.entries(sizes)) {
  print(`${name.padEnd(10)} ${files} files, ${(bytes / 1e6).toFixed(1)} MB, the largest ${(largest / 1e3).toFixed(0)} kB`);
}
const ratio = (pick) => (pick(sizes.pagefind) / pick(sizes.windsock)).toFixed(2);
print(`pagefind / windsock: files ${ratio((s) => s.files)} ×, bytes ${ratio((s) => s.bytes)} ×`);

const server = await serve({ web, ours, theirs, bench: import.meta.dirname }, kept);
const browser = await launch();

/** The first query of a visit, and the same again in a page that has answered another one. */
async function measure(name, query) {
  const results = { cold: [], warm: [] };
  let bytes;
  let total;
  for (let run = 0; run < RUNS; run += 1) {
    for (const [kind, before] of [["cold", []], ["warm", ["weather"]]]) {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(`${server.url}bench/race.html`);
      await page.waitForFunction(() => globalThis.ready);
      for (const other of before) await page.evaluate(([n, q]) => globalThis.race(n, q), [name, other]);
      server.take();
      const answer = await page.evaluate(([n, q]) => globalThis.race(n, q), [name, query]);
      const taken = server.take();
      results[kind].push({ ms: answer.ms, ...taken });
      total = answer.total;
      await context.close();
    }
  }
  const of = (kind, pick) => median(results[kind].map(pick));
  return { total, cold: of("cold", (r) => r.ms), warm: of("warm", (r) => r.ms),
    first: of("cold", (r) => r.bytes), next: of("warm", (r) => r.bytes), requests: of("warm", (r) => r.requests) };
}

try {
  for (const [network, bits, delay] of [["unthrottled", Infinity, 0], ["4G", 9_000_000, 60]]) {
    server.pace(bits, delay);
    print(`\n${network}: first query of a visit and a later one: kB, ms (median of ${RUNS}); found`);
    const ratios = { next: [], warm: [], first: [], cold: [] };
    for (const query of QUERIES) {
      const found = {};
      for (const name of Object.keys(sizes)) {
        try {
          found[name] = await measure(name, query);
        } catch (error) {
          print(`  ${name} ${query}: ${error.message.split("\n")[0]}`);
        }
      }
      const cells = Object.entries(found).map(([name, r]) =>
        `${name} ${(r.first / 1e3).toFixed(0)} kB ${r.cold.toFixed(0)} ms, ${(r.next / 1e3).toFixed(0)} kB ${r.warm.toFixed(0)} ms in ${r.requests}; ${r.total}`);
      print(`  ${query.padEnd(30)} ${cells.join("  |  ")}`);
      if (found.windsock && found.pagefind) {
        for (const key of Object.keys(ratios)) ratios[key].push(found.pagefind[key] / Math.max(1e-9, found.windsock[key]));
      }
    }
    const middle = (key) => (ratios[key].length > 0 ? median(ratios[key]).toFixed(1) : "–");
    print(`  pagefind / windsock, median: first query bytes ${middle("first")} ×, ms ${middle("cold")} ×; later bytes ${middle("next")} ×, ms ${middle("warm")} ×`);
  }
} finally {
  await browser.close();
  server.close();
}
