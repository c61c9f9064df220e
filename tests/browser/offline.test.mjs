// The site without a network, and with a newer build. Run by the integration test `offline`, which sets
//   SITE_URL  where it is served, with its prefix
//   EXPECTED  JSON: an event, and the command that makes a newer build in the same place
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";

import { launch, site } from "./chromium.mjs";

const { event, emit } = JSON.parse(process.env.EXPECTED);

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** A fresh profile with service workers. */
async function visit(use) {
  const context = await browser.newContext();
  try {
    await use(await context.newPage(), context);
  } finally {
    await context.close();
  }
}

/** Waits until the worker answers for the page and has kept what the page loaded. */
async function installed(page) {
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.waitForFunction(async (address) => (await caches.match(address)) !== undefined, page.url().replace(/[?#].*/, ""));
}

const kept = (page) => page.evaluate(async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const requests = await (await caches.open(name)).keys();
    found[name] = requests.map(({ url }) => url.replace(/\?sha256=.*/, ""));
  }
  return found;
});

test("after one visit home, a record and explore open without a network", () =>
  visit(async (page, context) => {
    await page.goto(site);
    await installed(page);
    await page.goto(`${site}event/?id=${event}`);
    await page.waitForSelector(`#event[data-drawn="${event}"]`);
    await page.goto(`${site}explore/?q=cessna`);
    const shown = await page.waitForSelector("#result-count[data-events]").then((e) => e.getAttribute("data-events"));
    await page.waitForTimeout(500);

    await context.setOffline(true);
    await page.goto(site);
    assert.match(await page.innerText("h1"), /./);
    const styled = await page.evaluate(() => getComputedStyle(document.body).fontFamily);
    assert.ok(styled.length > 0 && (await page.evaluate(() => document.styleSheets[0].cssRules.length)) > 50);
    await page.goto(`${site}event/?id=${event}`);
    await page.waitForSelector(`#event[data-drawn="${event}"]`);
    await page.goto(`${site}explore/?q=cessna`);
    await page.waitForSelector(`#result-count[data-events="${shown}"]`);
    await page.goto(`${site}glossary/`);
    assert.match(await page.innerText("main"), /no network/);
    await page.goto(`${site}offline/`);
    await page.waitForFunction(() => document.querySelectorAll("#kept a").length >= 3);

    // Nothing twice, and nothing of the lake in the worker's keeping but its manifest.
    const all = await kept(page);
    const places = Object.entries(all).flatMap(([name, urls]) => urls.map((url) => [url, name]));
    const twice = places.filter(([url], at) => places.findIndex(([other]) => other === url) !== at);
    assert.deepEqual(twice, []);
    const lake = Object.entries(all).filter(([name]) => name !== "windsock-lake")
      .flatMap(([, urls]) => urls).filter((url) => url.includes("/lake/"));
    assert.deepEqual(lake.filter((url) => !url.endsWith("/lake/manifest.json")), []);

    await page.click("#forget");
    await page.waitForFunction(() => /gone/.test(document.getElementById("kept-status").textContent));
    assert.deepEqual(await page.evaluate(() => caches.keys()), []);
    assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
    await context.setOffline(false);
  }));

test("explore as the first page opens again without a network", () =>
  visit(async (page, context) => {
    await page.goto(`${site}explore/`);
    const shown = await page.waitForSelector("#result-count[data-events]").then((e) => e.getAttribute("data-events"));
    await installed(page);
    await page.waitForFunction(async () => {
      const files = await (await caches.open("windsock-files")).keys();
      return files.some(({ url }) => url.endsWith(".wasm"));
    });
    await context.setOffline(true);
    await page.reload();
    await page.waitForSelector(`#result-count[data-events="${shown}"]`);
    await context.setOffline(false);
  }));

/** Folders of assets a page names, and those it loaded from. */
const folders = (page) => page.evaluate(() => {
  const of = (url) => new URL(url, location.href).pathname.match(/\/assets\/([^/]+)\//)?.[1];
  const named = [...document.querySelectorAll("script[src], link[rel=stylesheet]")].map((e) => of(e.src || e.href));
  const loaded = performance.getEntriesByType("resource").map(({ name }) => of(name));
  const distinct = (list) => [...new Set(list.filter(Boolean))].sort();
  return { named: distinct(named), loaded: distinct(loaded).filter((f) => /^(css|js)\./.test(f)) };
});

test("a newer build is offered once, and no page mixes two builds", () =>
  visit(async (page, context) => {
    await page.goto(site);
    await installed(page);
    const before = await folders(page);
    const other = await context.newPage();
    await other.goto(`${site}glossary/`);
    // A page that has been open for a while when the site is replaced.
    await page.waitForTimeout(20_500);
    const [command, ...args] = emit.command;
    execFileSync(command, args, { cwd: emit.folder, stdio: "ignore" });
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
    await page.waitForSelector("#newer");
    assert.equal(await page.locator("#newer").count(), 1);
    assert.equal(await page.title().then((title) => title.includes("Second")), false);

    await page.click("#newer button");
    await page.waitForFunction(() => document.title.includes("Second"));
    const after = await folders(page);
    assert.notDeepEqual(after.named, before.named);
    for (const folder of after.loaded) assert.ok(after.named.includes(folder), `${folder} of another build`);
    await page.waitForTimeout(500);
    assert.equal(await page.locator("#newer").count(), 0, "it is not offered again");

    // Every page is of the new build, whatever was kept.
    for (const path of ["glossary/", "explore/", `event/?id=${event}`]) {
      await page.goto(`${site}${path}`);
      assert.ok((await page.title()).includes("Second") , path);
      const { named, loaded } = await folders(page);
      for (const folder of loaded) assert.ok(named.includes(folder), `${path}: ${folder}`);
      assert.equal(await page.locator("#newer").count(), 0, path);
    }
    const names = await page.evaluate(() => caches.keys());
    assert.ok(names.filter((name) => name.startsWith("windsock-shell-")).length <= 2, names.join());
  }));
