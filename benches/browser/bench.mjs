// `make bench-browser`: windsock and DuckDB-WASM answer the same questions in Chromium.
//
//   node bench.mjs WEB LAKE DUCKDB KEPT
//
// WEB: the browser files of `make web`. LAKE: a lake. DUCKDB: the bundled opponent. KEPT: folder
// for compressed copies. BENCH_WARM sets the warm runs (10), BENCH_QUERIES a part of the names.
import assert from "node:assert/strict";
import path from "node:path";

import { launch } from "../../tests/browser/chromium.mjs";
import { queries } from "./queries.mjs";
import { serve } from "./server.mjs";

const [web, lake, duckdb, kept] = process.argv.slice(2).map((folder) => path.resolve(folder));
const WARM = Number(process.env.BENCH_WARM ?? 10);
const chosen = queries.filter(({ name }) => name.includes(process.env.BENCH_QUERIES ?? ""));

// 4G as Chromium's developer tools have it ("Fast 4G"), enforced by the server for everybody alike.
const NETWORKS = [
  { name: "unthrottled", bits: Infinity, delay: 0 },
  { name: "4G", bits: 9_000_000, delay: 60 },
];
const OURS = "windsock";
const COLD = [OURS, "duckdb http", "duckdb files"];
const THEIRS = ["duckdb http", "duckdb files", "duckdb held"];

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const print = (line) => process.stdout.write(`${line}\n`);

/** Answers are compared as JSON; the last digits of means may differ. */
function alike(a, b) {
  if (typeof a === "number" && typeof b === "number") {
    return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, at) => alike(item, b[at]));
  }
  return (a ?? null) === (b ?? null);
}

const server = await serve({ web, lake, duckdb, bench: import.meta.dirname }, kept);
const browser = await launch();

/** A new profile with one contestant, who has answered a question. */
async function enter(name, question) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on("pageerror", (error) => print(`  ${name}: ${error.message}`));
  server.take();
  await page.goto(`${server.url}bench/race.html`);
  await page.waitForFunction(() => globalThis.first);
  const { ms, answer } = await page.evaluate(([n, q]) => globalThis.first(n, q), [name, question]);
  return { context, page, ms, answer, ...server.take() };
}

const number = (n) => n.toFixed(n < 10 ? 1 : 0).padStart(8);
const heading = (columns) => print(`${"".padEnd(24)}${columns.map((c) => c.padStart(14)).join("")}`);

async function cold() {
  for (const network of NETWORKS) {
    server.pace(network.bits, network.delay);
    print(`\nCold, ${network.name}: MB moved and ms to the first result (opponent's multiple of ours)`);
    heading(COLD.flatMap((name) => [`${name} MB`, "ms"]).slice(0, 6));
    const ratios = { bytes: [], ms: [] };
    for (const question of chosen) {
      const results = [];
      for (const name of COLD) {
        const result = await enter(name, question);
        await result.context.close();
        results.push(result);
      }
      const [ours, ...theirs] = results;
      for (const their of theirs) {
        assert.ok(alike(ours.answer, their.answer), `another answer to ${question.name}`);
      }
      const best = (pick) => Math.min(...theirs.map(pick)) / pick(ours);
      ratios.bytes.push(best((r) => r.bytes));
      ratios.ms.push(best((r) => r.ms));
      const cells = results.map((r) => `${(r.bytes / 1e6).toFixed(2).padStart(14)}${number(r.ms).padStart(14)}`);
      print(`${question.name.padEnd(24)}${cells.join("")}`);
    }
    print(
      `best opponent / windsock, median: bytes ${median(ratios.bytes).toFixed(1)} ×, time ` +
        `${median(ratios.ms).toFixed(1)} × (smallest ${Math.min(...ratios.bytes).toFixed(1)} × and ` +
        `${Math.min(...ratios.ms).toFixed(1)} ×)`,
    );
  }
}

async function warm() {
  server.pace(Infinity, 0);
  print(`\nWarm, median ms of ${WARM} runs after a first one, and the opponent's multiple of ours`);
  heading([OURS, ...THEIRS, "best / ours"]);
  const pages = new Map();
  for (const name of [OURS, ...THEIRS]) pages.set(name, await enter(name, chosen[0]));
  for (const question of chosen) {
    const times = [];
    let expected;
    for (const [name, { page }] of pages) {
      const { answer } = await page.evaluate((q) => globalThis.again(q, 1), question);
      expected ??= answer;
      assert.ok(alike(answer, expected), `${name} has another answer to ${question.name}`);
      const { ms } = await page.evaluate(([q, n]) => globalThis.again(q, n), [question, WARM]);
      times.push(median(ms));
    }
    const [ours, ...theirs] = times;
    const ratio = `${(Math.min(...theirs) / ours).toFixed(1)} ×`;
    print(`${question.name.padEnd(24)}${times.map((t) => number(t).padStart(14)).join("")}${ratio.padStart(14)}`);
  }
  for (const { context } of pages.values()) await context.close();
}

try {
  if (process.env.BENCH_PART !== "warm") await cold();
  if (process.env.BENCH_PART !== "cold") await warm();
} finally {
  await browser.close();
  server.close();
}
