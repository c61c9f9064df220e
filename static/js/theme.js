// Runs before the first paint, so that a chosen theme does not flash; a classic script for that.
"use strict";
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be switched off: the visitor's system decides.
}
document.documentElement.classList.add("js");
