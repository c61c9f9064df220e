// The severity page: the form's values → the model's probabilities beside the base rates.
import { Batch } from "./batch.js";
import { Client } from "./client.js";
import { Drivers, WhatIf, percent } from "./drivers.js";

const form = document.getElementById("severity-form");
const status = document.getElementById("severity-status");
const notes = document.getElementById("severity-notes");
const { module, model, worker } = form.dataset;
const client = new Client(worker);

const ask = (values) => client.call("score", { module, model, values });
const drivers = new Drivers(label, shown);
const whatIf = new WhatIf(form, ask, label);
new Batch(new Client(worker), { module, model });

/** Counts questions; an answer to an older one is never shown. */
let question = 0;

/** What a visitor calls a feature. */
function label(name) {
  return form.elements[name].labels[0].firstChild.textContent.trim();
}

/** What a visitor entered, in the words of the form. */
function shown(name) {
  const field = form.elements[name];
  if (field.value === "") return "not known";
  return field.type === "number" ? field.value : field.selectedOptions[0].text;
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

function note(text) {
  return Object.assign(document.createElement("li"), { textContent: text });
}

function show(score, given) {
  for (const { class: code, probability } of score.classes) {
    const item = estimate(code);
    item.dataset.probability = probability;
    item.querySelector(".estimate rect").setAttribute("width", `${probability * 100}%`);
    item.querySelector(".estimate b").textContent = percent(probability);
  }
  const count = Object.keys(given).length;
  status.textContent =
    count === 0
      ? "Nothing is known: the estimate for an accident without any details."
      : `Estimate from ${count} of ${count + score.missing.length} circumstances.`;
  notes.replaceChildren(
    ...score.outside.map((name) =>
      note(`${label(name)}: outside what the model has seen; do not rely on the estimate.`),
    ),
  );
  if (score.unusual.length > 0) {
    const names = score.unusual.map(label).join(", ");
    notes.append(
      note(`Unusual among the accidents it has learned from: ${names}. The estimate is less sure.`),
    );
  }
  drivers.show(score);
  whatIf.show(score, given);
}

function clear() {
  for (const item of document.querySelectorAll("#severity-result [data-class]")) {
    delete item.dataset.probability;
    item.querySelector(".estimate rect").setAttribute("width", 0);
    item.querySelector(".estimate b").textContent = "–";
  }
  notes.replaceChildren();
  drivers.hide();
  whatIf.hide();
}

async function score() {
  const mine = ++question;
  const given = values();
  status.textContent = "Computing…";
  try {
    const answer = await ask(given);
    if (mine === question) show(answer, given);
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
