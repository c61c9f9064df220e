// The part of a record's texts that has most of the words, with the words marked.
import { element as e } from "./dom.js";
import { words } from "./words.js";

/** @import { Query } from "./search-query.js" */

/** Words of an excerpt. */
const LENGTH = 38;

/** Characters of an excerpt at most. */
const WIDEST = 600;

/** Characters of a text that are looked at: enough for the longest report. */
const LONGEST = 200_000;

/** Which words of a text are looked for, each with the clause it belongs to. */
function hits(tokens, /** @type {Query} */ query, skipped) {
  const wanted = query.clauses.filter(({ excluded }) => !excluded);
  const found = [];
  const plain = tokens.filter(({ word }) => !skipped.has(word));
  wanted.forEach(({ words: own, phrase, open }, clause) => {
    const begins = open && own[0]?.length >= 3 ? own[0] : undefined;
    plain.forEach((token, at) => {
      const { word, compound } = token;
      if (phrase.length > 0) {
        if (phrase.every((part, step) => plain[at + step]?.word === part)) {
          found.push({ clause, from: token, to: plain[at + phrase.length - 1] });
        }
      } else if (own.includes(word) || (begins && word.startsWith(begins))) {
        found.push({ clause, from: token, to: token });
      } else if (compound && own.includes(compound)) {
        found.push({ clause, from: tokens[token.at - 1], to: token });
      }
    });
  });
  return found.sort((a, b) => a.from.start - b.from.start || b.to.end - a.to.end);
}

/** Where the window with most of the words begins. */
function window(found) {
  let best = { score: 0, from: 0 };
  for (let start = 0; start < found.length; start += 1) {
    const from = found[start].from.at;
    const inside = found.slice(start, start + LENGTH).filter(({ to }) => to.at < from + LENGTH);
    const score = new Set(inside.map(({ clause }) => clause)).size * 10 + Math.min(9, inside.length);
    if (score > best.score) best = { score, from };
  }
  return best;
}

/** A text with its hits between two places marked. */
function marked(text, found, start, end) {
  const parts = [];
  let at = start;
  for (const { from, to } of found) {
    if (from.start < at || to.end > end) continue;
    parts.push(text.slice(at, from.start), e("mark", {}, text.slice(from.start, to.end)));
    at = to.end;
  }
  parts.push(text.slice(at, end));
  return parts;
}

/**
 * @param {{ label: string, column: string, text: string }[]} texts
 * @param {Query} query
 * @param {Set<string>} skipped
 * @returns {{ element: HTMLElement, hit: boolean, complete: boolean } | undefined} Complete if each
 *   phrase stands in one of the texts as it was typed.
 */
export function excerpt(texts, query, skipped) {
  let best;
  const met = new Set();
  for (const { label, column, text: whole } of texts) {
    const text = whole.slice(0, LONGEST);
    const tokens = words(text).map((token, at) => ({ ...token, at }));
    const found = hits(tokens, query, skipped);
    for (const { clause } of found) met.add(clause);
    const { score, from } = window(found);
    // The cause says most in fewest words.
    const weight = score + Number(column === "narr_cause") * Math.sign(score);
    if (!best || weight > best.weight) best = { weight, label, text, tokens, found, from };
  }
  if (!best) return undefined;
  const { label, text, tokens, found } = best;
  const first = Math.max(0, Math.min(best.from - 6, tokens.length - LENGTH));
  const start = first === 0 ? 0 : tokens[first].start;
  const last = tokens[first + LENGTH - 1];
  // A word may be as long as a text.
  const end = Math.min(last ? last.end : text.length, start + WIDEST);
  const cut = (yes) => (yes ? "… " : "");
  const wanted = query.clauses.filter(({ excluded }) => !excluded);
  return {
    hit: found.length > 0,
    complete: wanted.every(({ phrase }, clause) => phrase.length < 3 || met.has(clause)),
    element: e("p", { class: "excerpt" }, e("b", {}, `${label}: `),
      e("bdi", {}, cut(first > 0), ...marked(text, found, start, end), end < text.length ? " …" : "")),
  };
}
