// The site in Firefox, which differs from Chromium in modules, workers and what it asks of hosts. Run
// with
//   SITE_URL  where the site is served
//   EXPECTED  JSON, as for the other tests
//   DRIVER    folder of puppeteer-core
//   FIREFOX   the browser
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";

const { default: puppeteer } = createRequire(import.meta.url)(process.env.DRIVER);
const site = process.env.SITE_URL;
const expected = JSON.parse(process.env.EXPECTED);
const answered = "#result-count[data-events]";

let browser;
before(async () => {
  browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: process.env.FIREFOX,
    headless: true,
  });
});
after(() => browser.close());

/** A page that is watched as in `chromium.mjs`. */
async function visit(use) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const [complaints, requests] = [[], []];
  page.on("console", (message) => {
    if (["error", "warn"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => requests.push(request.url()));
  try {
    await use(page);
  } finally {
    await context.close();
  }
  assert.deepEqual(complaints, [], "the console is empty");
  const { origin } = new URL(site);
  assert.deepEqual(requests.filter((url) => /^https?:/.test(url) && !url.startsWith(origin)), []);
}

/** Opens a page and waits until it has loaded all it wants. Firefox complains on the console about
 * every load through a service worker that leaving the page breaks off; nobody is there to see it, and
 * a test that only listened to the rest would no longer notice a worker that fails. */
const open = (page, path) => page.goto(site + path, { waitUntil: "networkidle0" });

test("a number typed on the home page leads to its record", () =>
  visit(async (page) => {
    await open(page, "");
    await page.type("#finder-text", expected.old.ntsb_no);
    const link = await page.waitForSelector("#finder-found a");
    await link.click();
    await page.waitForSelector(`#event[data-drawn="${expected.old.ev_id}"]`);
    assert.match(await page.$eval("article", (e) => e.innerText), new RegExp(expected.old.ntsb_no));
  }));

test("explore counts what PostgreSQL counts, back and forward included", () =>
  visit(async (page) => {
    const { state, year, events } = expected.filtered;
    const count = () => page.$eval("#result-count", (e) => Number(e.dataset.events));
    const shows = (number) => page.waitForSelector(`#result-count[data-events="${number}"]`);
    await open(page, `explore/?from=${year}&to=${year}`);
    await page.waitForSelector(answered);
    const whole = await count();
    await page.select("#f-state", state);
    await shows(events);
    await page.goBack();
    await shows(whole);
    await page.goForward();
    await shows(events);
    await page.reload();
    await shows(events);
  }));

test("the severity form gives the probabilities of native code", () =>
  visit(async (page) => {
    await open(page, "severity/");
    await page.waitForSelector("#severity-form [type=submit]");
    for (const [name, value] of Object.entries(expected.scored.values)) {
      const field = `#severity-form [name="${name}"]`;
      if ((await page.$eval(field, (e) => e.tagName)) === "SELECT") await page.select(field, value);
      else await page.$eval(field, (e, text) => (e.value = text), String(value));
    }
    await page.click("#severity-form [type=submit]");
    const known = Object.keys(expected.scored.values).length;
    await page.waitForFunction(
      (n) => document.querySelector("#severity-status").textContent.includes(` ${n} of `),
      {},
      known,
    );
    for (const { class: code, probability } of expected.scored.classes) {
      const item = `#severity-result [data-class="${code}"]`;
      const shown = await page.$eval(item, (e) => Number(e.dataset.probability));
      assert.ok(Math.abs(shown - probability) < 1e-9, `${code}: ${shown} for ${probability}`);
    }
  }));

test("pages fit a phone", () =>
  visit(async (page) => {
    await page.setViewport({ width: 390, height: 844 });
    for (const path of ["", "events/", "trends/", "data/", `event/?id=${expected.old.ev_id}`]) {
      await open(page, path);
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      assert.ok(over <= 0, `/${path}: ${over} px wider than the phone`);
    }
  }));
