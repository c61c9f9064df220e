// What visitors do with the site. Run by the integration tests, which set
//   SITE_URL  where it is served, with its prefix
//   EXPECTED  JSON: counts that PostgreSQL gives and probabilities that native code gives
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before } from "node:test";

import { everywhere, launch, once as test, site, violations, visit } from "./chromium.mjs";

const expected = JSON.parse(process.env.EXPECTED);
const pages = [
  "", "explore/", "sql/", "severity/", "severity/model-card/", "trends/", "quality/", "data/", "mdb/", "about/", "404.html",
  "events/", "states/", "aircraft/", "airports/", "tail/", "search/", "event/", "causes/",
  "trends/circumstances/", "trends/aircraft/", "trends/pilots/", "trends/completeness/",
  "glossary/", "guide/press/", "guide/pilots/", "accessibility/", "methods/", "changes/", "privacy/",
  "offline/", "data/api/", "data/dictionary/",
];
const answered = "#result-count[data-events]";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

async function counts(page) {
  await page.waitForSelector(answered);
  const { events, aircraft } = await page.locator("#result-count").evaluate((e) => ({ ...e.dataset }));
  return { events: Number(events), aircraft: Number(aircraft) };
}

/** Waits until the page shows this many events. */
function shows(page, events) {
  return page.waitForSelector(`#result-count[data-events="${events}"]`);
}

everywhere("home loads without the engine and leads to its numbers", () =>
  visit(browser, async (page, requests) => {
    await page.goto(site);
    assert.match(await page.title(), /Windsock/);
    await page.waitForLoadState("networkidle");
    assert.ok(!requests.some((url) => url.endsWith(".wasm")), "no wasm on the landing page");
    const link = page.locator("main a[href*='explore/?']").first();
    const shown = Number((await link.innerText()).replaceAll(/\D/g, ""));
    await link.click();
    assert.equal((await counts(page)).events, shown, "the number is what its link counts");
  }));

everywhere("explore finds what PostgreSQL counts, and its link finds the same", () =>
  visit(browser, async (page, _requests, context) => {
    const { state, year, events, aircraft } = expected.filtered;
    await page.goto(`${site}explore/`);
    const all = await counts(page);
    assert.ok(all.events > events);

    await page.fill("#f-year-from", String(year));
    await page.fill("#f-year-to", String(year));
    await page.selectOption("#f-state", state);
    await shows(page, events);
    assert.deepEqual(await counts(page), { events, aircraft });

    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.click("#copy-link");
    const link = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(link, page.url());
    const other = await context.newPage();
    await other.goto(link);
    assert.deepEqual(await counts(other), { events, aircraft });
    assert.equal(await other.inputValue("#f-state"), state);

    await page.reload();
    await shows(page, events);
    await page.goBack();
    await page.waitForFunction(
      (before) => Number(document.querySelector("#result-count").dataset.events) > before,
      events,
    );
    await page.goForward();
    await shows(page, events);
  }));

everywhere("the download holds every matching aircraft", () =>
  visit(browser, async (page) => {
    const { state, year, aircraft } = expected.filtered;
    await page.goto(`${site}explore/?from=${year}&to=${year}&state=${state}`);
    await counts(page);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.click("#download-csv"),
    ]);
    const lines = (await readFile(await download.path(), "utf8")).trimEnd().split(/\r?\n/);
    assert.match(lines[0], /^"?ev_id/);
    // Places and names of the sample hold no line breaks, so a line is a row.
    assert.equal(lines.length - 1, aircraft);
  }));

test("a quick succession of filters ends at the last one", () =>
  visit(browser, async (page) => {
    const { state, year, events } = expected.filtered;
    await page.goto(`${site}explore/?from=${year}&to=${year}`);
    const { events: whole } = await counts(page);
    for (let i = 0; i < 20; i += 1) {
      await page.selectOption("#f-state", i % 2 ? state : "");
    }
    await shows(page, events);
    await page.waitForTimeout(300);
    assert.equal((await counts(page)).events, events);
    await page.selectOption("#f-state", "");
    await shows(page, whole);
  }));

test("what a link does not mean is said, and nothing found is explained", () =>
  visit(browser, async (page) => {
    await page.goto(`${site}explore/?colour=red&q=zzzzzz`);
    await page.waitForSelector("#empty:not([hidden])");
    assert.match(await page.innerText("#notices"), /colour/);
  }));

test("the severity form gives the probabilities of native code", () =>
  visit(browser, async (page) => {
    await page.goto(`${site}severity/`);
    for (const [name, value] of Object.entries(expected.scored.values)) {
      const field = page.locator(`#severity-form [name="${name}"]`);
      if ((await field.evaluate((e) => e.tagName)) === "SELECT") await field.selectOption(value);
      else await field.fill(String(value));
    }
    await page.click("#severity-form [type=submit]");
    const known = Object.keys(expected.scored.values).length;
    await page.waitForFunction(
      (n) => document.querySelector("#severity-status").textContent.includes(` ${n} of `),
      known,
    );
    for (const [at, { class: code, probability }] of expected.scored.classes.entries()) {
      const item = page.locator(`#severity-result [data-class="${code}"]`);
      const shown = Number(await item.getAttribute("data-probability"));
      assert.ok(Math.abs(shown - probability) < 1e-9, `${code}: ${shown} for ${probability}`);
      await page.selectOption("#drivers-class", code);
      const margin = Number(await page.locator("#drivers-list").getAttribute("data-total"));
      const difference = Math.abs(margin - expected.scored.margins[at]);
      assert.ok(difference < 1e-5, `the bars of ${code} add up to ${margin}`);
    }
    assert.ok((await page.locator("#drivers-list li").count()) > 3);
    await page.selectOption("#what-if-feature", { index: 0 });
    await page.waitForSelector("#what-if-rows tr");
    assert.deepEqual(await violations(page), []);
  }));

