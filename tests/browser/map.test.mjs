// Maps: what they count, where they lead, what the link keeps. Run as `site.test.mjs` is.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { MOST_POINTS, around, marks, pointsOf } from "../../static/js/map-bins.js";
import { area, extent, fitting, part, placed, position, toScreen, toWorld, zoomed } from "../../static/js/map-view.js";
import { launch, site, violations, visit } from "./chromium.mjs";

const { filtered: expected } = JSON.parse(process.env.EXPECTED);
const year = `from=${expected.year}&to=${expected.year}`;

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** A mixture that is the same each time. */
function scattered(count) {
  let state = 7;
  const next = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const latitudes = Array.from({ length: count }, () => 25 + 24 * next());
  const longitudes = Array.from({ length: count }, () => -125 + 58 * next());
  return pointsOf(latitudes, longitudes, Uint8Array.from({ length: count }, () => Math.floor(next() * 5)));
}

test("hexagons hold every point once, in the nearest of them", () => {
  const points = scattered(100_000);
  const view = placed({ latitude: 38, longitude: -96, zoom: 4 }, 1200, 600);
  const seen = extent(view);
  const { kind, x, y, events, fatal, radius, inView, total } = marks(points, seen, seen, view.zoom);
  assert.equal(kind, "hexagons");
  assert.equal(total, 100_000);
  const sum = (list) => list.reduce((all, one) => all + one, 0);
  assert.equal(sum(events), inView);
  const within = (i) => points.x[i] >= seen.x0 && points.x[i] <= seen.x1 && points.y[i] >= seen.y0 && points.y[i] <= seen.y1;
  const inside = [...points.x.keys()].filter(within);
  assert.equal(inView, inside.length);
  assert.equal(sum(fatal), inside.filter((i) => points.severity[i] === 0).length);
  // Counted again, the slow way: by the nearest middle of all.
  const again = new Uint32Array(x.length);
  for (const i of inside.slice(0, 3000)) {
    let [best, at] = [Infinity, -1];
    for (let bin = 0; bin < x.length; bin += 1) {
      const away = (points.x[i] - x[bin]) ** 2 + (points.y[i] - y[bin]) ** 2;
      if (away < best) [best, at] = [away, bin];
    }
    assert.ok(Math.sqrt(best) <= radius * 1.0001, "a point lies within its hexagon");
    again[at] += 1;
  }
  assert.ok(again.every((count, bin) => count <= events[bin]));
  const start = performance.now();
  for (let turn = 0; turn < 10; turn += 1) marks(points, seen, seen, view.zoom);
  console.log(`100,000 points into ${x.length} hexagons: ${((performance.now() - start) / 10).toFixed(1)} ms`);
});

test("few points are drawn one by one, also across the 180th meridian", () => {
  const points = pointsOf([52, 52, 10], [179, -179, 0], Uint8Array.of(0, 1, 2));
  const view = fitting(part({ south: 50, west: 178, north: 54, east: -178 }), 600, 400);
  const { kind, x, index, inView } = marks(points, extent(view), extent(view, 0.2), view.zoom);
  assert.equal(kind, "points");
  assert.equal(inView, 2);
  assert.deepEqual([...index], [0, 1]);
  const left = [...x].map((at) => toScreen(view, at, view.y)[0]);
  assert.ok(left[0] > 0 && left[0] < left[1] && left[1] < 600, `${left}`);
  assert.deepEqual(area({ ...view, width: 600 }).west > area({ ...view, width: 600 }).east, true);
  assert.equal(marks(scattered(MOST_POINTS), { x0: 0, x1: 1, y0: 0, y1: 1 }, { x0: 0, x1: 1, y0: 0, y1: 1 }, 3).kind, "points");
});

test("views lead back to themselves", () => {
  const at = { latitude: 61.2181, longitude: -149.9003, zoom: 7.25 };
  const view = placed(at, 800, 500);
  assert.deepEqual(position(view), at);
  const [x, y] = toWorld(view, 100, 400);
  const [left, top] = toScreen(zoomed(view, 9, 100, 400), x, y);
  assert.ok(Math.abs(left - 100) < 1e-6 && Math.abs(top - 400) < 1e-6, "what is under the pointer stays");
  const points = scattered(1000);
  const { x0, x1, y0, y1 } = extent(fitting(around(points), 800, 500));
  const inside = [...points.x.keys()].filter((i) => points.x[i] > x0 && points.x[i] < x1 && points.y[i] > y0 && points.y[i] < y1);
  assert.ok(inside.length >= 920, "nearly all of them fit");
});

async function openMap(page, search) {
  await page.goto(`${site}explore/?${search}`);
  await page.waitForSelector("#map[data-total]");
}

const total = (page) => page.locator("#map").evaluate((map) => Number(map.dataset.total));
const fresh = (page) => page.waitForFunction(() => !document.querySelector("#results").classList.contains("stale"));

