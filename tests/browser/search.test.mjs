// Searching texts: what is found is what PostgreSQL finds. Run as `site.test.mjs` is.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { launch, site, violations, visit } from "./chromium.mjs";

const { searched, old } = JSON.parse(process.env.EXPECTED);

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const found = (page, total) => page.waitForSelector(`#search[data-total="${total}"]`);
/** Results are filled as they come into view. */
const filled = (page) => page.waitForFunction(() => {
  const waiting = document.querySelector(".result[aria-busy]");
  waiting?.scrollIntoView();
  return !waiting;
});

test("words of a query are split as the generator splits texts", async () => {
  const list = await readFile(new URL("../../generator/src/stage/emit/search/words.tsv", import.meta.url), "utf8");
  await visit(browser, async (page) => {
    await page.goto(`${site}search/`);
    const script = await page.locator("script[src*='search.js']").getAttribute("src");
    const module = new URL("words.js", new URL(script, site)).href;
    const lines = list.split("\n").slice(1).filter(Boolean).map((line) => line.split("\t"));
    const split = await page.evaluate(async ([address, texts]) => {
      const { words } = await import(address);
      return texts.map((text) => words(text)
        .flatMap(({ word, compound }) => [...(compound ? [`+${compound}`] : []), word]).join(" "));
    }, [module, lines.map(([text]) => text)]);
    assert.ok(lines.length > 20);
    assert.deepEqual(split, lines.map(([, words]) => words));
  });
});

for (const { query, events } of searched) {
  test(`${query} finds the ${events} events PostgreSQL finds`, () =>
    visit(browser, async (page, requests) => {
      await page.goto(`${site}search/`);
      await page.fill("#search-text", query);
      await page.press("#search-text", "Enter");
      await found(page, events);
      await filled(page);
      const shown = Math.min(10, events);
      assert.equal(await page.locator("#search-found .result").count(), shown);
      assert.equal(await page.locator("#search-found .result:has(mark)").count(), shown, "each excerpt marks a word");
      assert.ok(!requests.some((url) => url.endsWith(".wasm")), "searching needs no wasm");
      const bytes = Number(await page.locator("#search").getAttribute("data-bytes"));
      assert.ok(bytes < 400_000, `${bytes} bytes`);
    }));
}

test("what is chosen narrows down, stands in the address and comes back", () =>
  visit(browser, async (page) => {
    const { query, events } = searched[0];
    await page.goto(`${site}search/?q=${encodeURIComponent(query)}`);
    await found(page, events);
    assert.ok(await page.locator("#search-facets").evaluate((details) => details.open));
    const fatal = page.locator("#search-facets label", { hasText: "Fatal" });
    const count = Number(await fatal.locator("small").innerText());
    assert.ok(count > 0 && count < events);
    await fatal.locator("input").check();
    await found(page, count);
    await page.selectOption("#search-order", "new");
    await page.waitForFunction(() => location.search.includes("sort=new"));
    await filled(page);
    const titles = await page.locator("#search-found a").allInnerTexts();
    assert.ok(titles.every((title) => title.startsWith("Fatal")), titles.join("; "));
    const years = titles.map((title) => Number(title.match(/(\d{4})-\d\d-\d\d/)[1]));
    assert.deepEqual(years, years.toSorted((a, b) => b - a));
    const link = page.url();
    assert.match(link, /severity=FATL/);
    await page.goto("about:blank");
    await page.goto(link);
    await found(page, count);
    assert.ok(await page.locator("#search-facets input[value=FATL]").isChecked());
    await page.locator("#search-facets input[value=FATL]").uncheck();
    await found(page, events);
    await page.goBack();
    await found(page, count);
    const sum = await page.locator("#search-facets fieldset").first().locator("small").allInnerTexts();
    assert.equal(sum.reduce((total, text) => total + Number(text.replaceAll(",", "")), 0), events);
  }));

test("keys lead from anywhere to a record", () =>
  visit(browser, async (page) => {
    await page.goto(`${site}search/`);
    await page.keyboard.press("/");
    assert.equal(await page.evaluate(() => document.activeElement.id), "search-text");
    await page.keyboard.type("power");
    await page.waitForSelector("#search[data-total]");
    await filled(page);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    const href = await page.evaluate(() => document.activeElement.href);
    assert.match(href, /event\/\?id=/);
    await page.keyboard.press("Enter");
    await page.waitForURL(href);
    await page.waitForSelector("#event[data-drawn]");
    await page.goto(`${site}search/`);
    await page.fill("#search-text", old.ntsb_no);
    await page.keyboard.press("Enter");
    await page.waitForSelector(`#event[data-drawn="${old.ev_id}"]`);
  }));

test("a word is completed while it is typed, and a wrong one gets a suggestion", () =>
  visit(browser, async (page) => {
    await page.goto(`${site}search/`);
    await page.fill("#search-text", "turbulen");
    await page.waitForSelector("#search-found mark");
    assert.match((await page.innerText("#search-found mark")).toLowerCase(), /^turbulen/);
    await page.fill("#search-text", "turbulance ");
    await page.click("#search-status button");
    await page.waitForSelector("#search-found mark");
    assert.match(page.url(), /q=turbulence/);
  }));

test("small words alone and nothing found are explained; axe finds nothing with results", async () => {
  for (const [width, colorScheme] of [[390, "dark"], [1440, "light"]]) {
    await visit(browser, async (page) => {
      await page.goto(`${site}search/?q=${encodeURIComponent("the of")}`);
      await page.waitForFunction(() => /Every report has/.test(document.getElementById("search-status").textContent));
      await page.goto(`${site}search/?q=zzzqqq`);
      await page.waitForFunction(() => /No report/.test(document.getElementById("search-status").textContent));
      await page.goto(`${site}search/?q=pilot`);
      await page.waitForSelector("#search-found mark");
      await filled(page);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      assert.ok(overflow <= 0, `${overflow} px wider than ${width} px`);
      assert.deepEqual(await violations(page), []);
    }, { viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" });
  }
});
