// What is kept of the site on this device, and how to be rid of it.
import { element as e } from "./dom.js";
import { forget, keptPages } from "./offline.js";

const list = document.getElementById("kept");
const status = document.getElementById("kept-status");
const button = document.getElementById("forget");

async function show() {
  const pages = await keptPages().catch(() => []);
  status.textContent = pages.length === 0
    ? "No page is kept on this device."
    : `${pages.length === 1 ? "One page is" : `${pages.length} pages are`} kept on this device, the last seen first:`;
  list.replaceChildren(...pages.map(({ address, title }) => e("li", {}, e("a", { href: address }, e("bdi", {}, title)))));
  button.disabled = !navigator.serviceWorker;
}

button.addEventListener("click", async () => {
  await forget();
  list.replaceChildren();
  status.textContent = "All of it is gone. It is kept again when the next page is opened.";
});
show();
