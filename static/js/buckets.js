// Values by key from small files: a manifest says which file may have a key.

/** @typedef {{ format: number, about: any, values: number, buckets: [string, string][] }} Manifest */

/** The only format this script can read. */
const FORMAT = 1;

/** A folder of buckets. */
export class Buckets {
  /** @param {string} folder Address with a final slash. */
  constructor(folder) {
    this.folder = folder;
    /** Buckets that were fetched. @type {Map<string, Promise<object>>} */
    this.fetched = new Map();
  }

  /** @returns {Promise<Manifest>} */
  async manifest() {
    this.known ??= fetched(`${this.folder}manifest.json`).then(unpacked).then((bytes) => {
      const manifest = JSON.parse(new TextDecoder().decode(bytes));
      if (manifest.format > FORMAT) throw new Error("the site is newer than this page: reload it");
      return manifest;
    });
    return this.known;
  }

  /**
   * The value of a key, or nothing.
   * @param {string} key
   */
  async value(key) {
    const { buckets } = await this.manifest();
    const at = place(buckets, key);
    if (at < 0) return undefined;
    const bucket = await this.#bucket(buckets[at][1]);
    return Object.hasOwn(bucket, key) ? bucket[key] : undefined;
  }

  /**
   * Keys that begin with a text, and their values.
   * @param {string} prefix
   * @param {number} limit
   * @returns {Promise<[string, any][]>}
   */
  async beginning(prefix, limit) {
    const { buckets } = await this.manifest();
    const found = [];
    for (let at = Math.max(0, place(buckets, prefix)); at < buckets.length; at += 1) {
      const bucket = await this.#bucket(buckets[at][1]);
      for (const key of Object.keys(bucket).sort(compare)) {
        if (key.startsWith(prefix)) found.push([key, bucket[key]]);
        if (found.length >= limit) return found;
      }
      if (!buckets[at + 1]?.[0].startsWith(prefix)) break;
    }
    return found;
  }

  async #bucket(name) {
    if (!this.fetched.has(name)) {
      const bucket = fetched(`${this.folder}${name}.json.gz`)
        .then(unpacked).then((bytes) => JSON.parse(new TextDecoder().decode(bytes)));
      bucket.catch(() => this.fetched.delete(name));
      this.fetched.set(name, bucket);
    }
    return this.fetched.get(name);
  }
}

/** The order of the build: that of the characters' codes. */
const compare = (a, b) => (a < b ? -1 : Number(a > b));

/** The last bucket whose first key is not beyond. */
function place(buckets, key) {
  let [low, high] = [0, buckets.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(buckets[middle][0], key) <= 0) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The bytes at an address. */
export async function fetched(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  if (response.status === 206) throw new Error("the server sent only a part");
  return new Uint8Array(await response.arrayBuffer());
}

/** Some hosts unpack files on the way, some pack them once more and do not say so: the first bytes tell. */
export async function unpacked(bytes) {
  let plain = bytes;
  for (let layers = 0; layers < 2 && plain[0] === 0x1f && plain[1] === 0x8b; layers += 1) {
    const stream = new Blob([plain]).stream().pipeThrough(new DecompressionStream("gzip"));
    plain = new Uint8Array(await new Response(stream).arrayBuffer());
  }
  return plain;
}
