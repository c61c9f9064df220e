// Colours of the theme, as the page resolves them.

function put(value, probe) {
  if (typeof value === "string") {
    if (!/^var\(--[\w-]+\)$/.test(value)) return value;
    probe.style.color = value;
    return getComputedStyle(probe).color;
  }
  if (Array.isArray(value)) return value.map((item) => put(item, probe));
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, put(v, probe)]));
  }
  return value;
}

/** The same value, with the theme's colour for every `var(--token)` in it. */
export function themed(value) {
  const probe = document.body.appendChild(document.createElement("i"));
  const made = put(value, probe);
  probe.remove();
  return made;
}

/** Calls back when the theme changes, be it by the visitor or by the system. */
export function onTheme(callback) {
  addEventListener("themechange", callback);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", callback);
}
