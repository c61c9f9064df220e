// Pages that are open while the site is built anew. Run against `windsock serve --watch`, with
//   SITE_URL       where it serves the site
//   CONFIGURATION  the windsock.toml it reads
import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { launch, site, visit } from "./chromium.mjs";

const file = process.env.CONFIGURATION;

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

test("a page shows what changed, a failed build, and that it works again", () =>
  visit(browser, async (page) => {
    const titled = (title) =>
      page.waitForFunction((text) => document.title === text, title, { timeout: 120_000 });
    await page.goto(site);
    await titled("Windsock");
    await page.evaluate(() => (globalThis.before = true));

    await writeFile(file, "[site]\ntitle = 'Wetterhahn'\n");
    await titled("Wetterhahn");
    assert.equal(await page.evaluate(() => globalThis.before), undefined, "the page was loaded anew");

    await writeFile(file, "[site]\ntitel = 'Windsock'\n");
    await page.waitForSelector("#windsock-build-failed", { timeout: 120_000 });
    assert.match(await page.innerText("#windsock-build-failed"), /did you mean `title`\?/);
    assert.equal(await page.title(), "Wetterhahn", "the site before");

    await rm(file);
    await titled("Windsock");
    assert.equal(await page.locator("#windsock-build-failed").count(), 0);
  }));
