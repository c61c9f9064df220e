// What is typed → what is looked for → the events that have it.
import { words } from "./words.js";

/** @import { Manifest, SearchIndex, Segment } from "./search-index.js" */

/**
 * One condition; an event meets it if it has any of the words, or all pairs of the phrase.
 * @typedef {object} Clause
 * @property {string[]} words
 * @property {string[][]} pairs Neighbouring words of a phrase.
 * @property {string[]} phrase Words of a phrase in their order.
 * @property {boolean} excluded
 * @property {boolean} open Whether the word may still be typed, or ends in `*`.
 *
 * @typedef {object} Query
 * @property {Clause[]} clauses
 * @property {string[]} skipped Words that every report has.
 */

/** Words of the whole query at most: nobody types more, a hostile link may. */
const MOST_WORDS = 16;

/** Words that complete the one being typed. */
const COMPLETIONS = 6;

/** Weight of the lists of a word and of a phrase: what says what the event is about counts most. */
const WEIGHTS = { words: [3, 1.6, 1], pairs: [6, 3] };

/**
 * @param {string} typed
 * @param {string[]} skipped
 * @param {boolean} typing Whether the last word may go on.
 * @returns {Query}
 */
export function parse(typed, skipped, typing) {
  const small = new Set(skipped);
  const query = { clauses: [], skipped: [] };
  let count = 0;
  const take = (text) => words(text).filter(({ word }) => {
    if (small.has(word)) query.skipped.push(word);
    return !small.has(word) && (count += 1) <= MOST_WORDS;
  });
  const clause = (made) => query.clauses.push({
    words: [], pairs: [], phrase: [], excluded: false, open: false, ...made,
  });
  for (const [, minus, quoted, plain] of typed.matchAll(/(-?)(?:["“”]([^"“”]*)["“”]?|([^\s"“”]+))/g)) {
    const excluded = minus === "-";
    const found = take(quoted ?? plain);
    if (quoted !== undefined && found.length > 1) {
      const phrase = found.map(({ word }) => word);
      clause({ phrase, pairs: phrase.slice(1).map((word, at) => [phrase[at], word]), excluded });
      continue;
    }
    // Of words joined by hyphens the compounds are looked for: they are `mid-air` and `midair`.
    const compounds = quoted === undefined ? found.filter(({ compound }) => compound) : [];
    if (compounds.length > 0) for (const { compound } of compounds) clause({ words: [compound], excluded });
    else for (const { word } of found) clause({ words: [word], excluded, open: plain?.endsWith("*") });
  }
  const last = query.clauses.at(-1);
  if (typing && last?.words.length === 1 && !last.excluded && /[\p{L}\p{N}]$/u.test(typed)) last.open = true;
  return query;
}

/** Adds the commonest words that begin as an open one does. */
export async function complete(query, /** @type {SearchIndex} */ index) {
  for (const clause of query.clauses.filter(({ open }) => open)) {
    const [word] = clause.words;
    if (word.length < 3) continue;
    const more = await index.completions(word, COMPLETIONS);
    clause.words = [word, ...more.filter((other) => other !== word)];
  }
}

/** Numbers that are in one of the lists of each term, by the worst of those they are in. */
function shared(terms) {
  const ranks = terms.map((lists) => new Map(lists.flatMap((list, rank) => [...list].map((number) => [number, rank]))));
  const [first, ...others] = ranks.sort((a, b) => a.size - b.size);
  const found = WEIGHTS.pairs.map(() => []);
  for (const [number, rank] of first) {
    const all = others.map((other) => other.get(number));
    if (!all.includes(undefined)) found[Math.max(rank, ...all)].push(number);
  }
  return found;
}

/** Lists of a clause in a segment, with weights. */
async function listsOf(index, segment, clause) {
  if (clause.pairs.length > 0) {
    const all = await Promise.all(clause.pairs.map((pair) => index.lists(segment, "pairs", pair.join(" "))));
    if (!all.every(Boolean)) return [];
    return shared(all).map((list, rank) => ({ list, weight: WEIGHTS.pairs[rank] }));
  }
  const all = await Promise.all(clause.words.map((word) => index.lists(segment, "words", word)));
  // A completion is worth less than what was typed.
  return all.flatMap((lists, at) => (lists ?? []).map((list, tier) =>
    ({ list, weight: WEIGHTS.words[tier] * (at === 0 ? 1 : 0.7) })));
}

