// Shapes of drawings; how they look is the style sheet's business, so they follow the theme.

/** @returns {SVGElement} */
export function shape(name, attributes, ...content) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content.filter((one) => one !== null && one !== undefined));
  return made;
}

/** Pixels a text takes, about: measuring each would cost layout. */
export function wide(text) {
  let pixels = 4;
  for (const c of text) pixels += c >= "A" && c <= "Z" ? 9 : 7;
  return pixels;
}

/** The longest of some texts, in pixels. */
export function widest(texts) {
  return Math.max(0, ...texts.map(wide));
}

/** Text that ends with dots where it would not fit; the whole of it can be pointed at. */
export function label(text, attributes, pixels) {
  let cut = text;
  while (cut.length > 1 && wide(cut) > pixels) cut = `${cut.slice(0, -2)}…`;
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
