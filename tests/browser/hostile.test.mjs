// A site made of hostile text: nothing of it runs, and nothing that leaves the site is harmful.
// Run by the integration test of the same name, which sets
//   SITE_URL  where it is served, with its prefix
//   EXPECTED  JSON: its folder, hostile keys of events, the payloads, an MDB and a CSV file of them
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { after, before, test } from "node:test";

import { launch, site } from "./chromium.mjs";

const expected = JSON.parse(process.env.EXPECTED);

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** Figures for the report. */
const figures = { pages: 0, opened: 0, cells: 0, formulas: 0, files: 0 };

/** What may never happen on a page, told by the page itself. */
function detect() {
  globalThis.incidents = [];
  const incident = (what) => globalThis.incidents.push(what);
  globalThis.hostile = (number) => incident(`payload ${number} ran`);
  for (const name of ["alert", "confirm", "prompt"]) globalThis[name] = () => incident(name);
  addEventListener("securitypolicyviolation", (event) => incident(`refused: ${event.blockedURI} ${event.violatedDirective} ${event.sample}`), true);
}

/** Elements no page of the site has. */
const FORBIDDEN = "x-hostile, iframe, object, embed, base, math, video, audio, style, animate, use, " +
  "script:not([src]):not([type='application/ld+json']), meta[http-equiv='refresh' i], form[action*='evil'], " +
  "img[src*='evil'], link[href*='evil'], script[src*='evil'], img[src='x'], a[href*='script:' i], a[href^='data:' i], a[href*='evil.invalid']";

/** What is wrong with a document, whether it was opened or only parsed. */
function wrong(root, forbidden) {
  const found = [...root.querySelectorAll(forbidden)].map((element) => element.outerHTML.slice(0, 200));
  for (const element of root.querySelectorAll("*")) {
    for (const { name } of element.attributes) {
      if (name.startsWith("on")) found.push(`${element.tagName} ${name}`);
    }
  }
  return found;
}

