// Elements from plain values; text never becomes markup.
import { visible } from "./visible.js";

/**
 * A cell of a table.
 * @param {"td" | "th"} tag
 * @param {Node | string} content
 * @param {string} [kind] Its class.
 */
export function cell(tag, content, kind) {
  const made = document.createElement(tag);
  made.append(typeof content === "string" ? visible(content) : content);
  if (kind) made.className = kind;
  return made;
}

/** @param {Node[]} cells */
export function row(cells) {
  const made = document.createElement("tr");
  made.append(...cells);
  return made;
}

/**
 * @param {string} name
 * @param {Record<string, string | boolean>} attributes
 * @param {...(Node | string | number | null | undefined | false)} content
 * @returns {HTMLElement}
 */
export function element(name, attributes, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false) made.setAttribute(key, value);
  }
  made.append(...content.filter((c) => c !== null && c !== undefined && c !== false).map((c) =>
    typeof c === "string" || typeof c === "number" ? visible(String(c)) : c));
  return made;
}
