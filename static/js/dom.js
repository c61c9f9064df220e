// Elements from plain values; text never becomes markup.
import { visible } from "./visible.js";

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
