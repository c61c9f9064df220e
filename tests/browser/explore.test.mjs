// The explore page under haste and on hosts that do not serve what was published. Run as
// `site.test.mjs` is, with MDB, a file to be opened.
import assert from "node:assert/strict";
import { copyFile, readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";

import { launch, site, visit } from "./chromium.mjs";

const { filtered, mdb } = JSON.parse(process.env.EXPECTED);
const expected = { ...filtered, mdb };
const answered = "#result-count[data-events]";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const count = (page) => page.locator(answered).evaluate((e) => Number(e.dataset.events));

function shows(page, events) {
  return page.waitForSelector(`#result-count[data-events="${events}"]`);
}

async function open(page, search = "") {
  await page.goto(`${site}explore/${search}`);
  await page.waitForSelector(answered);
}

const year = `?from=${expected.year}&to=${expected.year}`;

test("a hundred changes in a row: no stale answer, no long task, no growing memory", () =>
  visit(browser, async (page, _requests, context) => {
    await page.addInitScript(() => {
      globalThis.longTasks = [];
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) globalThis.longTasks.push(entry.duration);
      }).observe({ type: "longtask" });
    });
    await open(page, year);
    const whole = await count(page);
    const devtools = await context.newCDPSession(page);
    const heap = async () => {
      await devtools.send("HeapProfiler.collectGarbage");
      return (await devtools.send("Runtime.getHeapUsage")).usedSize;
    };
    const change = (turns) =>
      page.evaluate(
        async ([n, state]) => {
          // What is shown must always belong to the form's present state: the page says which.
          const seen = [];
          const shown = document.querySelector("#result-count");
          const watch = new MutationObserver(() => {
            const { value } = document.querySelector("#f-state");
            seen.push([value, Number(shown.dataset.events)]);
          });
          watch.observe(shown, { attributes: true, attributeFilter: ["data-events"] });
          const select = document.querySelector("#f-state");
          for (let turn = 0; turn < n; turn += 1) {
            select.value = turn % 2 ? state : "";
            select.dispatchEvent(new Event("input", { bubbles: true }));
            await new Promise((resolve) => setTimeout(resolve, turn % 7));
          }
          await new Promise((resolve) => setTimeout(resolve, 1500));
          watch.disconnect();
          return seen;
        },
        [turns, expected.state],
      );
    await change(20);
    const before = await heap();
    const tasks = await page.evaluate(() => globalThis.longTasks.length);
    const seen = await change(100);
    await shows(page, expected.events);
    const grown = (await heap()) - before;
    const long = await page.evaluate((from) => globalThis.longTasks.slice(from), tasks);
    for (const [state, events] of seen) {
      assert.equal(events, state === "" ? whole : expected.events, "a stale answer was shown");
    }
    await page.waitForFunction(() => !document.querySelector("#results").classList.contains("stale"));
    // All of what is shown, as a page says it that was asked once.
    const said = () => page.evaluate(() =>
      ["#result-count", "#list", "#group-table", "#chips", "#query-sql", "#f-make"].map((part) => document.querySelector(part).textContent));
    const hasty = await said();
    await page.goto("about:blank");
    await open(page, `${year}&state=${expected.state}`);
    await page.waitForFunction(() => !document.querySelector("#results").classList.contains("stale"));
    assert.deepEqual(await said(), hasty);
    assert.ok(grown < 2_000_000, `${grown} bytes more after a hundred answers`);
    console.log(`100 changes: ${seen.length} answers shown, long tasks ${JSON.stringify(long)}, heap ${grown} bytes`);
  }));

