// The severity page: the form's values → the model's probabilities beside the base rates.
import { Client } from "./client.js";

const form = document.getElementById("severity-form");
const status = document.getElementById("severity-status");
const notes = document.getElementById("severity-notes");
const { module, model, worker } = form.dataset;
const client = new Client(worker);

/** Counts questions; an answer to an older one is never shown. */
let question = 0;

function percent(share) {
  return `${(share * 100).toFixed(1)}\u00a0%`;
}

/** Values by feature; what was left open is not sent, so the model treats it as missing. */
function values() {
  const entries = [...new FormData(form)].filter(([, value]) => value !== "");
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const isNumber = form.elements[name].type === "number";
      return [name, isNumber ? Number(value) : value];
    }),
  );
}

function estimate(code) {
  return document.querySelector(`#severity-result [data-class="${CSS.escape(code)}"]`);
}

function show(score, given) {
  for (const { class: code, probability } of score.classes) {
    const item = estimate(code);
    item.dataset.probability = probability;
    item.querySelector(".estimate rect").setAttribute("width", `${probability * 100}%`);
    item.querySelector(".estimate b").textContent = percent(probability);
  }
  status.textContent =
    given === 0
      ? "Nothing is known: the estimate for an accident without any details."
      : `Estimate from ${given} of ${given + score.missing.length} circumstances.`;
  const label = (name) => form.elements[name].labels[0].firstChild.textContent.trim();
  notes.replaceChildren(
    ...score.outside.map((name) =>
      Object.assign(document.createElement("li"), {
        textContent: `${label(name)}: unlike anything the model has learned from; do not rely on the estimate.`,
      }),
    ),
  );
}

function clear() {
  for (const item of document.querySelectorAll("#severity-result [data-class]")) {
    delete item.dataset.probability;
    item.querySelector(".estimate rect").setAttribute("width", 0);
    item.querySelector(".estimate b").textContent = "–";
  }
  notes.replaceChildren();
}

async function score() {
  const mine = ++question;
  const given = values();
  status.textContent = "Computing…";
  try {
    const answer = await client.call("score", { module, model, values: given });
    if (mine === question) show(answer, Object.keys(given).length);
  } catch (error) {
    if (mine !== question) return;
    clear();
    status.textContent = `No estimate: ${error.message}. Try again.`;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  score();
});
form.addEventListener("change", score);
form.addEventListener("reset", () => {
  question += 1;
  clear();
  status.textContent = "Choose circumstances to compare.";
});
