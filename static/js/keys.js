// Keyboard of a search field: `/` leads to it, arrows go through what was found.

/**
 * @param {HTMLInputElement} input
 * @param {() => HTMLElement[]} found Links in their order.
 */
export function listenToKeys(input, found) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && !event.target.closest("input, select, textarea, [contenteditable]")) {
      event.preventDefault();
      input.focus();
      input.select();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    const places = [input, ...found()];
    const at = places.indexOf(document.activeElement);
    const next = places[at + step];
    if (at < 0 || !next) return;
    event.preventDefault();
    next.focus();
  });
}
