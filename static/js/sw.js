// The service worker: what was seen once can be seen again without a network, and nothing is ever
// older than the network's when there is one. `sw.js` at the root of the site sets `SITE` and loads
// this file; docs/offline.md says what is kept and why.
"use strict";

/**
 * @typedef {object} Site What `sw.js` says of the build.
 * @property {string} build
 * @property {string[]} shell Paths that every page needs, relative to the root.
 * @property {string} offline Path of the page that is shown where nothing else is kept.
 */

/** Nothing here means: take everything back. @type {Site | null} */
const site = self.SITE ?? null;

const SHELL = "windsock-shell-";
const PAGES = "windsock-pages";
const FILES = "windsock-files";

/** Entries kept, the oldest leaving first. */
const MOST = { [PAGES]: 80, [FILES]: 400 };

/** A name with a hash: eight or twelve hexadecimal digits between separators. */
const HASHED = /[./-](?:[0-9a-f]{8}|[0-9a-f]{12})[./]/;

const root = new URL(self.registration.scope);

/** Pages are folders, and change whatever they are called. */
const isHashed = (path) => HASHED.test(path) && !path.endsWith("/");

/** Files of the lake are kept by whoever asks for them. */
const isOthers = (path) => path === "sw.js" || (path.startsWith("lake/") && path !== "lake/manifest.json");

/** Path of an address below the root of the site; nothing if it is elsewhere. */
function below(address) {
  const url = new URL(address, root);
  const inside = url.origin === root.origin && url.pathname.startsWith(root.pathname);
  return inside ? url.pathname.slice(root.pathname.length) : undefined;
}

/** The same page whatever it is asked: pages are files. */
function page(address) {
  const url = new URL(address, root);
  url.search = "";
  url.hash = "";
  return url.href;
}

async function keep(name, address, response) {
  if (!response.ok || response.redirected || response.status === 206) return;
  const cache = await caches.open(name);
  // An entry that is seen again becomes the youngest.
  await cache.delete(address);
  await cache.put(address, response);
  const entries = await cache.keys();
  const spare = Math.max(0, entries.length - (MOST[name] ?? Infinity));
  for (const old of entries.slice(0, spare)) await cache.delete(old);
}

/** Where a page is kept: what is in the shell stays there. */
const placed = (address) => (site.shell.includes(below(page(address))) ? SHELL + site.build : PAGES);

/** Keeps a copy; a full disk must not keep anybody from an answer. */
function copied(event, name, address, response) {
  event.waitUntil(keep(name, address, response.clone()).catch(() => {}));
  return response;
}

/** For what changes: the network, past the browser's own cache; without it, what is kept. */
async function fresh(event) {
  const { url: address, mode, signal } = event.request;
  const opens = mode === "navigate";
  try {
    const redirect = opens ? "manual" : "follow";
    const response = await fetch(address, { cache: "no-cache", credentials: "same-origin", redirect, signal });
    return copied(event, placed(address), page(address), response);
  } catch (error) {
    const found = await caches.match(page(address), { ignoreVary: true });
    if (found) return found;
    if (!opens) throw error;
    return (await caches.match(new URL(site.offline, root).href)) ?? Response.error();
  }
}

/** For what never changes: what is kept, else the network. */
async function kept(event) {
  const found = await caches.match(event.request.url, { ignoreVary: true });
  if (found) return found;
  return copied(event, FILES, event.request.url, await fetch(event.request));
}

async function install() {
  if (site) {
    const cache = await caches.open(SHELL + site.build);
    const addresses = site.shell.map((path) => new URL(path, root).href);
    // Past the browser's own cache where the name has no hash.
    await cache.addAll(addresses.map((address) =>
      new Request(address, { cache: isHashed(below(address)) ? "default" : "no-cache" })));
  }
  // Where nothing is replaced there is nothing to ask.
  if (!site || !self.registration.active) await self.skipWaiting();
}

async function activate() {
  const names = await caches.keys();
  if (!site) {
    await Promise.all(names.filter((name) => name.startsWith("windsock-")).map((name) => caches.delete(name)));
    await self.registration.unregister();
    return;
  }
  // The shell before this one stays: pages that are open may still load a part of it.
  const shells = names.filter((name) => name.startsWith(SHELL) && name !== SHELL + site.build);
  await Promise.all(shells.slice(0, -1).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** What a page loaded before this script was there. */
async function remember(addresses) {
  for (const address of addresses) {
    const path = below(address);
    if (path === undefined || isOthers(path)) continue;
    const hashed = isHashed(path);
    if (hashed && (await caches.match(address, { ignoreVary: true }))) continue;
    try {
      const response = await fetch(address, { cache: hashed ? "default" : "no-cache" });
      await keep(hashed ? FILES : placed(address), hashed ? address : page(address), response);
    } catch {
      // It will be kept when it is seen again.
    }
  }
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = below(request.url);
  if (!site || request.method !== "GET" || path === undefined || request.headers.has("range")) return;
  // A stream never ends, so that no copy of it can be kept.
  if (isOthers(path) || request.headers.get("accept")?.includes("text/event-stream")) return;
  event.respondWith(request.mode !== "navigate" && isHashed(path) ? kept(event) : fresh(event));
});

self.addEventListener("message", (event) => {
  const { kind, addresses } = event.data ?? {};
  if (kind === "remember") event.waitUntil(remember(addresses));
  if (kind === "build") event.ports[0].postMessage(site?.build ?? null);
  if (kind === "replace") event.waitUntil(self.skipWaiting());
});