/**
 * Events that meet all clauses, and how well.
 * @param {SearchIndex} index
 * @param {Query} query
 * @returns {Promise<{ numbers: Uint32Array, scores: Float32Array, unknown: string[] }>} Numbers of
 *   events, ascending, and words that are in no text.
 */
export async function evaluate(index, query) {
  const { segments, events } = await index.manifest();
  const wanted = query.clauses.filter(({ excluded }) => !excluded);
  const excluded = query.clauses.filter((clause) => clause.excluded);
  // Two words that stand beside each other are what was meant; for more of them it is not worth
  // the bytes.
  const alone = wanted.map(({ words: [word] }) => word);
  const neighbours = alone.length === 2 && alone.every(Boolean) ? [alone.join(" ")] : [];
  const read = (clause) => Promise.all(segments.map((segment) => listsOf(index, segment, clause)));
  const [lists, without, beside] = await Promise.all([
    Promise.all(wanted.map(read)),
    Promise.all(excluded.map(read)),
    Promise.all(neighbours.map((pair) =>
      Promise.all(segments.map((segment) => index.lists(segment, "pairs", pair))))),
  ]);
  const met = new Uint8Array(events);
  const scores = new Float32Array(events);
  const each = (ofSegments, act) => ofSegments.forEach((ofSegment, at) => {
    const { first } = segments[at];
    for (const { list, weight } of ofSegment) for (const number of list) act(first + number, weight);
  });
  const rarity = (count) => Math.log2(1 + events / Math.max(1, count));
  const total = (ofSegments) => ofSegments.flat().reduce((sum, { list }) => sum + list.length, 0);
  lists.forEach((ofSegments, at) => {
    const rare = rarity(total(ofSegments));
    const best = new Float32Array(events);
    each(ofSegments, (number, weight) => {
      if (weight <= best[number]) return;
      scores[number] += (weight - best[number]) * rare;
      best[number] = weight;
      if (met[number] === at) met[number] += 1;
    });
  });
  for (const ofSegments of without) each(ofSegments, (number) => (met[number] = 255));
  for (const ofSegments of beside) {
    const plain = ofSegments.map((found) => found?.map((list) => ({ list, weight: 1.5 })) ?? []);
    const rare = rarity(total(plain));
    each(plain, (number, weight) => (scores[number] += weight * rare));
  }
  const numbers = [];
  if (wanted.length > 0) met.forEach((count, number) => count === wanted.length && numbers.push(number));
  const unknown = wanted.filter((_, at) => total(lists[at]) === 0)
    .map(({ words: [word], phrase }) => word ?? phrase.join(" "));
  return { numbers: Uint32Array.from(numbers), scores, unknown };
}

/**
 * The first of the events that pass the filters, and how many have each value.
 * @param {Manifest} manifest
 * @param {{ years: Uint8Array, states: Uint8Array, severities: Uint8Array }[]} facets By segment.
 * @param {{ numbers: Uint32Array, scores: Float32Array }} found
 * @param {{ years: Set<number>, states: Set<number>, severities: Set<number>, newest: boolean, most: number }} chosen
 */
export function arrange({ segments }, facets, { numbers, scores }, chosen) {
  const counts = { years: new Uint32Array(256), states: new Uint32Array(256), severities: new Uint32Array(256) };
  const passes = (name, value) => chosen[name].size === 0 || chosen[name].has(value);
  const kept = [];
  let at = 0;
  for (const number of numbers) {
    while (at + 1 < segments.length && number >= segments[at + 1].first) at += 1;
    const own = number - segments[at].first;
    const [year, state, severity] = [facets[at].years[own], facets[at].states[own], facets[at].severities[own]];
    const [inYear, inState, inSeverity] =
      [passes("years", year), passes("states", state), passes("severities", severity)];
    // Beside a value stands how many there are with it and what is chosen of the others.
    if (inState && inSeverity) counts.years[year] += 1;
    if (inYear && inSeverity) counts.states[state] += 1;
    if (inYear && inState) counts.severities[severity] += 1;
    if (inYear && inState && inSeverity) kept.push({ number, year, score: scores[number] });
  }
  const newer = (a, b) => b.year - a.year || b.number - a.number;
  kept.sort(chosen.newest ? newer : (a, b) => b.score - a.score || newer(a, b));
  return { total: kept.length, first: kept.slice(0, chosen.most).map(({ number }) => number), counts };
}
