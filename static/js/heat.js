// The heat map of a cross-tab: the darker, the more; where there is room numbers say the same.
import { label, shape, wide, widest } from "./svg.js";

const number = new Intl.NumberFormat("en-US");
const short = new Intl.NumberFormat("en-US", { notation: "compact" });

/** Shades, from nothing to the most. */
const SHADES = 5;
/** The longest label above the cells, in pixels. */
const ASLANT = 130;

/** Counts differ by powers of ten, so shades follow the square root. */
function shade(count, most) {
  return count === 0 ? 0 : Math.max(1, Math.ceil(SHADES * Math.sqrt(count / most)));
}

/**
 * @param {HTMLElement} element
 * @param {object} of
 * @param {string[]} of.down Names of the rows.
 * @param {string[]} of.across Names of the columns.
 * @param {number[][]} of.counts By row and column.
 * @param {(row: number, column: number) => void} of.onPick
 */
export function heat(element, { down, across, counts, onPick }) {
  const width = Math.max(element.clientWidth, 300);
  const most = Math.max(1, ...counts.flat());
  const left = Math.min(width * 0.38, widest(down) + 10);
  const cell = Math.min(64, Math.max(12, (width - left - 40) / across.length));
  const isAslant = widest(across) > cell;
  const top = isAslant ? Math.min(ASLANT, widest(across)) * 0.72 + 16 : 22;
  const high = Math.min(30, Math.max(16, cell));
  const height = top + high * down.length + 4;
  // All cells have their number, or none: those that are missing would look like zeros.
  const isTold = Math.max(...counts.flat().map((count) => wide(short.format(count)))) < cell + 4;
  const parts = across.map((name, at) => {
    const x = left + cell * (at + 0.5);
    return label(name, isAslant
      ? { x: x - 2, y: top - 6, transform: `rotate(-45 ${x - 2} ${top - 6})` }
      : { x, y: top - 8, class: "middle" }, ASLANT);
  });
  down.forEach((name, row) => {
    const y = top + high * row;
    parts.push(label(name, { x: left - 6, y: y + high / 2 + 4, class: "end" }, left - 8));
    across.forEach((other, column) => {
      const count = counts[row][column];
      const title = shape("title", {}, `${name}, ${other}: ${number.format(count)}`);
      const box = shape("rect", { x: left + cell * column, y, width: cell - 1, height: high - 1,
        class: `cell shade-${shade(count, most)}` }, title);
      box.addEventListener("click", () => count > 0 && onPick(row, column));
      parts.push(box);
      if (isTold && count > 0) {
        parts.push(shape("text", { x: left + cell * (column + 0.5), y: y + high / 2 + 4,
          class: `middle in-cell shade-${shade(count, most)}` }, short.format(count)));
      }
    });
  });
  const full = left + cell * across.length + 40;
  element.replaceChildren(shape("svg", { width: full, height, viewBox: `0 0 ${full} ${height}`, class: "plot" }, ...parts));
}
