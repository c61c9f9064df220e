// The finder of the home page: what is typed among registrations, numbers, types, airports, states
// and places; everything else is left to the page that searches texts.
import { Buckets } from "./buckets.js";
import { element as e } from "./dom.js";
import { address, find, item } from "./find.js";
import { listenToKeys } from "./keys.js";

const form = document.getElementById("finder");
const input = document.getElementById("finder-text");
const status = document.getElementById("finder-status");
const list = document.getElementById("finder-found");
const { root } = form.dataset;
const buckets = new Buckets(form.dataset.find);
const hint = status.textContent;

/** Results shown. */
const SHOWN = 12;

const texts = (typed) => `${form.getAttribute("action")}?q=${encodeURIComponent(typed)}`;

let latest = 0;

async function show() {
  const typed = input.value.trim();
  const own = (latest += 1);
  if (typed.length < 2) {
    list.replaceChildren();
    status.textContent = hint;
    return [];
  }
  let found = [];
  try {
    found = await find(buckets, typed, SHOWN);
    if (own !== latest) return [];
    status.textContent = found.length === 0
      ? "No number, aircraft or place begins like this; the reports may have the words."
      : `${found.length === SHOWN ? "The first " : ""}${found.length} found`;
  } catch (error) {
    if (own !== latest) return [];
    status.textContent = `The index could not be fetched (${error.message}).`;
  }
  list.replaceChildren(...found.map((one) => item(root, one)),
    e("li", {}, e("a", { href: texts(typed) }, "Reports with the words ", e("b", {}, typed)), " ",
      e("small", {}, "Search")));
  return found;
}

input.addEventListener("input", show);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const [first] = await show();
  location.href = first ? address(root, first.entry) : texts(input.value.trim());
});
listenToKeys(input, () => [...list.querySelectorAll("a")]);
