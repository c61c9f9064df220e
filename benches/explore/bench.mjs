// Whether the explore page ever stops: a hundred filter changes, a map that is moved, a list that is
// scrolled, over a lake of real size. Prints the tasks of the page's main thread, as long as they
// took (wall) and as long as they computed (CPU): on a busy machine only the latter is the page's own.
//   node bench.mjs SITE KEPT PLOTLY
import { readFile } from "node:fs/promises";
import os from "node:os";

import { launch } from "../../tests/browser/chromium.mjs";
import { serve } from "../browser/server.mjs";

const [site, kept, plotly] = process.argv.slice(2);
/** What users notice, and what a task may take: https://web.dev/articles/rail. */
const LIMIT = 50;

const server = await serve({ site }, kept);
const browser = await launch();
// The motions below are told to the page as text, which its own policy would refuse.
const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, bypassCSP: true });
const answered = "#result-count[data-events]";
const fresh = () => page.waitForFunction(() =>
  document.querySelector("#result-count[data-events]") && !document.querySelector("#results").classList.contains("stale"));

/** Tasks of the main thread of the page while something is done, in ms. */
async function traced(act) {
  await browser.startTracing(page, { categories: ["toplevel", "devtools.timeline", "__metadata"] });
  const figures = await act();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const mains = new Set(traceEvents
    .filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain")
    .map(({ pid, tid }) => `${pid}.${tid}`));
  const tasks = traceEvents
    .filter(({ name, ph, pid, tid }) => name.endsWith("RunTask") && ph === "X" && mains.has(`${pid}.${tid}`))
    .map(({ dur, tdur = dur }) => ({ wall: dur / 1000, cpu: tdur / 1000 }));
  return { tasks, figures };
}

function report(what, { tasks, figures = {} }) {
  const most = (of) => Math.max(0, ...tasks.map((task) => task[of])).toFixed(1);
  const over = (of) => tasks.filter((task) => task[of] > LIMIT).length;
  const more = Object.entries(figures).map(([name, value]) => `; ${name} ${value}`).join("");
  console.log(`${what}: ${tasks.length} tasks; longest ${most("cpu")} ms CPU, ${most("wall")} ms wall; ` +
    `over ${LIMIT} ms: ${over("cpu")} CPU, ${over("wall")} wall${more}`);
}

/** Frames while something moves, as the page sees them. */
const frames = (act) => page.evaluate(async (source) => {
  const step = new Function("turn", source);
  const gaps = [];
  let last = performance.now();
  for (let turn = 0; turn < 180; turn += 1) {
    step(turn);
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const now = performance.now();
    gaps.push(now - last);
    last = now;
  }
  gaps.sort((a, b) => a - b);
  const at = (part) => gaps[Math.floor(gaps.length * part)].toFixed(1);
  return { "frame every, median": `${at(0.5)} ms`, "95 %": `${at(0.95)} ms` };
}, act);

console.log(`${os.cpus().length} processors, load ${os.loadavg()[0].toFixed(1)}, Chromium ${browser.version()}`);
await page.goto(`${server.url}site/explore/index.html`);
await page.waitForSelector(answered, { timeout: 300_000 });
await fresh();
console.log(await page.innerText("#result-count"));

report("100 filter changes", await traced(async () => {
  const select = await page.$$eval("#f-severity option", (options) => options.map(({ value }) => value));
  await page.evaluate(async (values) => {
    const field = document.querySelector("#f-severity");
    for (let turn = 0; turn < 100; turn += 1) {
      field.value = values[turn % values.length];
      field.dispatchEvent(new Event("input", { bubbles: true }));
      await new Promise((resolve) => setTimeout(resolve, 20 + (turn % 5) * 20));
    }
  }, select);
  await fresh();
}));

await page.goto(`${server.url}site/explore/index.html?view=map&at=38,-96,4`);
await page.waitForSelector("#map[data-total]", { timeout: 300_000 });
console.log(`${await page.getAttribute("#map", "data-total")} points on the map`);
// The map answers to the same events a hand makes.
const drag = (type, x, y) => `canvas.dispatchEvent(new PointerEvent("${type}", { pointerId: 1, bubbles: true,
  pointerType: "mouse", clientX: box.left + ${x}, clientY: box.top + ${y} }));`;
const canvas = 'const canvas = document.querySelector("#map canvas"); canvas.setPointerCapture = () => {}; const box = canvas.getBoundingClientRect();';
report("map dragged for 180 frames", await traced(() => frames(`${canvas}
  if (turn === 0) { ${drag("pointerdown", 600, 250)} }
  const at = [600 - 250 * Math.sin(turn / 20), 250 + 100 * Math.sin(turn / 31)];
  ${drag("pointermove", "at[0]", "at[1]")}
  if (turn === 179) { ${drag("pointerup", 600, 250)} }`)));
report("map zoomed for 180 frames", await traced(() => frames(`${canvas}
  canvas.focus({ preventScroll: true });
  canvas.dispatchEvent(new WheelEvent("wheel", { deltaY: turn % 60 < 30 ? -24 : 24, bubbles: true, cancelable: true,
    clientX: box.left + 500, clientY: box.top + 250 }));`)));

await page.goto(`${server.url}site/explore/index.html`);
await page.waitForSelector(answered, { timeout: 300_000 });
await fresh();
await page.locator("#list-scroll").scrollIntoViewIfNeeded();
report("list scrolled for 180 frames", await traced(() => frames(`
  const list = document.querySelector("#list-scroll");
  list.scrollTop += turn % 60 === 59 ? 90000 : 90;`)));
console.log(`rows in the document: ${await page.locator("#list tbody tr").count()} of ${await page.getAttribute("#list", "aria-rowcount")}`);

// The same chart by the library that draws the other pages' charts.
await page.addScriptTag({ content: await readFile(plotly, "utf8") });
const modules = await page.$eval("script[src*='explore.js']", (script) => new URL(".", script.src).href);
const drawn = await page.evaluate(async (folder) => {
  const { plot } = await import(`${folder}plot.js`);
  const groups = Array.from({ length: 60 }, (_, at) => ({ name: String(1962 + at), values: [3000 - at * 25, 900 - at * 7] }));
  const place = document.querySelector("#chart").cloneNode();
  document.querySelector("#chart").after(place);
  const median = async (act) => {
    const times = [];
    for (let turn = 0; turn < 21; turn += 1) {
      const start = performance.now();
      await act(turn);
      place.getBoundingClientRect();
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[10];
  };
  const vary = (turn) => groups.map(({ name, values }) => ({ name, values: values.map((n) => n + turn) }));
  const own = await median((turn) => plot(place, { kind: "columns", heading: "Year", names: ["Events", "Deaths"], groups: vary(turn) }));
  const other = place.cloneNode();
  place.replaceWith(other);
  const library = await median((turn) => globalThis.Plotly.react(other, ["Events", "Deaths"].map((name, at) => ({
    type: "bar", name, x: groups.map((group) => group.name), y: vary(turn).map(({ values }) => values[at]),
  })), { height: 340, barmode: "group" }, { displayModeBar: false }));
  return { own, library };
}, modules);
console.log(`chart of 60 years drawn again: ${drawn.own.toFixed(1)} ms, plotly.js ${drawn.library.toFixed(1)} ms, ` +
  `${(drawn.library / drawn.own).toFixed(1)} times as long`);

await browser.close();
server.close();
