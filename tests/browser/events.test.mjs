// Records of events: finding them, reading them with and without scripts, hostile text in them.
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { after, before } from "node:test";

import { everywhere, launch, once as test, site, violations, visit } from "./chromium.mjs";

const { old } = JSON.parse(process.env.EXPECTED);

/** Text that would run, break out or turn around if it were not kept text. */
const HOSTILE = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg onload=alert(1)>",
  "\"><iframe src=javascript:alert(1)>",
  "javascript:alert(1)",
  "{{ 7 * 7 }}${7 * 7}",
  "\u202e\u0000&amp;",
];

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const drawn = (page, id) => page.waitForSelector(`#event[data-drawn="${id}"]`);

/** What a record says, in order. */
function facts(page) {
  return page.locator("article.event").evaluate((article) =>
    [...article.querySelectorAll("h1, h2, h3, dt, dd, td, li, summary, p:not(.ids)")]
      .filter((element) => !element.closest("[aria-labelledby=cite]"))
      .map((element) => element.textContent.replaceAll(/\s+/g, " ").trim()));
}

everywhere("a number typed on the home page leads to its record", () =>
  visit(browser, async (page, requests) => {
    await page.goto(site);
    await page.fill("#finder-text", old.ntsb_no.toLowerCase());
    await page.click("#finder-found a");
    await drawn(page, old.ev_id);
    assert.match(await page.innerText("article"), new RegExp(old.ntsb_no));
    assert.ok(!requests.some((url) => url.endsWith(".wasm")), "a record needs no wasm");
    await page.goBack();
    await page.fill("#finder-text", old.regis_no);
    await page.click("#finder-found a");
    await page.waitForSelector(`#tail[data-found="${old.regis_no}"]`);
    assert.match(await page.innerText("#tail"), new RegExp(old.ntsb_no));
  }));

test("with a keyboard alone, a number leads to its record", () =>
  visit(browser, async (page) => {
    await page.goto(site);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
    await page.keyboard.press("Enter");
    for (let at = 0; at < 20; at += 1) {
      if (await page.evaluate(() => document.activeElement.id === "finder-text")) break;
      await page.keyboard.press("Tab");
    }
    await page.keyboard.type(old.ntsb_no);
    await page.keyboard.press("Enter");
    await drawn(page, old.ev_id);
    const outline = await page.evaluate(() => {
      const link = document.querySelector("article a");
      link.focus({ focusVisible: true });
      return getComputedStyle(link).outlineStyle;
    });
    assert.equal(outline, "solid", "focus can be seen");
  }));

test("an address without a page of its own leads to what the browser draws", () =>
  visit(browser, async (page) => {
    await page.goto(`${site}event/?id=${old.ev_id}`);
    await drawn(page, old.ev_id);
    // What hosts answer for an event without a page is the page of what is not found.
    const lost = await (await page.request.get(`${site}404.html`)).text();
    await page.route(`${site}event/${old.ntsb_no}/`, (route) =>
      route.fulfill({ status: 200, contentType: "text/html", body: lost }));
    await page.goto(`${site}event/${old.ntsb_no}/`);
    await drawn(page, old.ev_id);
    assert.match(page.url(), new RegExp(`event/\\?id=${old.ntsb_no}$`));
  }));

test("an NTSB number in the address is understood, an unknown one is said", () =>
  visit(browser, async (page) => {
    await page.goto(`${site}event/?id=${old.ntsb_no}`);
    await drawn(page, old.ev_id);
    await page.goto(`${site}event/?id=NOSUCHTHING`);
    await page.waitForFunction(() =>
      document.getElementById("event-status").textContent.includes("NOSUCHTHING"));
  }));

test("the page of an event and what the browser draws say the same", () =>
  visit(browser, async (page) => {
    await page.goto(`${site}events/`);
    const link = page.locator("main table.list a").first();
    await link.click();
    const id = page.url().match(/event\/(\w+)\/$/)?.[1];
    assert.ok(id, `the newest event has a page of its own, not ${page.url()}`);
    const written = await facts(page);
    assert.ok(written.length > 50, `only ${written.length} facts`);
    await page.goto(`${site}event/?id=${id}`);
    await drawn(page, id);
    assert.deepEqual(await facts(page), written);
  }));

