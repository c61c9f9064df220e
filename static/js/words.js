// Text → the words it is found by. The generator does the same to the texts (`words.rs`), and both
// are held to `words.tsv`.

/** Characters of a word at most. */
const LONGEST = 40;

/** Letters of Latin-1 without their accents, from à on. */
const LATIN = ["a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i", "d",
  "n", "o", "o", "o", "o", "o", "", "o", "u", "u", "u", "u", "y", "th"];

const WORD = /[0-9A-Za-zÀ-ÖØ-öø-ÿ]+/g;

function letters(character) {
  if (character < "\u0080") return character.toLowerCase();
  if (character === "ß") return "ss";
  if (character === "ÿ") return "y";
  return LATIN[character.toLowerCase().codePointAt(0) - 0xe0];
}

/** Cut as the generator cuts: a letter that would not fit is left out. */
function lower(text) {
  let word = "";
  for (const character of text) {
    const next = letters(character);
    if (word.length + next.length <= LONGEST) word += next;
    if (word.length >= LONGEST) break;
  }
  return word;
}

/** Plurals without their ending: the S stemmer. @param {string} word */
function singular(word) {
  if (word.length < 4 || !word.endsWith("s") || /\d/.test(word)) return word;
  if (word.endsWith("ies")) return "ae".includes(word.at(-4)) ? word : `${word.slice(0, -3)}y`;
  if (word.endsWith("es")) {
    if (/(?:ch|sh|ss|x|z)es$/.test(word)) return word.slice(0, -2);
    return "aeo".includes(word.at(-3)) ? word : word.slice(0, -1);
  }
  return "us".includes(word.at(-2)) ? word : word.slice(0, -1);
}

/**
 * The words of a text, where they stand, and the compound a hyphen makes of one and the word
 * before.
 * @param {string} text
 * @returns {{ word: string, start: number, end: number, compound?: string }[]}
 */
export function words(text) {
  const found = [];
  let before = "";
  for (const match of text.matchAll(WORD)) {
    const plain = lower(match[0]);
    const start = match.index;
    const end = start + match[0].length;
    const compound = before && singular((before + plain).slice(0, LONGEST));
    found.push({ word: singular(plain), start, end, ...(compound && { compound }) });
    before = text[end] === "-" && /[0-9A-Za-zÀ-ÖØ-öø-ÿ]/.test(text[end + 1] ?? "") ? plain : "";
  }
  return found;
}
