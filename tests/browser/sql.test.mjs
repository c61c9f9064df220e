// The SQL console. Run by the integration tests, which set
//   SITE_URL  where it is served, with its prefix
//   EXPECTED  JSON: `events` and `accidents`, counted by PostgreSQL
//   HOST      which kind of host serves it; on others than `plain` only what hosts can break is tried
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { launch, site, violations, visit } from "./chromium.mjs";

const expected = JSON.parse(process.env.EXPECTED);
const plain = (process.env.HOST ?? "plain") === "plain";
const only = { skip: plain ? false : "tried on the plain host" };

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const done = (rows) => `#sql-status[data-rows="${rows}"]`;
const content = "#sql-editor .cm-content";

async function open(page, hash = "") {
  // The module is large, and a machine may have more to do.
  page.setDefaultTimeout(120_000);
  await page.goto(`${site}sql/${hash}`);
  await page.waitForSelector(content);
}

/** Writes a statement as a visitor does. */
async function write(page, sql) {
  await page.click(content);
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(sql);
}

const cells = (page) => page.locator("#sql-rows tbody td").allInnerTexts();

test("a statement runs by keyboard alone, and the module loads only then", () =>
  visit(browser, async (page, requests) => {
    await open(page);
    assert.ok(!requests.some((url) => url.endsWith(".wasm")), "nothing is loaded ahead");
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press("Tab");
      const inside = await page.evaluate(() => document.activeElement?.id === "sql-editor");
      if (inside) break;
    }
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText("SELECT count(*) AS events FROM events");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector(done(1));
    assert.deepEqual(await cells(page), [String(expected.events)]);
    assert.ok(requests.some((url) => url.endsWith("/windsock_sql_bg.wasm")));
    assert.ok(!requests.some((url) => url.endsWith("/windsock_bg.wasm")), "the other module is not needed");
    assert.ok(!requests.some((url) => url.endsWith(".parquet")), "the manifest counts the rows");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.id), "sql-run", "the keyboard gets out");
  }));

test("files are read whole and only those that are needed", () =>
  visit(browser, async (page, requests) => {
    await open(page);
    await write(page, "SELECT count(DISTINCT ev_id) AS accidents FROM explore WHERE ev_type = 'ACC' AND ev_year >= 2000");
    await page.click("#sql-run");
    await page.waitForSelector(done(1));
    assert.deepEqual(await cells(page), [String(expected.accidents)]);
    const files = requests.filter((url) => url.endsWith(".parquet"));
    assert.ok(files.length > 1 && files.every((url) => /ev_year=20/.test(url)), files.join(" "));
  }));

test("mistakes are explained, and nothing else breaks", only, () =>
  visit(browser, async (page) => {
    await open(page);
    await write(page, "SELECT ev_stat FROM explore");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector("#sql-error:not([hidden])");
    assert.match(await page.innerText("#sql-error"), /No field named ev_stat/);
    assert.deepEqual(await violations(page), []);
    await write(page, "DROP TABLE explore");
    await page.keyboard.press("Control+Enter");
    await page.waitForFunction(() => /only be read/.test(document.querySelector("#sql-error").innerText));
    await write(page, "SELECT 'x' AS letter");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector(done(1));
    assert.ok(await page.isHidden("#sql-error"));
  }));

const endless = "SELECT count(*) FROM explore a, explore b, explore c WHERE a.fatalities + b.fatalities + c.fatalities < 0";

test("a long statement can be stopped, and the next one runs", only, () =>
  visit(browser, async (page) => {
    await open(page);
    await write(page, endless);
    await page.keyboard.press("Control+Enter");
    await page.waitForFunction(() => document.querySelector("#sql-status").innerText === "Running…");
    // It computes by now and hears nothing: only the end of its worker stops it.
    await page.waitForTimeout(1500);
    const asked = Date.now();
    await page.click("#sql-stop");
    await page.waitForFunction(() => document.querySelector("#sql-status").innerText === "Stopped.");
    assert.ok(Date.now() - asked < 3000, `${Date.now() - asked} ms to stop`);
    await write(page, "SELECT count(*) AS events FROM events");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector(done(1));
    assert.deepEqual(await cells(page), [String(expected.events)]);
  }));

