// Searches a visitor keeps: names and links in the browser's own storage.
import { element as e } from "./dom.js";

const KEY = "windsock-searches";
const MOST = 100;

/** @returns {{ name: string, link: string }[]} */
function read() {
  const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
  const sound = (one) => typeof one?.name === "string" && typeof one.link === "string";
  return Array.isArray(kept) ? kept.filter(sound) : [];
}

/**
 * Lists, adds and takes away.
 * @param {HTMLElement} list
 * @param {HTMLFormElement} form With one text field.
 * @param {HTMLElement} note
 */
export function savedSearches(list, form, note) {
  const field = form.querySelector("input");
  const plain = note.textContent;
  const store = (searches) => localStorage.setItem(KEY, JSON.stringify(searches));

  const attempt = (act) => {
    try {
      act();
    } catch {
      note.textContent = "This browser does not let pages keep anything: bookmark the link instead.";
    }
  };

  const show = () => {
    const searches = read();
    list.replaceChildren(...searches.map(({ name, link }) => {
      const away = e("button", { type: "button", class: "quiet", "aria-label": `Delete ${name}` }, "Delete");
      away.addEventListener("click", () => attempt(() => {
        store(read().filter((one) => one.name !== name));
        show();
        note.textContent = `“${name}” was deleted.`;
        field.focus();
      }));
      return e("li", {}, e("a", { href: link === "" ? location.pathname : `?${link}` }, name), " ", away);
    }));
    note.textContent = searches.length > 0 ? plain : `None yet. ${plain}`;
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const name = field.value.trim();
    if (name === "") return;
    attempt(() => {
      const others = read().filter((one) => one.name !== name);
      if (others.length >= MOST) return (note.textContent = `There are ${MOST} already: delete one first.`);
      store([...others, { name, link: location.search.slice(1) }]);
      field.value = "";
      show();
      note.textContent = `“${name}” is kept in this browser.`;
    });
  });
  // Another tab may add or delete.
  addEventListener("storage", (event) => event.key === KEY && attempt(show));
  attempt(show);
}