/** Opens pages in one profile and fails on any sign of life. */
async function visit(use) {
  const context = await browser.newContext({ serviceWorkers: "block", acceptDownloads: true });
  await context.addInitScript(detect);
  const trouble = [];
  const origin = new URL(site).origin;
  context.on("page", (page) => {
    page.on("dialog", (dialog) => {
      trouble.push(`dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    page.on("pageerror", (error) => trouble.push(`${page.url()}: ${error}`));
    page.on("request", (request) => {
      const url = request.url();
      if (/^https?:/.test(url) && !url.startsWith(origin)) trouble.push(`asked for ${url}`);
      if (/evil|passwd/.test(new URL(url).pathname)) trouble.push(`asked for ${url}`);
    });
  });
  const page = await context.newPage();
  const look = async (path, ready) => {
    await page.goto(new URL(path, site).href);
    if (ready) await page.waitForSelector(ready, { timeout: 60_000 });
    figures.opened += 1;
    await calm(path);
  };
  const calm = async (what) => {
    // Frames for what loads images, plays, toggles or takes the focus.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30))));
    const incidents = await page.evaluate(() => globalThis.incidents);
    assert.deepEqual(incidents, [], what);
    assert.deepEqual(await page.evaluate(`(${wrong})(document, ${JSON.stringify(FORBIDDEN)})`), [], what);
    assert.deepEqual(trouble, [], what);
  };
  try {
    await use({ page, look, calm });
  } finally {
    await context.close();
  }
}

/** Results are filled as they come into view. */
function filled() {
  const waiting = document.querySelector(".result[aria-busy]");
  waiting?.scrollIntoView();
  return !waiting;
}

/** Cells of CSV by RFC 4180. */
function cells(text) {
  const rows = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === "") break;
    if (end !== ",") rows.push([]);
  }
  return rows.filter((row) => row.length > 1 || row[0] !== "");
}

/** A table no spreadsheet runs anything of, with as many cells in each row. */
function harmless(text, what) {
  const rows = cells(text);
  assert.ok(rows.length > 1, `${what} has rows`);
  for (const row of rows) {
    assert.equal(row.length, rows[0].length, `${what}: ${row.join("|").slice(0, 200)}`);
    for (const cell of row) {
      figures.cells += 1;
      if (cell.startsWith("'")) figures.formulas += 1;
      assert.ok(!/^[=+\-@\t\r]/.test(cell) || /^-?\d+(\.\d+)?(e-?\d+)?$/i.test(cell), `${what}: ${cell}`);
    }
  }
}

async function downloaded(page, selector) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(selector)]);
  figures.files += 1;
  return readFile(await download.path(), "utf8");
}

test("every page that comes as HTML parses to what its template has", () =>
  visit(async ({ page, look }) => {
    await look("");
    const names = await readdir(expected.dist, { recursive: true });
    const pages = names.filter((name) => name.endsWith(".html"));
    let shown = 0;
    for (const name of pages) {
      const html = await readFile(`${expected.dist}/${name}`, "utf8");
      if (/hostile\(|evil\.invalid/.test(html)) shown += 1;
      const found = await page.evaluate(
        `(${wrong})(new DOMParser().parseFromString(${JSON.stringify(html)}, "text/html"), ${JSON.stringify(FORBIDDEN)})`,
      );
      assert.deepEqual(found, [], name);
      for (const [, json] of html.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)) {
        JSON.parse(json);
        figures.files += 1;
      }
      assert.doesNotMatch(html, /[\u202a-\u202e\u2066-\u2069\u0000-\u0008]/, `${name}: text that turns around is shown by its number`);
    }
    figures.pages = pages.length;
    assert.ok(shown > 20, `hostile text is on ${shown} pages`);
  }));

test("one page of each kind, and pages of events, run nothing", () =>
  visit(async ({ page, look, calm }) => {
    const names = await readdir(expected.dist, { recursive: true });
    const kinds = new Map();
    for (const name of names.filter((path) => path.endsWith("index.html")).sort()) {
      const path = name.replace("index.html", "");
      const parts = path.split("/");
      const kind = `${parts[0]}/${parts.length}`;
      const most = { event: 25, aircraft: 6, airports: 6, states: 4, events: 4 }[parts[0]] ?? 8;
      kinds.set(kind, [...(kinds.get(kind) ?? []), path].slice(0, most));
    }
    for (const paths of kinds.values()) for (const path of paths) await look(path);
    await look("404.html");
    for (const key of expected.keys.slice(0, 40)) {
      await look(`event/?id=${encodeURIComponent(key)}`);
      await page.waitForFunction(() => !/Fetching/.test(document.getElementById("event-status")?.textContent ?? ""));
      await calm(key);
    }
    for (const payload of expected.payloads) {
      await look(`event/?id=${encodeURIComponent(payload)}`);
      await look(`tail/?n=${encodeURIComponent(payload)}`);
    }
  }));

test("finder and search show what they find as text", () =>
  visit(async ({ page, look, calm }) => {
    await look("");
    for (const payload of expected.payloads) {
      await page.fill("#finder-text", payload.slice(0, 12));
      await page.waitForTimeout(40);
      await calm(payload);
    }
    for (const payload of ["img", "script", "onerror", "svg onload", '"invalid"', "hostile -svg", "alert*", ...expected.payloads]) {
      const chosen = payload.length % 2 ? `&state=${encodeURIComponent(payload)}&year=${encodeURIComponent(payload)}` : "";
      await look(`search/?q=${encodeURIComponent(payload)}${chosen}`);
      await page.waitForFunction(filled);
      await calm(payload);
    }
    await look("search/?q=script", "#search-found .result mark");
    await page.waitForFunction(filled);
    assert.match(await page.innerText("#search-found"), /<script/i, "the excerpt shows the text itself");
    assert.doesNotMatch(await page.innerText("main"), /[\u202a-\u202e\u2066-\u2069]/);
  }));

test("explore shows and exports text", () =>
  visit(async ({ page, look, calm }) => {
    const answered = "#result-count[data-events]";
    await look("explore/", answered);
    for (const search of ["?q=script", "?text=script", "?by=acft_make", "?by=phase,ev_state", "?cols=ev_id,ev_city,apt_id,acft_make,regis_no&sort=ev_city",
      `?state=${encodeURIComponent("=1")}`, `?q=${encodeURIComponent("<img src=x onerror=hostile(99)>")}`]) {
      await look(`explore/${search}`, answered);
      await page.waitForTimeout(300);
      await calm(search);
    }
    await look("explore/", answered);
    harmless(await downloaded(page, "[data-form=csv]"), "CSV of explore");
    const rows = JSON.parse(await downloaded(page, "[data-form=json]"));
    assert.ok(rows.length > 500);
    assert.ok(JSON.stringify(rows).includes("hostile("), "JSON keeps the text as it is");
    const { type, features } = JSON.parse(await downloaded(page, "[data-form=geojson]"));
    assert.equal(type, "FeatureCollection");
    for (const { geometry } of features) {
      if (geometry !== null) assert.ok(geometry.coordinates.every(Number.isFinite));
    }
  }));

test("a hostile MDB and a hostile CSV file are shown, scored and exported as text", () =>
  visit(async ({ page, look, calm }) => {
    await look("mdb/");
    await page.setInputFiles("#mdb-file", expected.mdb);
    await page.waitForSelector("#mdb-list tbody button");
    const tables = await page.locator("#mdb-list tbody button").allInnerTexts();
    assert.ok(tables.length >= 20);
    for (const [at, name] of tables.entries()) {
      await page.locator("#mdb-list tbody button").nth(at).click();
      await page.waitForFunction((table) => document.getElementById("mdb-name").textContent === table, name);
      await calm(`table ${name}`);
      if ((await page.locator("#mdb-rows tbody tr").count()) > 0) harmless(await downloaded(page, "#mdb-csv"), `CSV of ${name}`);
    }
    await look("severity/");
    await page.setInputFiles("#batch-file", expected.batch);
    await page.click("#batch-run");
    await page.waitForSelector("#batch-status[data-rows]", { timeout: 60_000 });
    await calm("batch");
    harmless(await downloaded(page, "#batch-download"), "CSV of scores");
    for (const payload of expected.payloads) {
      await page.setInputFiles("#batch-file", { name: `${payload.replaceAll("/", "")}.csv`, mimeType: "text/csv", buffer: Buffer.from(`${payload}\n1\n`) });
      await page.click("#batch-run");
      await page.waitForFunction(() => !/Scoring/.test(document.getElementById("batch-status").textContent));
    }
    await calm("files of hostile names");
  }));

test("feeds, sitemap and indexes are well-formed", () =>
  visit(async ({ page, look }) => {
    await look("");
    const names = await readdir(expected.dist, { recursive: true });
    for (const name of names.filter((path) => /\.(atom|xml|svg)$/.test(path) && !path.startsWith("lake/"))) {
      const text = await readFile(`${expected.dist}/${name}`, "utf8");
      const problem = await page.evaluate((xml) => {
        const parsed = new DOMParser().parseFromString(xml, "application/xml");
        const scripts = parsed.querySelectorAll("script, image[href^='http'], [onload]").length;
        return parsed.querySelector("parsererror")?.textContent ?? (scripts > 0 ? "scripts" : "");
      }, text);
      assert.equal(problem, "", name);
      figures.files += 1;
    }
    for (const name of names.filter((path) => path.endsWith(".json") || path.endsWith(".webmanifest"))) {
      JSON.parse(await readFile(`${expected.dist}/${name}`, "utf8"));
      figures.files += 1;
    }
    console.log(`${figures.pages} pages parsed, ${figures.opened} opened, ${figures.files} files read, ` +
      `${figures.cells} cells of CSV, ${figures.formulas} of them disarmed`);
  }));