test("a link brings statement, result and chart back; so does going back", () =>
  visit(browser, async (page) => {
    await open(page);
    await page.click("#sql-run");
    await page.waitForSelector("#sql-status[data-rows]");
    await page.click("#sql-chart-box summary");
    await page.waitForSelector("#sql-chart .main-svg");
    await page.selectOption("#chart-form", "bars");
    await page.waitForFunction(() => location.hash.startsWith("#s="));
    const rows = await page.locator("#sql-rows tbody tr").count();
    await page.waitForTimeout(300);
    const link = page.url();
    await page.goto("about:blank");
    await page.goto(link);
    await page.waitForSelector("#sql-chart .main-svg");
    assert.equal(await page.locator("#sql-rows tbody tr").count(), rows);
    assert.equal(await page.inputValue("#chart-form"), "bars");

    await write(page, "SELECT 1 AS one");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector(done(1));
    await page.goBack();
    await page.waitForFunction((n) => document.querySelectorAll("#sql-rows tbody tr").length === n, rows);
    assert.match(await page.innerText(content), /GROUP BY ev_year/);

    await page.goto(`${site}sql/#q=${encodeURIComponent("SELECT 1 + 1 AS \"two & two\"")}`);
    await page.waitForSelector(done(1));
    assert.deepEqual(await cells(page), ["2"]);
  }));

test("a damaged link says so", only, () =>
  visit(browser, async (page) => {
    await open(page, "#s=notalink");
    await page.waitForSelector("#sql-error:not([hidden])");
    assert.match(await page.innerText("#sql-error"), /damaged/);
  }));

test("words complete themselves, and the policy refuses no style", only, () =>
  visit(browser, async (page) => {
    await open(page);
    await write(page, "SELECT count(*) FROM expl");
    await page.keyboard.press("Control+Space");
    await page.waitForSelector("#sql-editor .cm-tooltip-autocomplete >> text=explore");
    // It takes no key in the first moment, lest a line end be taken for a choice.
    await page.waitForTimeout(200);
    await page.keyboard.press("Enter");
    await page.keyboard.type(" WHERE explore.ev_stat");
    await page.waitForSelector("#sql-editor .cm-tooltip-autocomplete >> text=ev_state");
    assert.match(await page.innerText(content), /FROM explore WHERE/);
    const keyword = page.locator("#sql-editor .cm-line span", { hasText: "SELECT" }).first();
    const [colour, ink] = await keyword.evaluate((span) => [
      getComputedStyle(span).color, getComputedStyle(document.body).color,
    ]);
    assert.notEqual(colour, ink, "keywords are coloured");
    assert.equal(await page.evaluate(() => document.querySelectorAll("style").length), 0);
  }));

test("results are paged, cut, downloaded whole and remembered", only, () =>
  visit(browser, async (page) => {
    await open(page);
    await write(page, "SELECT e.ev_id, n.value AS n, 'a,\"b\"' AS text FROM events e, generate_series(1, 10) AS n ORDER BY 1, 2");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector(done(10_000));
    assert.match(await page.innerText("#sql-status"), /first 10,000 rows, there are more/);
    assert.equal(await page.locator("#sql-rows tbody tr").count(), 100);
    await page.click("#sql-next");
    assert.match(await page.innerText("#sql-page"), /101 to 200 of 10,000/);
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#sql-csv")]);
    const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\r\n");
    assert.equal(lines.length, 1 + expected.events * 10);
    assert.equal(lines[0], "ev_id,n,text");
    assert.match(lines[1], /,1,"a,""b"""$/);
    await page.reload();
    await page.waitForSelector("#sql-past li code >> text=generate_series");
    await page.click("#sql-past >> text=Forget them");
    assert.equal(await page.locator("#sql-past li").count(), 0);
  }));

test("examples, tables and plans", only, () =>
  visit(browser, async (page) => {
    await open(page);
    await page.click("#sql-examples summary >> text=How a query will run");
    await page.click("#sql-examples .table[open] >> text=Run this");
    await page.waitForSelector("#sql-rows .lines >> text=LakeScan: table=explore");
    await page.click('[data-table="states"] summary');
    await page.click('[data-table="states"] >> text=Show rows');
    await page.waitForFunction(() => document.querySelector("#sql-rows thead")?.innerText.includes("state"));
    assert.deepEqual(await violations(page), []);
  }));

test("the page can be read without JavaScript", only, async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${site}sql/`);
  assert.ok(await page.isHidden("#sql"));
  assert.ok(await page.isVisible("#sql-examples summary >> nth=0"));
  assert.ok((await page.locator("#sql-tables [data-table]").count()) > 20);
  await context.close();
});
