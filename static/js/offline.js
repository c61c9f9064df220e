// Registers the service worker, hands it what this page has loaded, and says once that a newer build
// is there.
import { element as e } from "./dom.js";

const root = new URL("../../", import.meta.url);

/** A page that was fetched less than so many milliseconds before a newer build is found is of that
 * build: the browser looks for one when it opens a page. */
const JUST_NOW = 20_000;

/** Whether the page may be a kept copy. */
const wasOffline = !navigator.onLine;

/** Whether everything this page loads goes through the worker. */
const wasControlled = Boolean(navigator.serviceWorker?.controller);

/** Milliseconds before an open page asks again whether there is a newer build. */
const AGAIN = 3_600_000;

/** Addresses this page is made of. */
function loaded() {
  const named = [...document.querySelectorAll("[data-module]")].flatMap(({ dataset }) => {
    const module = new URL(dataset.module, location.href);
    const lake = dataset.lake ? [new URL(`${dataset.lake}manifest.json`, location.href).href] : [];
    return [module.href, new URL("windsock_bg.wasm", module).href, ...lake];
  });
  // What is only needed later is left to be fetched later, unless this page has fetched it.
  const used = performance.getEntriesByType("resource").map(({ name }) => name);
  const started = used.some((name) => name.endsWith("/worker.js"));
  return [location.href, ...new Set([...used, ...(started ? named : [])])];
}

function ask(worker) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    worker.postMessage({ kind: "build" }, [port2]);
  });
}

function later(other) {
  try {
    if (sessionStorage.getItem("build-seen") === other) return false;
    sessionStorage.setItem("build-seen", other);
  } catch {
    // Without storage it is said on each page.
  }
  return true;
}

/** Says that there is a newer build, and takes it over if the visitor wants. */
function offer(other, waiting) {
  if (document.getElementById("newer") || !later(other)) return;
  const reload = e("button", { type: "button" }, "Reload");
  const close = e("button", { type: "button", class: "quiet" }, "Later");
  const bar = e("div", { id: "newer", role: "status" },
    e("p", {}, "A newer edition of this site is there."), reload, close);
  reload.addEventListener("click", () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    if (waiting?.state === "installed") waiting.postMessage({ kind: "replace" });
    else location.reload();
  });
  close.addEventListener("click", () => bar.remove());
  document.body.append(bar);
}

/** A worker of another build waits: nothing to ask if this page is of that build already. */
async function compare(worker, found) {
  if (found < JUST_NOW && !wasOffline) worker.postMessage({ kind: "replace" });
  else offer(await ask(worker), worker);
}

function watch(worker) {
  const found = performance.now();
  worker?.addEventListener("statechange", () => {
    if (worker.state === "installed" && navigator.serviceWorker.controller) compare(worker, found);
  });
}

async function register() {
  const registration = await navigator.serviceWorker.register(new URL("sw.js", root), { scope: root });
  if (registration.waiting) compare(registration.waiting, performance.now());
  watch(registration.installing);
  registration.addEventListener("updatefound", () => watch(registration.installing));
  const { active } = await navigator.serviceWorker.ready;
  if (!wasControlled) active.postMessage({ kind: "remember", addresses: loaded() });
  let last = Date.now();
  const again = () => {
    last = Date.now();
    registration.update().catch(() => {});
  };
  addEventListener("online", again);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && Date.now() - last > AGAIN) again();
  });
}

/** Takes the worker and all that it kept away. */
export async function forget() {
  const registration = await navigator.serviceWorker?.getRegistration(root);
  await registration?.unregister();
  const names = (await globalThis.caches?.keys()) ?? [];
  await Promise.all(names.filter((name) => name.startsWith("windsock-")).map((name) => caches.delete(name)));
}

/** Pages that can be read without a network. */
export async function keptPages() {
  const pages = new Map();
  for (const name of (await globalThis.caches?.keys()) ?? []) {
    if (!/^windsock-(?:pages|shell-)/.test(name)) continue;
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) {
      const response = await cache.match(url);
      if (!response.headers.get("content-type")?.startsWith("text/html") || url === location.href) continue;
      const { title } = new DOMParser().parseFromString(await response.text(), "text/html");
      pages.set(url, title);
    }
  }
  return [...pages].map(([address, title]) => ({ address, title })).reverse();
}

/** Only secure origins have workers, and private windows of some browsers have none. */
export function offline() {
  if (!navigator.serviceWorker) return;
  const start = () => register().catch(() => {});
  if (document.readyState === "complete") start();
  else addEventListener("load", start, { once: true });
}
