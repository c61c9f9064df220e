// `make bench-browser`: the engines answer the same questions in Chromium.
//
//   node bench.mjs KEPT NAME=FOLDER…
//
// KEPT: folder for compressed copies. NAME: first part of an address: web, lake, and the opponents'.
// BENCH_WARM sets the warm runs (10), BENCH_COLD the cold ones without a throttle (3), BENCH_QUERIES a
// part of the names, BENCH_PART cold or warm, BENCH_CONTESTANTS some of them, the core engine among them.
import assert from "node:assert/strict";
import path from "node:path";

import { launch } from "../../tests/browser/chromium.mjs";
import { contestants as all } from "./contestants.mjs";
import { queries } from "./queries.mjs";
import { serve } from "./server.mjs";

const [kept, ...places] = process.argv.slice(2);
const WARM = Number(process.env.BENCH_WARM ?? 10);
/** A question whose warm runs take longer than this has fewer of them, three at least. */
const WARM_MS = 4_000;
const COLD = Number(process.env.BENCH_COLD ?? 3);
/** Nobody is waited for longer than this when cold. */
const COLD_MS = 25_000;
const wanted = process.env.BENCH_CONTESTANTS?.split(",");
const contestants = all.filter(({ name }) => !wanted || wanted.includes(name));
const chosen = queries.filter(({ name }) => name.includes(process.env.BENCH_QUERIES ?? ""));

// 4G as Chromium's developer tools have it ("Fast 4G"), enforced by the server for everybody alike.
const NETWORKS = [
  { name: `unthrottled, median of ${COLD}`, bits: Infinity, delay: 0, runs: COLD },
  // The line is what takes the time: once is enough.
  { name: "4G (9 Mbit/s, 60 ms)", bits: 9_000_000, delay: 60, runs: 1 },
];

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

const roots = places.map((place) => place.split(/=(.*)/s).slice(0, 2));
const server = await serve(
  { bench: import.meta.dirname, ...Object.fromEntries(roots.map(([name, to]) => [name, path.resolve(to)])) },
  path.resolve(kept),
);
const browser = await launch();

/** Those who run in a part of the race and are asked a question. */
function racing(part, question) {
  return contestants.filter(
    ({ parts, only }) => parts.includes(part) && (!question || !only || only.includes(question.name)),
  );
}

/** A new profile with one contestant, who has answered a question or run out of time. */
async function enter(contestant, question, most = Infinity) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on("pageerror", (error) => print(`  ${contestant.name}: ${error.message}`));
  server.take();
  await page.goto(`${server.url}bench/race.html`);
  await page.waitForFunction(() => globalThis.first);
  const answering = page.evaluate(([c, q]) => globalThis.first(c, q), [contestant, question]);
  let timer;
  const late = new Promise((resolve) => {
    if (most < Infinity) timer = setTimeout(() => resolve({ ms: Infinity }), most);
  });
  const { ms, answer } = await Promise.race([answering, late]);
  clearTimeout(timer);
  if (ms === Infinity) answering.catch(() => {});
  return { context, page, ms, answer, ...server.take() };
}

const COLUMN = 15;
const cell = (text) => text.padStart(COLUMN);
const number = (n) => (n < 10 ? n.toFixed(1) : n.toFixed(0));
const times = (n) => `${n >= 10 ? n.toFixed(0) : n.toFixed(1)} ×`;
const row = (name, cells) => print(`${name.padEnd(22)}${cells.map(cell).join("")}`);

const core = (results) => results.find(({ contestant }) => contestant.side === "core");

/** The best of the opponents ÷ the core engine, of a figure of which less is better. */
function ratio(results, pick) {
  const theirs = results.filter(({ contestant }) => contestant.side === "opponent").map(pick);
  return Math.min(...theirs) / pick(core(results));
}

function summary(what, ratios) {
  const goal = ratios.filter((n) => n >= 5).length;
  print(
    `${what}: best of the opponents ÷ core, median ${times(median(ratios))}, smallest ` +
      `${times(Math.min(...ratios))}; five times or more for ${goal} of ${ratios.length} questions`,
  );
}

