// What hosts make of a site, and what the site makes of hosts.
import assert from "node:assert/strict";
import { after, before } from "node:test";

import { everywhere, launch, once, site, visit } from "./chromium.mjs";
import { LIES, QUIRKS, lying } from "./lying.mjs";

const { old } = JSON.parse(process.env.EXPECTED);
const answered = "#result-count[data-events]";
const drawn = `#event[data-drawn="${old.ev_id}"]`;

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

everywhere("a record is found with the keyboard alone", () =>
  visit(browser, async (page) => {
    await page.goto(site);
    const focused = () => page.evaluate(() => document.activeElement?.id);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.className), "skip");
    for (let i = 0; i < 40 && (await focused()) !== "finder-text"; i += 1) {
      await page.keyboard.press("Tab");
    }
    assert.equal(await focused(), "finder-text");
    await page.keyboard.type(old.ntsb_no);
    await page.waitForSelector("#finder-found a");
    await page.keyboard.press("Enter");
    await page.waitForSelector(drawn);
  }));

everywhere("on a dark phone the pages fit and are dark", () =>
  visit(
    browser,
    async (page) => {
      for (const path of ["", "explore/", `event/?id=${old.ev_id}`, "trends/", "states/"]) {
        await page.goto(site + path);
        const { over, light } = await page.evaluate(() => ({
          over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
          light: getComputedStyle(document.body).backgroundColor.match(/\d+/g).slice(0, 3).some((part) => part > 90),
        }));
        assert.ok(over <= 0, `/${path}: ${over} px wider than the phone`);
        assert.ok(!light, `/${path} is light`);
      }
    },
    { viewport: { width: 390, height: 844 }, colorScheme: "dark" },
  ));

everywhere("files arrive as they were published", () =>
  visit(browser, async (page) => {
    await page.goto(site);
    const wrong = await page.evaluate(async (base) => {
      const get = async (path) => new Uint8Array(await (await fetch(base + path)).arrayBuffer());
      const json = async (path) => JSON.parse(new TextDecoder().decode(await get(path)));
      const sha256 = async (bytes) =>
        [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))]
          .map((byte) => byte.toString(16).padStart(2, "0"))
          .join("");
      const found = [];
      const { tables } = await json("lake/manifest.json");
      for (const { manifest } of [tables.explore, tables.events]) {
        const { files } = await json(`lake/${manifest.path}`);
        for (const { path, bytes, sha256: wanted } of files.slice(-3)) {
          const came = await get(`lake/${path}`);
          if (came.length !== bytes || (await sha256(came)) !== wanted) found.push(path);
        }
      }
      const { buckets } = await json("api/v1/events/manifest.json");
      const bucket = await get(`api/v1/events/${buckets[0][1]}.json.gz`);
      if (!((bucket[0] === 0x1f && bucket[1] === 0x8b) || bucket[0] === 0x7b)) found.push("bucket");
      return found;
    }, site);
    assert.deepEqual(wrong, []);
  }));

everywhere("an address that does not exist is answered by the page that says so", () =>
  visit(
    browser,
    async (page) => {
      const answer = await page.goto(`${site}no/such/page/`);
      assert.equal(answer.status(), 404);
      await page.click("main a[href]");
      await page.waitForLoadState();
      assert.equal((await page.request.get(page.url())).status(), 200);
    },
    // The browser itself complains of the status.
    { complains: true },
  ));

/** Opens a page through a host that lies about some files; the first time only, or always. */
async function through(lie, files, only, use) {
  const told = new Set();
  const host = await lying(lie, (path) => {
    if (!files.test(path) || (only && told.has(path))) return false;
    told.add(path);
    return true;
  });
  try {
    await visit(browser, (page) => use(page, host.url), { origin: host.url, complains: true });
  } finally {
    host.close();
  }
  assert.ok(told.size > 0, "the host got to lie");
}

for (const [name, lie] of Object.entries({ ...LIES, ...QUIRKS })) {
  once(`a host that ${name} once is asked again`, () =>
    through(lie, /\.parquet$/, true, async (page, base) => {
      await page.goto(`${base}explore/`);
      await page.waitForSelector(answered);
      assert.ok(await page.isHidden("#error"));
    }));
}

for (const [name, lie] of Object.entries(LIES)) {
  once(`a host that always ${name} is a clear error`, () =>
    through(lie, /\.parquet$/, false, async (page, base) => {
      await page.goto(`${base}explore/`);
      await page.waitForSelector("#error:not([hidden])");
      const said = await page.innerText("#error");
      assert.match(said, /lake\/|\.parquet|server/, `${said} names the file or the server`);
      assert.ok(await page.isVisible("#retry"), "there is a way on");
      assert.equal(await page.locator(answered).count(), 0, "no number is shown");
    }));

  // These are gzip: a browser that is told so unpacks them, and all is well.
  if (name === "says gzip, sends none") continue;
  once(`a host that ${name} for records is a clear error`, () =>
    through(lie, /\/api\/v1\/events\/.*\.gz$/, false, async (page, base) => {
      await page.goto(`${base}event/?id=${old.ev_id}`);
      await page.waitForFunction(() =>
        /could not|cannot|server|failed|wrong|broke/i.test(document.getElementById("event-status").textContent));
      assert.equal(await page.locator(drawn).count(), 0);
    }));
}

for (const [name, quirk] of Object.entries(QUIRKS)) {
  once(`a host that ${name} is understood`, () =>
    through(quirk, /\.parquet$|\/api\/v1\//, false, async (page, base) => {
      await page.goto(`${base}explore/`);
      await page.waitForSelector(answered);
      await page.goto(`${base}event/?id=${old.ev_id}`);
      await page.waitForSelector(drawn);
    }));
}

once("a page kept from before an update reads what is there now", () =>
  visit(browser, async (page) => {
    // The index is the only file of the lake whose name stays: an old one names files that are gone.
    let stale = true;
    await page.route("**/lake/manifest.json", async (route) => {
      if (!stale) return route.continue();
      const answer = await route.fetch();
      const text = (await answer.text()).replaceAll(/-[0-9a-f]{8}\.json/g, "-00000000.json");
      return route.fulfill({ response: answer, body: text });
    });
    await page.goto(`${site}explore/`);
    await page.waitForSelector("#error:not([hidden])");
    stale = false;
    await page.reload();
    await page.waitForSelector(answered);
  }, { complains: true }));
