// The index of words: docs/search.md has the format.
import { fetched, unpacked } from "./buckets.js";

/** The only format this script can read. */
const FORMAT = 1;

/**
 * @typedef {object} Segment
 * @property {number} events
 * @property {number} first Number of its first event among all.
 * @property {string} words Name of the index of words.
 * @property {string} pairs Name of the index of pairs of words.
 * @property {[number, string][]} keys Number of the first event and name of each file of keys.
 * @property {string} facets
 *
 * @typedef {object} Manifest
 * @property {{ words: number, pairs: number }} lists How many lists a term has.
 * @property {string[]} skipped
 * @property {Segment[]} segments
 * @property {string} completions
 * @property {[code: string, name: string][]} states
 * @property {string[]} severities
 * @property {number} year_zero
 */

const text = (bytes) => new TextDecoder().decode(bytes);
const json = (bytes) => JSON.parse(text(bytes));

/** Numbers of seven bits a byte, one after the other. */
class Numbers {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  next() {
    let number = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.at++];
      number += (byte & 127) * scale;
      if (byte < 128 || byte === undefined) return number;
    }
  }

  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

/**
 * A file of terms: their lists are read when they are asked for.
 * @param {Uint8Array} bytes
 * @param {number} lists How many a term has.
 */
function bucket(bytes, lists) {
  const numbers = new Numbers(bytes);
  const terms = new Map();
  let term = "";
  const all = [];
  for (let left = numbers.next(); left > 0; left -= 1) {
    const shared = numbers.next();
    term = term.slice(0, shared) + text(numbers.take(numbers.next()));
    const counts = Array.from({ length: lists }, () => numbers.next());
    const entry = { counts, start: 0 };
    terms.set(term, entry);
    all.push(entry);
  }
  let at = numbers.at;
  for (const entry of all) {
    entry.start = at;
    let left = entry.counts.reduce((sum, count) => sum + count, 0);
    for (; left > 0; at += 1) if (bytes[at] < 128) left -= 1;
  }
  return {
    terms,
    /** Numbers of events of a term, by list. */
    lists(term) {
      const entry = terms.get(term);
      if (!entry) return undefined;
      const at = new Numbers(bytes);
      at.at = entry.start;
      return entry.counts.map((count) => {
        const list = new Uint32Array(count);
        for (let n = 0, event = 0; n < count; n += 1) list[n] = event += at.next();
        return list;
      });
    },
  };
}

/** The last of sorted pairs whose first value is not beyond. */
function place(pairs, key) {
  let [low, high] = [0, pairs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pairs[middle][0] <= key) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The files of an index, fetched as they are needed and kept. */
export class SearchIndex {
  /** @param {string} folder Address with a final slash. */
  constructor(folder) {
    this.folder = folder;
    /** @type {Map<string, Promise<any>>} */
    this.kept = new Map();
    /** Bytes fetched, as they came. */
    this.bytes = 0;
  }

  #once(name, make) {
    if (!this.kept.has(name)) {
      const made = make();
      made.catch(() => this.kept.delete(name));
      this.kept.set(name, made);
    }
    return this.kept.get(name);
  }

  #file(name, read) {
    return this.#once(name, async () => {
      const bytes = await fetched(`${this.folder}${name}.gz`);
      this.bytes += bytes.length;
      return read(await unpacked(bytes));
    });
  }

  /** @returns {Promise<Manifest>} */
  manifest() {
    return this.#once("manifest", async () => {
      const manifest = json(await fetched(`${this.folder}manifest.json`));
      if (manifest.format > FORMAT) throw new Error("the site is newer than this page: reload it");
      let first = 0;
      for (const segment of manifest.segments) {
        segment.first = first;
        first += segment.events;
      }
      manifest.events = first;
      return manifest;
    });
  }

  /**
   * Numbers, within the segment, of the events that have a term; nothing if none has it.
   * @param {Segment} segment
   * @param {"words" | "pairs"} kind
   * @param {string} term
   * @returns {Promise<Uint32Array[] | undefined>}
   */
  async lists(segment, kind, term) {
    const { lists } = await this.manifest();
    const files = await this.#file(segment[kind], json);
    const at = place(files, term);
    if (at < 0) return undefined;
    const found = await this.#file(files[at][1], (bytes) => bucket(bytes, lists[kind]));
    return found.lists(term);
  }

  /**
   * The commonest words that begin with a text.
   * @param {string} beginning
   * @param {number} most
   */
  async completions(beginning, most) {
    const { completions } = await this.manifest();
    const common = await this.#file(completions, json);
    const from = place(common, beginning);
    const found = [];
    for (let at = Math.max(0, from); at < common.length; at += 1) {
      const [word, weight] = common[at];
      if (word.startsWith(beginning)) found.push({ word, weight });
      else if (word > beginning) break;
    }
    found.sort((a, b) => b.weight - a.weight || a.word.length - b.word.length);
    return found.slice(0, most).map(({ word }) => word);
  }

  /** Words spelled much like one that is in no text. */
  async spelledLike(word) {
    const { completions } = await this.manifest();
    const common = await this.#file(completions, json);
    let best;
    for (const [other, weight] of common) {
      const far = distance(word, other, word.length > 6 ? 2 : 1);
      if (far === undefined) continue;
      const cost = far * 100 - weight;
      if (!best || cost < best.cost) best = { word: other, cost };
    }
    return best?.word;
  }

  /**
   * Year, state and injury of the events of a segment: a byte each.
   * @param {Segment} segment
   */
  facets(segment) {
    return this.#file(segment.facets, (bytes) => {
      const part = (at) => bytes.subarray(at * segment.events, (at + 1) * segment.events);
      return { years: part(0), states: part(1), severities: part(2) };
    });
  }

  /** The key of an event. @param {number} number Among all events. */
  async key(number) {
    const { segments } = await this.manifest();
    const segment = segments.findLast(({ first }) => first <= number);
    const own = number - segment.first;
    const [first, name] = segment.keys[place(segment.keys, own)];
    return (await this.#file(name, json))[own - first];
  }
}

/** Letters to change from one word to another, if there are no more than some. */
function distance(a, b, most) {
  if (Math.abs(a.length - b.length) > most || a[0] !== b[0]) return undefined;
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + Number(a[i - 1] !== b[j - 1]));
    }
    if (Math.min(...next) > most) return undefined;
    row = next;
  }
  return row[b.length] <= most ? row[b.length] : undefined;
}