test("the newest accidents have an estimate of a model that has not seen them", () =>
  visit(browser, async (page) => {
    await page.goto(`${site}events/`);
    const links = await page.locator("main table.list a").evaluateAll((all) => all.map((a) => a.href));
    let estimates = 0;
    for (const link of links.slice(0, 12)) {
      await page.goto(link);
      const table = page.locator("table.estimates");
      if ((await table.count()) === 0) continue;
      estimates += 1;
      const shares = (await table.locator("td:last-child").allInnerTexts()).map(Number.parseFloat);
      const sum = shares.reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(sum - 100) <= 2, `${link}: ${shares}`);
      const text = await page.innerText("section[aria-labelledby=estimate] .population");
      const learned = Number(text.match(/up to (\d{4})/)[1]);
      const year = Number((await page.innerText("h1")).match(/(\d{4})-\d\d-\d\d$/)[1]);
      assert.ok(year > learned, `${link}: the model has learned from ${learned}`);
    }
    assert.ok(estimates > 0, "some of the newest have one");
  }));

test("hostile text in a record stays text", () =>
  visit(browser, async (page, _requests, context) => {
    let at = 0;
    const poison = (value) => {
      if (typeof value === "string") return value + HOSTILE[(at += 1) % HOSTILE.length];
      if (Array.isArray(value)) return value.map(poison);
      if (value === null || typeof value !== "object") return value;
      return Object.fromEntries(Object.entries(value).map(([key, one]) =>
        [key, ["ev_id", "column"].includes(key) ? one : poison(one)]));
    };
    await context.route("**/api/v1/events/*.json.gz", async (route) => {
      const response = await route.fetch();
      const bucket = JSON.parse(gunzipSync(await response.body()));
      const json = Object.fromEntries(Object.entries(bucket).map(([key, one]) => [key, poison(one)]));
      // Unpacked, as some hosts deliver it.
      await route.fulfill({ json });
    });
    let alerts = 0;
    page.on("dialog", (dialog) => {
      alerts += 1;
      dialog.dismiss();
    });
    await page.goto(`${site}event/?id=${old.ev_id}`);
    await drawn(page, old.ev_id);
    await page.waitForTimeout(200);
    assert.equal(alerts, 0);
    assert.ok(at > 50, "the record was poisoned");
    assert.equal(await page.locator("article :is(script, img, iframe, svg:not(.map))").count(), 0);
    assert.match(await page.innerText("article"), /<script>alert\(1\)<\/script>/);
  }));

/** Addresses of one page of each kind, found as visitors find them. */
async function kinds(page) {
  const first = async (path, selector) => {
    await page.goto(`${site}${path}`);
    return page.locator(selector).first().getAttribute("href");
  };
  const year = await first("events/", "main a[href*='/events/']");
  const origin = new URL(site).origin;
  await page.goto(`${origin}${year}`);
  return {
    year,
    month: await page.locator("main td a[href*='/events/']").first().getAttribute("href"),
    state: await first("states/", "main td a"),
    aircraft: await first("aircraft/", "main td a"),
    cause: await first("causes/", "main td a[href*='/causes/']"),
    airport: await first("airports/", "main td a"),
    event: await first("events/", "main table.list a"),
    drawn: new URL(`${site}event/?id=${old.ev_id}`).pathname + `?id=${old.ev_id}`,
    tail: `${new URL(site).pathname}tail/?n=${old.regis_no}`,
  };
}

test("lists, profiles and records fit, and axe finds nothing", async () => {
  let found;
  await visit(browser, async (page) => (found = await kinds(page)));
  for (const [width, colorScheme] of [[390, "dark"], [1440, "light"]]) {
    for (const [kind, path] of Object.entries(found)) {
      await visit(browser, async (page) => {
        await page.goto(new URL(path, site).href);
        if (kind === "drawn") await drawn(page, old.ev_id);
        if (kind === "tail") await page.waitForSelector("#tail[data-found]");
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.ok(overflow <= 0, `${kind}: ${overflow} px wider than ${width} px`);
        assert.deepEqual(await violations(page), [], `${kind} at ${width} px`);
      }, { viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" });
    }
  }
});

test("a record, a list and a profile can be read without scripts", () =>
  visit(
    browser,
    async (page) => {
      await page.goto(`${site}events/`);
      await page.locator("main table.list a").first().click();
      assert.ok((await page.locator("article dd").count()) > 30);
      await page.goto(`${site}states/`);
      await page.locator("main td a").first().click();
      assert.ok((await page.locator("main tbody tr").count()) > 5);
    },
    { javaScriptEnabled: false },
  ));
