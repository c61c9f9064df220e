// Starts the installed Chromium and opens pages that fail the test on any complaint.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

import { chromium } from "playwright-core";

export const site = process.env.SITE_URL;

/** A test that is run against every kind of host. */
export const everywhere = test;

/** A test for which one host is enough: SMOKE leaves it out. */
export const once = process.env.SMOKE ? () => {} : test;

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
];

export function launch() {
  const executablePath = process.env.CHROMIUM ?? places.find(existsSync);
  assert.ok(executablePath, "no Chromium: install the package chromium, or set CHROMIUM");
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** What Playwright says when it keeps a service worker away. */
const BLOCKED = "Service Worker registration blocked by Playwright";

/**
 * A fresh profile whose pages are watched: console, errors, requests. Without service workers, which
 * would answer what a test wants to answer itself; `offline.test.mjs` is about them.
 *
 * `origin` is the only one that may be asked, `complains` says that the console need not be empty.
 */
export async function visit(browser, use, { origin = site, complains = false, ...options } = {}) {
  const context = await browser.newContext({ serviceWorkers: "block", ...options });
  const complaints = [];
  const requests = [];
  context.on("page", (page) => {
    page.on("console", (message) => {
      const complaint = ["error", "warning"].includes(message.type());
      if (complaint && message.text() !== BLOCKED) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => requests.push(request.url()));
  });
  try {
    const page = await context.newPage();
    await use(page, requests, context);
  } finally {
    // A test is over while files it changed on their way still come: that must not fail the next one.
    await context.unrouteAll({ behavior: "ignoreErrors" });
    for (const page of context.pages()) await page.unrouteAll({ behavior: "ignoreErrors" });
    await context.close();
  }
  if (!complains) assert.deepEqual(complaints, [], "the console is empty");
  const own = new URL(origin).origin;
  const foreign = requests.filter((url) => /^https?:/.test(url) && !url.startsWith(own));
  assert.deepEqual(foreign, [], "nothing is asked of another origin");
}

/** Accessibility violations of a page, one line each. */
export async function violations(page) {
  // A script tag would be refused by the page's own policy; an evaluated one is not.
  const axe = createRequire(import.meta.url)("axe-core");
  await page.evaluate(axe.source);
  const result = await page.evaluate(() => globalThis.axe.run());
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html).join(" | ")}`);
}