test("groups, narratives, columns and bins are in the link and come back", () =>
  visit(browser, async (page) => {
    await open(page, year);
    const all = await count(page);
    await page.click("#group-builder summary");
    await page.selectOption("#g-target", "none");
    await page.selectOption("#g-parameter", "state");
    await page.selectOption("#g-value", expected.state);
    await page.click("#g-add");
    await shows(page, all - expected.events);
    await page.click("#columns summary");
    await page.check("#columns input[value=far_part]");
    await page.waitForSelector('#list [data-column="far_part"]');
    await page.selectOption("#group-by", "phase");
    await page.selectOption("#group-by-2", "ev_highest_injury");
    await page.click("#cross summary");
    await page.waitForSelector("#cross-table tbody tr");
    const cells = await page.locator("#cross-table td").allInnerTexts();
    const sum = cells.reduce((total, text) => total + (Number(text.replaceAll(",", "")) || 0), 0);
    assert.ok(sum >= all - expected.events, "an event may have several phases");
    await page.waitForFunction(() => location.search.includes("none=") && location.search.includes("by="));
    const link = page.url();
    await page.goto("about:blank");
    await page.goto(link);
    await shows(page, all - expected.events);
    await page.waitForSelector('#list [data-column="far_part"]');
    await page.click("#queries summary");
    assert.match(await page.innerText("#query-sql"), /\(ev_state = .*\) IS NOT TRUE/);
    assert.match(await page.innerText("#query-words"), /none of: State/);
  }));

test("words in narratives read the narratives only then", () =>
  visit(browser, async (page, requests) => {
    await open(page, year);
    const all = await count(page);
    assert.ok(!requests.some((url) => url.includes("/narratives/")));
    await page.fill("#f-narrative", "the");
    await page.waitForFunction(() => location.search.includes("text="));
    await page.waitForFunction(
      () => !document.querySelector("#results").classList.contains("stale"),
    );
    assert.ok(requests.some((url) => url.includes("/narratives/")));
    assert.ok((await count(page)) <= all);
  }));

test("a filter is compared with another one", () =>
  visit(browser, async (page) => {
    await open(page, `${year}&state=${expected.state}`);
    await page.click("#compare");
    await page.selectOption("#f-state", "");
    await page.waitForFunction(() => location.search.includes("vs="));
    await page.waitForFunction(
      (events) => document.querySelector("#group-table tbody td:last-child")?.textContent === events,
      new Intl.NumberFormat("en-US").format(expected.events),
    );
  }));

test("downloads hold every matching aircraft in each form", () =>
  visit(browser, async (page) => {
    await open(page, `${year}&state=${expected.state}`);
    const get = async (kind) => {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.click(`#download-${kind}`),
      ]);
      return JSON.parse(await readFile(await download.path(), "utf8"));
    };
    const records = await get("json");
    assert.equal(records.length, expected.aircraft);
    assert.ok(records.every((record) => record.ev_state === expected.state));
    const { features } = await get("geojson");
    assert.equal(features.length, records.filter(({ latitude }) => latitude !== null).length);
  }));

test("Parquet, Arrow and what they mean come from a module that only they load", () =>
  visit(browser, async (page, requests) => {
    await open(page, `${year}&state=${expected.state}`);
    assert.ok(!requests.some((url) => url.includes("windsock_export")));
    for (const form of ["parquet", "arrow", "readme"]) {
      const [download] = await Promise.all([page.waitForEvent("download"), page.click(`#download-${form}`)]);
      // What the integration test opens with DuckDB and Arrow.
      await copyFile(await download.path(), path.join(process.env.EXPORTS, `explore.${form}`));
    }
    assert.ok(requests.some((url) => url.endsWith("windsock_export_bg.wasm")));
    const words = await readFile(path.join(process.env.EXPORTS, "explore.readme"), "utf8");
    for (const part of [`${expected.aircraft} rows`, "State is", "```sql", "`pilot_hours`", "Cite as", "Data as of 2", "public domain"]) {
      assert.ok(words.includes(part), part);
    }
    assert.ok(!words.includes("LIMIT"), "the file has all rows");
  }));

