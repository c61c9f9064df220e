// What every page does: theme, and charts once they come into view.
import { watchCharts } from "./charts.js";
import { watchFigures } from "./figure.js";
import { offline } from "./offline.js";

const THEMES = ["auto", "light", "dark"];

/** Shows what only works with a script; without one it stays hidden. */
function reveal() {
  for (const element of document.querySelectorAll("[hidden].js-only")) {
    if (!element.matches("#results, #empty")) element.hidden = false;
  }
}

function themeToggle() {
  const button = document.getElementById("theme");
  const root = document.documentElement;
  const show = () => {
    button.textContent = `Theme: ${root.dataset.theme ?? "auto"}`;
  };
  button.addEventListener("click", () => {
    const now = THEMES.indexOf(root.dataset.theme ?? "auto");
    const next = THEMES[(now + 1) % THEMES.length];
    if (next === "auto") delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      if (next === "auto") localStorage.removeItem("theme");
      else localStorage.setItem("theme", next);
    } catch {
      // Storage may be switched off: the choice lasts for this page.
    }
    show();
    dispatchEvent(new Event("themechange"));
  });
  show();
}

reveal();
if (document.getElementById("theme")) themeToggle();
watchCharts();
watchFigures();
offline();
