// Fetching the lake's files whole: from the cache, from the network, and what to say if a host
// does not serve what was published.

/** @typedef {{ path: string, bytes: number, sha256: string }} File As the manifest lists it. */

const CACHE = "windsock-lake";

/** First bytes of gzip: some hosts compress files and do not say so. */
const GZIP = [0x1f, 0x8b];

/** Bytes and requests since the page was opened. */
export const moved = { bytes: 0, requests: 0, cached: 0 };

/**
 * The cache, and whether it had been there before: who asks a new one for a file waits for nothing. Only
 * secure origins have it; without it the browser's own cache has to do.
 *
 * Opened while the rest of the worker is on its way: the first time takes longer than a small file.
 */
const store = (async () => {
  try {
    const known = await caches.has(CACHE);
    return { cache: await caches.open(CACHE), known };
  } catch {
    return { cache: undefined, known: false };
  }
})();

/** Names of files carry a part of their hash; the key carries all of it. */
function key(base, { path, sha256 }) {
  return `${base}${path}?sha256=${sha256}`;
}

/**
 * Downloads an address.
 * @param {string} address
 * @param {RequestInit} [options]
 */
export async function download(address, options) {
  let response;
  try {
    response = await fetch(address, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("the server could not be reached");
  }
  if (response.status === 206) throw new Error(`the server sent only a part of ${address}`);
  if (!response.ok) throw new Error(`the server answered ${response.status} for ${address}`);
  let buffer;
  try {
    buffer = await response.arrayBuffer();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    // Broken off, or said to be compressed and is not.
    throw new Error(
      `${address} could not be read: the connection broke, or the server names a wrong Content-Encoding`,
    );
  }
  moved.bytes += buffer.byteLength;
  moved.requests += 1;
  return new Uint8Array(buffer);
}

/** The manifest of a lake, as text: the one file of it that is never taken from a cache unasked. */
export async function readIndex(lake) {
  const bytes = await download(`${lake}manifest.json`, { cache: "no-cache" });
  return new TextDecoder().decode(bytes);
}

async function gunzip(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Bytes as they were published, where a host compressed them without saying so: nothing here is gzip. */
async function plain(bytes) {
  if (bytes[0] !== GZIP[0] || bytes[1] !== GZIP[1]) return bytes;
  return gunzip(bytes).catch(() => bytes);
}

/** A file came, but it is not what was published. */
export class Altered extends Error {}

/**
 * Fetches a file and hands it to `accept`, which refuses it if it is not what was published.
 *
 * A copy in a cache may be old or broken, so what is refused is fetched once more past all caches.
 * @param {string} base
 * @param {File} file
 * @param {(bytes: Uint8Array) => void | Promise<void>} accept
 * @param {AbortSignal} [signal]
 */
export async function fetchFile(base, file, accept, signal) {
  const { cache, known } = await store;
  const kept = known && (await cache.match(key(base, file)));
  if (kept) {
    try {
      await accept(new Uint8Array(await kept.arrayBuffer()));
      moved.cached += 1;
      return;
    } catch {
      await cache.delete(key(base, file));
    }
  }
  const attempt = async (options) => {
    const bytes = await plain(await download(base + file.path, { signal, ...options }));
    try {
      await accept(bytes);
    } catch (error) {
      throw new Altered(error.message);
    }
    return bytes;
  };
  let bytes;
  try {
    bytes = await attempt({});
  } catch (error) {
    if (error.name === "AbortError") throw error;
    bytes = await attempt({ cache: "reload" });
  }
  // Not waited for: a full disk must not keep anybody from an answer.
  cache?.put(key(base, file), new Response(bytes)).catch(() => {});
}

/** All Parquet files of a table's manifest, by row and by column. */
export function published(entry) {
  return [...entry.files, ...(entry.by_column ?? [])];
}

/** Forgets files of earlier states of a table: they cost space, never a wrong answer. */
export async function sweep(base, table, entry) {
  const { cache, known } = await store;
  if (!known) return;
  const address = (path) => new URL(path, location.href).href;
  const current = new Set(published(entry).map((file) => address(key(base, file))));
  const folders = [address(`${base}${table}/`), address(`${base}columns/${table}/`)];
  for (const { url } of await cache.keys()) {
    if (folders.some((folder) => url.startsWith(folder)) && !current.has(url)) await cache.delete(url);
  }
}