test("a list of any length has few elements, the right rows, and keys lead through it", () =>
  visit(browser, async (page) => {
    await open(page, "?sort=ev_date");
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#download-json")]);
    const records = JSON.parse(await readFile(await download.path(), "utf8"));
    const all = records.length;
    assert.equal(await page.getAttribute("#list", "aria-rowcount"), String(all + 1));
    const rows = () => page.$$eval("#list tr[data-row]:not([aria-busy])", (list) => list.map((row) =>
      [Number(row.ariaRowIndex), row.cells[0].textContent, row.cells[1].textContent]));
    const right = async () => {
      const shown = await rows();
      assert.ok(shown.length > 10 && shown.length < 120, `${shown.length} rows are elements`);
      for (const [index, date, ntsb] of shown) {
        assert.deepEqual([date, ntsb], [records[index - 2].ev_date ?? "–", records[index - 2].ntsb_no ?? "–"]);
      }
    };
    await right();
    for (const part of [0.5, 0.1, 1]) {
      await page.$eval("#list-scroll", (list, to) => (list.scrollTop = (list.scrollHeight - list.clientHeight) * to), part);
      await page.waitForFunction((at) => {
        const found = [...document.querySelectorAll("#list tr[data-row]:not([aria-busy])")].map((row) => Number(row.dataset.row));
        return found.some((row) => Math.abs(row - at) < 60);
      }, part * (all - 1));
      await page.waitForFunction(() => !document.querySelector("#list tr[aria-busy]"));
      await right();
    }
    assert.match(await page.innerText("#page-number"), new RegExp(`to ${new Intl.NumberFormat("en-US").format(all)} of`));
    await page.waitForFunction(() => location.search.includes("page="));
    await page.reload();
    await page.waitForFunction(() => document.querySelector("#list-scroll").scrollTop > 0);
    await page.$eval("#list-scroll", (list) => (list.scrollTop = 0));
    await page.waitForSelector("#list tr[data-row='0'] a");
    await page.focus("#list tr[data-row='0'] a");
    for (let step = 0; step < 40; step += 1) await page.keyboard.press("ArrowDown");
    await page.waitForFunction(() => document.activeElement.closest("tr")?.dataset.row === "40");
  }));

test("trends, histograms, bars and heat maps lead on, and their tables say the same", () =>
  visit(browser, async (page) => {
    await open(page, "?by=ev_year");
    for (const [by, kind] of [["ev_year", "trend"], ["ev_month", "columns"], ["pilot_hours:500", "histogram"], ["phase", "bars"]]) {
      await page.selectOption("#group-by", by);
      await page.waitForSelector(`#chart[data-kind=${kind}] svg.plot`);
    }
    await page.selectOption("#group-by", "ev_month");
    await page.waitForSelector("#chart[data-kind=columns]");
    const [title] = await page.locator("#chart .target title").allTextContents();
    const events = Number(/Events: ([\d,]+)/.exec(title)[1].replaceAll(",", ""));
    await page.locator("#chart .target").first().click();
    await shows(page, events);
    assert.match(page.url(), /by=ev_month/);
    await page.selectOption("#group-by-2", "ev_highest_injury");
    await page.waitForSelector("#heat .cell");
    const cell = page.locator("#heat .cell:not(.shade-0)").first();
    const count = Number((await cell.locator("title").textContent()).split(": ").at(-1).replaceAll(",", ""));
    await cell.click();
    await shows(page, count);
  }));

test("searches are kept in the browser, under names, and go when told to", () =>
  visit(browser, async (page) => {
    await open(page, `${year}&state=${expected.state}`);
    await page.click(".canned summary");
    await page.fill("#save-name", "<b>My state</b>");
    await page.click("#save-search button");
    assert.equal(await page.innerText("#saved a"), "<b>My state</b>");
    await page.goto(`${site}explore/`);
    await page.waitForSelector(answered);
    await page.click(".canned summary");
    await page.click("#saved a");
    await shows(page, expected.events);
    await page.click(".canned summary");
    await page.click("#saved button");
    assert.equal(await page.locator("#saved li").count(), 0);
    await page.reload();
    await page.waitForSelector(answered);
    assert.equal(await page.locator("#saved li").count(), 0);
  }));