test("the map has every event with coordinates once, and the view is in the link", () =>
  visit(browser, async (page) => {
    await page.goto(`${site}explore/?${year}`);
    await page.waitForSelector("#result-count[data-events]");
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#download-geojson")]);
    const { features } = JSON.parse(await readFile(await download.path(), "utf8"));
    const events = new Set(features.map(({ properties }) => properties.ev_id));
    await page.click("[data-view=map]");
    await page.waitForSelector("#map[data-total]");
    assert.equal(await total(page), events.size);
    await page.waitForFunction(() => location.search.includes("view=map"));
    // Two steps to the right and closer: the link follows without a step in the history.
    const before = await page.evaluate(() => history.length);
    await page.focus("#map canvas");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("+");
    await page.waitForFunction(() => location.search.includes("at="));
    assert.equal(await page.evaluate(() => history.length), before);
    const link = page.url();
    await page.goBack();
    await page.waitForSelector("#chart-section:not([hidden])");
    await page.goForward();
    await page.waitForSelector("#map-section:not([hidden])");
    await page.waitForFunction((href) => location.href === href, link);
    assert.deepEqual(await violations(page), []);
  }));

test("only what is in view: the filter is the box of the map", () =>
  visit(browser, async (page) => {
    await openMap(page, `${year}&view=map&at=37,-105,5.5`);
    const inView = Number(await page.getAttribute("#map", "data-in-view"));
    const all = await total(page);
    assert.ok(inView > 0 && inView < all, `${inView} of ${all}`);
    await page.check("#only-in-view");
    await page.waitForSelector(`#result-count[data-events="${inView}"]`);
    await page.waitForFunction(() => location.search.includes("box="));
    const link = page.url();
    assert.match(await page.innerText("#chips"), /between/);
    await page.goto("about:blank");
    await page.goto(link);
    await page.waitForSelector(`#result-count[data-events="${inView}"]`);
    await page.waitForSelector("#map[data-total]");
    assert.ok(await page.isChecked("#only-in-view"));
    assert.equal(await total(page), all, "the map still shows what lies around");
    // Zoomed out, the filter follows.
    await page.focus("#map canvas");
    await page.keyboard.press("-");
    await page.waitForFunction((n) => Number(document.querySelector("#result-count").dataset.events) > n, inView);
    await fresh(page);
    await page.uncheck("#only-in-view");
    await page.waitForFunction(() => !location.search.includes("box="));
  }));

test("a click, a key and a list lead to the records", () =>
  visit(browser, async (page) => {
    await openMap(page, `${year}&state=${expected.state}&view=map`);
    await page.waitForSelector("#map[data-kind=points]");
    await page.click("#map details.twin summary");
    await page.waitForSelector("#map details.twin li a");
    const listed = await page.locator("#map details.twin li a").count();
    const inView = Number(await page.getAttribute("#map", "data-in-view"));
    assert.ok(listed === Math.min(50, inView), `${listed} of ${inView}`);
    // To the newest of them, by its record's own coordinates.
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#download-geojson")]);
    const { features } = JSON.parse(await readFile(await download.path(), "utf8"));
    const [longitude, latitude] = features[0].geometry.coordinates;
    const id = features[0].properties.ev_id;
    await openMap(page, `${year}&state=${expected.state}&view=map&at=${latitude},${longitude},12`);
    await page.locator("#map canvas").scrollIntoViewIfNeeded();
    await page.click("#map canvas");
    await page.waitForSelector(`.map-picked a[href*="${id}"]`);
    await page.focus("#map canvas");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement.matches(".map-picked a"));
    await page.keyboard.press("Enter");
    await page.waitForSelector("#event[data-drawn], article.event h1");
  }));

test("the map of a comparison shows either side", () =>
  visit(browser, async (page) => {
    await openMap(page, `${year}&state=${expected.state}&view=map&vs=${encodeURIComponent(year)}`);
    const here = await total(page);
    await page.selectOption("#map-side", "other");
    await page.waitForFunction((n) => Number(document.querySelector("#map").dataset.total) > n, here);
  }));

test("an event has its place on a map, a state and an airport have theirs", () =>
  visit(browser, async (page) => {
    await page.goto(`${site}states/`);
    await page.locator("main td a").first().click();
    await page.locator(".map-box").scrollIntoViewIfNeeded();
    await page.waitForSelector(".map-box[data-total]");
    const said = await page.locator("section[aria-labelledby=map] > .population").innerText();
    assert.equal(Number(await page.getAttribute(".map-box", "data-total")), Number(said.split(" of ")[0].replaceAll(",", "")));
    await page.click(".map-box details.twin summary");
    const record = page.locator(".map-box details.twin a").first();
    await record.waitFor();
    await record.click();
    await page.waitForSelector("#event[data-drawn]");
    await page.locator(".map-box.single").scrollIntoViewIfNeeded();
    await page.waitForSelector(".map-box.single canvas");
    assert.match(await page.innerText("#event"), /Position -?[\d.]+, -?[\d.]+:/);
  }));
