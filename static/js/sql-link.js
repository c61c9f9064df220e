// A statement as part of an address: compressed, and never sent to a server.

/** Letters a link may unpack to, as many as the engine takes. */
const LONGEST = 100_000;

async function through(bytes, stream) {
  const out = new Blob([bytes]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(out).arrayBuffer());
}

/** The beginning of what a stream yields; more would only fill the memory. */
async function limited(bytes, stream) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts = [];
  let length = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length;
    if (length > LONGEST * 4) throw new Error("the link is longer than any statement");
    parts.push(part.value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/**
 * @param {{ sql: string, chart?: object }} state
 * @returns {Promise<string>} What follows `#`.
 */
export async function encode(state) {
  const bytes = new TextEncoder().encode(JSON.stringify(state));
  const packed = await through(bytes, new CompressionStream("deflate-raw"));
  const text = btoa(Array.from(packed, (byte) => String.fromCharCode(byte)).join(""));
  return `s=${text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

/**
 * Reads `location.hash`: `#s=` and a packed state, or `#q=` and a statement in plain.
 * @returns {Promise<{ sql: string, chart?: object } | undefined>}
 */
export async function decode(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, "").replaceAll("+", "%2B"));
  if (given.has("q")) return { sql: given.get("q") };
  if (!given.has("s")) return undefined;
  try {
    const text = atob(given.get("s").replaceAll("-", "+").replaceAll("_", "/"));
    const packed = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    const state = JSON.parse(new TextDecoder().decode(await limited(packed, new DecompressionStream("deflate-raw"))));
    if (typeof state.sql !== "string") throw new Error("it holds no statement");
    return state;
  } catch {
    throw new Error("the link is damaged: ask for it again");
  }
}