async function cold() {
  const field = racing("cold");
  // The first page of a browser waits for the browser.
  await (await enter(field[0], chosen[0])).context.close();
  for (const network of NETWORKS) {
    server.pace(network.bits, network.delay);
    print(`\nCold, a new profile each, ${network.name}: MB moved, ms to the first result`);
    row("", [...field.map(({ name }) => name), "bytes", "time"]);
    const ratios = { bytes: [], ms: [] };
    for (const question of chosen) {
      const results = [];
      for (const contestant of racing("cold", question)) {
        const runs = [];
        while (runs.length < network.runs && runs.at(-1)?.ms !== Infinity) {
          const result = await enter(contestant, question, COLD_MS);
          await result.context.close();
          runs.push(result);
        }
        results.push({ contestant, ...runs.at(-1), ms: median(runs.map(({ ms }) => ms)) });
      }
      const ours = core(results);
      for (const { contestant, answer, ms } of results) {
        if (ms === Infinity) continue;
        assert.ok(alike(ours.answer, answer), `${contestant.name} has another answer to ${question.name}`);
      }
      // Who ran out of time would have moved more still.
      const found = [ratio(results, (r) => r.bytes), ratio(results, (r) => r.ms)];
      ratios.bytes.push(found[0]);
      ratios.ms.push(found[1]);
      const cells = field.map((contestant) => {
        const result = results.find((r) => r.contestant === contestant);
        if (!result) return "–";
        const ms = result.ms === Infinity ? `> ${COLD_MS}` : number(result.ms);
        return `${(result.bytes / 1e6).toFixed(2)} ${ms.padStart(7)}`;
      });
      row(question.name, [...cells, ...found.map(times)]);
    }
    summary("bytes", ratios.bytes);
    summary("time", ratios.ms);
  }
}

async function warm() {
  server.pace(Infinity, 0);
  const field = racing("warm");
  print(`\nWarm: median ms of ${WARM} runs after a first one; (n): so many runs, for they took too long`);
  row("", [...field.map(({ name }) => name), "time"]);
  const pages = new Map();
  for (const contestant of field) {
    const first = chosen.find((question) => !contestant.only || contestant.only.includes(question.name));
    if (first) pages.set(contestant, await enter(contestant, first));
  }
  const ratios = [];
  for (const question of chosen) {
    const results = [];
    for (const contestant of racing("warm", question)) {
      const { page } = pages.get(contestant);
      const { answer } = await page.evaluate((q) => globalThis.again(q, 1, 0), question);
      const { ms } = await page.evaluate(
        ([q, n, most]) => globalThis.again(q, n, most),
        [question, WARM, WARM_MS],
      );
      results.push({ contestant, answer, ms: median(ms), runs: ms.length });
    }
    const ours = core(results);
    for (const { contestant, answer } of results) {
      assert.ok(alike(ours.answer, answer), `${contestant.name} has another answer to ${question.name}`);
    }
    const found = ratio(results, (r) => r.ms);
    ratios.push(found);
    const cells = field.map((contestant) => {
      const result = results.find((r) => r.contestant === contestant);
      if (!result) return "–";
      return `${number(result.ms)}${result.runs < WARM ? ` (${result.runs})` : ""}`;
    });
    row(question.name, [...cells, times(found)]);
  }
  print(
    `best of the opponents ÷ core: median ${times(median(ratios))}, smallest ${times(Math.min(...ratios))}; ` +
      `core is faster for ${ratios.filter((n) => n > 1).length} of ${ratios.length} questions`,
  );
  for (const { context } of pages.values()) await context.close();
}

try {
  for (const { name, about } of contestants) print(`${name.padEnd(16)}${about}`);
  if (process.env.BENCH_PART !== "warm") await cold();
  if (process.env.BENCH_PART !== "cold") await warm();
} finally {
  await browser.close();
  server.close();
}