const done = "#batch-status[data-rows]";

test("a file of 10,000 accidents gets the probabilities of native code", () =>
  visit(browser, async (page) => {
    await page.goto(`${site}severity/`);
    await page.setInputFiles("#batch-file", expected.batch.file);
    await page.click("#batch-run");
    await page.waitForSelector(done, { timeout: 120_000 });
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#batch-download")]);
    const read = async (path) => (await readFile(path, "utf8")).trimEnd().split("\r\n");
    const [shown, native] = await Promise.all([await download.path(), expected.batch.expected].map(read));
    assert.equal(shown.length, 10_001);
    assert.equal(shown[0], native[0]);
    const columns = shown[0].split(",").map((name) => name.startsWith("p_"));
    for (const [at, line] of shown.entries()) {
      const [mine, theirs] = [line, native[at]].map((text) => text.split(","));
      assert.equal(mine.length, theirs.length);
      for (const [column, cell] of mine.entries()) {
        if (at > 0 && columns[column]) {
          assert.ok(Math.abs(cell - theirs[column]) <= 1e-6, `row ${at}: ${cell} for ${theirs[column]}`);
        } else {
          assert.equal(cell, theirs[column]);
        }
      }
    }
  }));

test("a file that cannot be scored is refused in a sentence, and a long one can be stopped", () =>
  visit(browser, async (page) => {
    await page.goto(`${site}severity/`);
    const choose = (name, text) =>
      page.setInputFiles("#batch-file", { name, mimeType: "text/csv", buffer: Buffer.from(text) });
    const says = (text) =>
      page.waitForFunction(
        (part) => document.querySelector("#batch-status").textContent.includes(part),
        text,
      );
    await choose("wrong.csv", "a,b\n1,2\n");
    await page.click("#batch-run");
    await says("wrong.csv was not scored: none of the columns (a, b) is a feature");
    await choose("words.csv", "id,ev_month\n1,May\n2,5\n3,1e308\n");
    await page.click("#batch-run");
    await says('2 rows of 3 rows scored; 1 row with values outside what the model has seen; ' +
      'the first problem is in row 1: ev_month: "May" is not a number');
    await page.evaluate(() => {
      const files = new DataTransfer();
      files.items.add(new File(Array(300).fill(new Uint8Array(1e6)), "large.csv"));
      const input = document.getElementById("batch-file");
      input.files = files.files;
      input.dispatchEvent(new Event("change"));
    });
    await says("large.csv has 300 MB");
    assert.ok(await page.isDisabled("#batch-run"));
    const [heading, ...rows] = (await readFile(expected.batch.file, "utf8")).trimEnd().split("\n");
    await choose("long.csv", [heading, ...Array(9).fill(rows).flat()].join("\n"));
    await page.click("#batch-run");
    await page.click("#batch-cancel");
    await says("Cancelled");
    assert.ok(await page.isHidden("#batch-download"));
    // The next file starts afresh.
    await choose("words.csv", "id,ev_month\n1,5\n");
    await page.click("#batch-run");
    await says("1 row of 1 row scored");
  }));

const brokenModels = [
  ["cut short", (body) => body.subarray(0, 5000), "cut off"],
  // The format version follows eight bytes of magic.
  ["of a newer format", (body) => Buffer.from(body).fill(99, 8, 9), "has format 99"],
];

for (const [what, change, words] of brokenModels) {
  test(`a model ${what} is a clear error`, () =>
    visit(browser, async (page, _requests, context) => {
      await context.route("**/*.model", async (route) => {
        const response = await route.fetch();
        return route.fulfill({ response, body: change(await response.body()) });
      });
      await page.goto(`${site}severity/`);
      await page.click("#severity-form [type=submit]");
      await page.waitForFunction(
        (part) => document.querySelector("#severity-status").textContent.includes(part),
        words,
      );
    }));
}

test("a data file that does not arrive is a clear error with a way on", () =>
  visit(browser, async (page, _requests, context) => {
    // Cut short, as by a proxy that gives up: the size gives it away.
    let broken = true;
    await context.route("**/*.parquet", async (route) => {
      if (!broken) return route.continue();
      const response = await route.fetch();
      return route.fulfill({ response, body: (await response.body()).subarray(0, 100) });
    });
    await page.goto(`${site}explore/`);
    await page.waitForSelector("#error:not([hidden])");
    broken = false;
    await page.click("#retry");
    await counts(page);
  }));

for (const path of pages) {
  for (const [width, colorScheme] of [[390, "dark"], [1440, "light"]]) {
    test(`/${path} at ${width} px, ${colorScheme}: fits, and axe finds nothing`, () =>
      visit(
        browser,
        async (page) => {
          await page.goto(`${site}${path}`);
          if (path === "explore/") await counts(page);
          const overflow = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          assert.ok(overflow <= 0, `${overflow} px wider than the window`);
          assert.deepEqual(await violations(page), []);
        },
        { viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" },
      ));
  }
}

everywhere("every page can be read without scripts", () =>
  visit(
    browser,
    async (page) => {
      for (const path of pages) {
        await page.goto(`${site}${path}`);
        assert.ok((await page.innerText("main")).length > 100, path);
      }
      await page.goto(`${site}trends/`);
      assert.ok((await page.locator("table tbody tr").count()) > 20, "figures are tables too");
    },
    { javaScriptEnabled: false },
  ));
