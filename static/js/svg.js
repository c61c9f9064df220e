// Shapes of drawings; how they look is the style sheet's business, so they follow the theme.

/** @returns {SVGElement} */
export function shape(name, attributes, ...content) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content.filter((one) => one !== null && one !== undefined));
  return made;
}

/** Text that ends with dots where it would not fit; the whole of it can be pointed at. */
export function label(text, attributes, most) {
  const cut = text.length > most ? `${text.slice(0, most - 1)}…` : text;
  return shape("text", attributes, cut, cut === text ? null : shape("title", {}, text));
}

/** Round numbers from 0 that include the largest value. */
export function ticks(largest, wanted = 5) {
  const raw = Math.max(1, largest) / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max(1, [1, 2, 5, 10].find((n) => n * power >= raw) * power);
  const all = [];
  for (let value = 0; value < largest + step; value += step) all.push(value);
  return all;
}
