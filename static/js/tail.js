// All events of a registration.
import { Buckets } from "./buckets.js";
import { element as e } from "./dom.js";

const root = document.getElementById("tail");
const status = document.getElementById("tail-status");
const asked = (new URLSearchParams(location.search).get("n") ?? "")
  .toUpperCase().replaceAll(/[^A-Z0-9]/g, "");

function row(event) {
  const { event: page } = root.dataset;
  const href = event.page ? `${page}${event.ev_id}/` : `${page}?id=${encodeURIComponent(event.ev_id)}`;
  const killed = event.killed > 0 ? `, ${event.killed} killed` : "";
  return e("tr", {},
    e("td", { class: "unbroken" }, event.date),
    e("td", {}, e("a", { href }, event.ntsb_no ?? event.ev_id)),
    e("td", {}, event.place),
    e("td", {}, event.aircraft),
    e("td", {}, `${event.outcome}${killed} `, event.open && e("span", { class: "tag" }, "open")));
}

function table(label, events) {
  const heads = ["Date", "Record", "Place", "Aircraft", "Outcome"];
  return e("div", { class: "scroll", role: "region", "aria-label": label, tabindex: "0" },
    e("table", { class: "list" },
      e("thead", {}, e("tr", {}, ...heads.map((text) => e("th", { scope: "col" }, text)))),
      e("tbody", {}, ...events.map(row))));
}

if (asked !== "") {
  document.getElementById("tail-number").value = asked;
  document.getElementById("tail-title").textContent = `Aircraft ${asked}`;
  document.title = `${asked} – ${document.title}`;
  status.textContent = "Looking …";
  try {
    const found = await new Buckets(root.dataset.tails).value(asked);
    if (found) {
      const others = found.other_registrations;
      status.textContent = `${found.events.length === 1 ? "1 event" : `${found.events.length} events`} as ${asked}` +
        (others.length > 0 ? `, ${others.length} under other registrations` : "");
      root.replaceChildren(table(`Events of ${asked}`, found.events),
        ...(others.length > 0
          ? [e("h2", {}, "The same airframe under other registrations"),
              table("Under other registrations", others)]
          : []));
      root.dataset.found = asked;
    } else status.textContent = `No event in these files names ${asked}.`;
  } catch (error) {
    status.textContent = `The list could not be fetched (${error.message}). Reload the page to try again.`;
  }
}