test("a visitor's own MDB is read where it lies", () =>
  visit(browser, async (page, requests) => {
    await page.goto(`${site}mdb/`);
    requests.length = 0;
    await page.setInputFiles("#mdb-file", process.env.MDB);
    await page.click("#mdb-list button:text-is('events')");
    await page.click("#mdb-check");
    await page.waitForFunction(
      () => document.querySelector("#mdb-report").textContent.startsWith("Whole:"),
    );
    const [read] = /[\d,]+(?= rows read)/.exec(await page.innerText("#mdb-report"));
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#mdb-csv")]);
    const csv = await readFile(await download.path(), "utf8");
    assert.match(csv, /^ev_id,/);
    assert.equal(Number(read.replaceAll(",", "")), expected.mdb);
    assert.ok(csv.split("\r\n").length > expected.mdb);
    const sent = requests.filter((url) => !/\.(js|wasm|svg)$/.test(url) && !url.startsWith("blob:"));
    assert.deepEqual(sent, [], "nothing is asked of the server but the reader itself");
    await page.setInputFiles("#mdb-file", { name: "x.mdb", mimeType: "", buffer: Buffer.alloc(9000) });
    await page.waitForSelector("#mdb-status.caution");
  }));

/** Serves the data files as some host does. */
function host(context, respond) {
  const asked = new Map();
  return context.route("**/explore/**/*.parquet", async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    const url = route.request().url();
    asked.set(url, (asked.get(url) ?? 0) + 1);
    const { status = 200, headers = {}, bytes = body } = respond(body, asked.get(url));
    return route.fulfill({ status, headers: { "content-type": "application/octet-stream", ...headers }, body: bytes });
  });
}

for (const [name, respond] of [
  ["compressed without saying so", (body) => ({ bytes: gzipSync(body) })],
  ["old at first", (body, asked) => ({ bytes: asked > 1 ? body : Buffer.concat([body, body]) })],
]) {
  test(`files that come ${name} are read all the same`, () =>
    visit(browser, async (page, _requests, context) => {
      await host(context, respond);
      await open(page, `${year}&state=${expected.state}`);
      assert.equal(await count(page), expected.events);
    }));
}

for (const [name, respond, words] of [
  ["parts for wholes", (body) => ({ status: 206, bytes: body.subarray(0, 50) }), /only a part/],
  ["other bytes", (body) => ({ bytes: Buffer.from(body).fill(0, 8, 16) }), /SHA-256/],
  ["pages for files", () => ({ bytes: Buffer.from("<!doctype html>") }), /bytes instead of/],
]) {
  test(`a host that sends ${name} is told from the data`, () =>
    visit(browser, async (page, _requests, context) => {
      await host(context, respond);
      await page.goto(`${site}explore/${year}`);
      await page.waitForSelector("#error:not([hidden])");
      assert.match(await page.innerText("#error"), words);
    }));
}

test("a site that was updated meanwhile asks for a reload", () =>
  visit(browser, async (page, _requests, context) => {
    await host(context, () => ({ bytes: Buffer.from("newer") }));
    let asked = 0;
    await context.route("**/lake/manifest.json", async (route) => {
      asked += 1;
      const response = await route.fetch();
      const text = await response.text();
      return route.fulfill({ response, body: asked > 1 ? `${text}\n` : text });
    });
    await page.goto(`${site}explore/${year}`);
    await page.waitForSelector("#error:not([hidden])");
    assert.match(await page.innerText("#error"), /reload the page/);
  }));

test("files are kept by their hash for the next visit", () =>
  visit(browser, async (page, requests) => {
    await open(page, year);
    await page.waitForFunction(async () => {
      const cache = await caches.open("windsock-lake");
      return (await cache.keys()).some(({ url }) => url.includes("/explore/"));
    });
    requests.length = 0;
    await page.reload();
    await page.waitForSelector(answered);
    assert.ok(!requests.some((url) => url.endsWith(".parquet")), "nothing is fetched again");
  }));
