// Charts: loaded when they come into view, in the colours of the theme, taken along as files.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { launch, site, violations, visit } from "./chromium.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const drawn = (page, name) => page.waitForSelector(`#chart-${name} .main-svg`);

test("the chart library comes with the first chart in view, a chart with its own", () =>
  visit(browser, async (page, requests) => {
    await page.goto(`${site}trends/`);
    await drawn(page, "yearly");
    assert.equal(requests.filter((url) => url.includes("plotly-basic")).length, 1);
    const charts = () => requests.filter((url) => url.includes("/charts/")).length;
    const before = charts();
    assert.ok(before < 4, `${before} charts were fetched before anybody scrolled`);
    await page.locator("#chart-phases").scrollIntoViewIfNeeded();
    await drawn(page, "phases");
    assert.ok(charts() > before);
  }));

test("charts follow the theme, and the choice outlives a reload", () =>
  visit(browser, async (page) => {
    await page.goto(`${site}trends/`);
    await drawn(page, "yearly");
    const bars = () => page.locator("#chart-yearly .legendtext").first()
      .evaluate((text) => getComputedStyle(text).fill);
    const light = await bars();
    await page.click("#theme");
    await page.click("#theme");
    assert.equal(await page.innerText("#theme"), "Theme: dark");
    await page.waitForFunction((before) => {
      const text = document.querySelector("#chart-yearly .legendtext");
      return text && getComputedStyle(text).fill !== before;
    }, light);
    await page.reload();
    assert.equal(await page.innerText("#theme"), "Theme: dark");
    await drawn(page, "yearly");
    assert.notEqual(await bars(), light);
  }));

test("a chart can be taken along as PNG and SVG, its numbers as CSV", () =>
  visit(browser, async (page) => {
    await page.goto(`${site}trends/`);
    await drawn(page, "yearly");
    const foot = page.locator("[data-figure=yearly]");
    const take = async (what) => {
      const [download] = await Promise.all([page.waitForEvent("download"), foot.locator(what).click()]);
      return [download.suggestedFilename(), await readFile(await download.path())];
    };
    const [pngName, png] = await take("[data-save=png]");
    assert.equal(pngName, "yearly.png");
    assert.deepEqual([...png.subarray(1, 4)], [..."PNG"].map((c) => c.charCodeAt(0)));
    assert.ok(png.readUInt32BE(16) > 1800, `${png.readUInt32BE(16)} pixels wide`);
    assert.ok(png.length > 10_000, `${png.length} bytes`);
    const [svgName, svg] = await take("[data-save=svg]");
    assert.equal(svgName, "yearly.svg");
    assert.match(svg.toString(), /^<svg[^]*NTSB aviation accident databases, as of[^]*<\/svg>/);
    const [csvName, csv] = await take("a[href$='.csv']");
    assert.equal(csvName, "yearly.csv");
    assert.match(csv.toString(), /^ev_year,accidents,/);
  }));

test("a chart can be shown on another site", async () => {
  let code;
  await visit(browser, async (page) => {
    await page.goto(`${site}trends/`);
    await page.click("[data-figure=yearly] .embed summary");
    code = await page.innerText("[data-figure=yearly] .embed code");
    assert.match(code, /^<iframe src="http[^"]+\/embed\/yearly\/"/);
  });
  await visit(browser, async (page) => {
    await page.route(`${site}frame.html`, (route) =>
      route.fulfill({ contentType: "text/html", body: `<!doctype html><title>x</title>${code}` }));
    await page.goto(`${site}frame.html`);
    const frame = page.frameLocator("iframe");
    await frame.locator("#chart-yearly .main-svg").first().waitFor();
    assert.match(await frame.locator("footer").innerText(), /as of \d{4}-\d\d-\d\d/);
    assert.equal(await frame.locator("footer a").getAttribute("target"), "_blank");
  });
});

test("years still filling in are shaded and say so", () =>
  visit(browser, async (page) => {
    await page.goto(`${site}trends/`);
    await drawn(page, "yearly");
    assert.ok((await page.locator("#chart-yearly .shapelayer path").count()) > 0);
    const rows = page.locator("section[aria-labelledby=yearly] tr.provisional");
    assert.ok((await rows.count()) >= 2);
    assert.match(await rows.last().innerText(), /still filling in/);
  }));

for (const [width, colorScheme] of [[390, "dark"], [1440, "light"]]) {
  test(`a chart alone at ${width} px, ${colorScheme}: fits, and axe finds nothing`, () =>
    visit(browser, async (page) => {
      await page.goto(`${site}embed/yearly/`);
      await drawn(page, "yearly");
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      assert.ok(overflow <= 0, `${overflow} px wider than the window`);
      assert.deepEqual(await violations(page), []);
    }, { viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" }));
}
