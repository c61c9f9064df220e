// Draws any event from its record; the pages of newer events come with the same content as HTML.
import { Buckets } from "./buckets.js";
import { element as e } from "./dom.js";
import { showMaps } from "./map-page.js";

const root = document.getElementById("event");
const status = document.getElementById("event-status");
const { records, numbers, event: eventPage, tail: tailPage } = root.dataset;
const asked = (new URLSearchParams(location.search).get("id") ?? "").trim().toUpperCase();

/** What columns are called. @type {Record<string, string>} */
let labels = {};

/** @param {[string, string, string?][]} list */
function facts(list) {
  return e("dl", { class: "record" }, ...list.map(([column, value, meaning]) =>
    e("div", {}, e("dt", {}, labels[column] ?? column),
      meaning === undefined
        ? e("dd", {}, value)
        : e("dd", {}, `${meaning} `, e("code", { title: column }, value)))));
}

const nothing = () => e("p", { class: "population" }, "Nothing recorded.");
const factsOr = (list) => (list.length > 0 ? facts(list) : nothing());
const folded = (title, open, ...content) =>
  e("details", { class: "more", open }, e("summary", {}, title), ...content);

/** @param {string[]} heads @param {(string | number | null)[][]} rows The last column is a number. */
function table(heads, rows) {
  const last = heads.length - 1;
  const cell = (name, text, at) =>
    e(name, { class: at === last ? "num" : false, scope: name === "th" ? "col" : false }, text);
  return e("table", { class: "persons" },
    e("thead", {}, e("tr", {}, ...heads.map((text, at) => cell("th", text, at)))),
    e("tbody", {}, ...rows.map((row) =>
      e("tr", {}, ...row.map((text, at) => cell("td", text ?? "", at))))));
}

function step(one) {
  return e("li", {},
    one.phase && e("span", { class: "phase" }, one.phase), " ",
    one.label ?? "not in the code lists", " ",
    one.cictt && e("small", {}, one.cictt), " ",
    one.defining && e("span", { class: "tag" }, "defining"), " ",
    one.altitude !== null && e("small", {}, `at ${one.altitude} ft `),
    e("code", {}, one.code));
}

function finding(one) {
  return e("li", {}, one.path.join(" › "), " ",
    one.role && e("span", { class: `tag ${one.role}` }, one.role), " ",
    one.in_probable_cause === false && e("small", {}, "not in the probable cause "),
    e("code", {}, one.code));
}

function aircraft(one) {
  const texts = one.narratives.filter((text) => text.column !== "narr_cause");
  return e("section", { class: "aircraft", "aria-labelledby": `aircraft-${one.key}` },
    e("h2", { id: `aircraft-${one.key}` }, `Aircraft ${one.key}: ${one.title}`),
    one.tail && e("p", { class: "ids" },
      e("a", { href: `${tailPage}?n=${encodeURIComponent(one.tail)}` }, `All events of ${one.tail}`)),
    ...(one.sequence.length > 0
      ? [e("h3", {}, "Sequence of events"), e("ol", { class: "steps" }, ...one.sequence.map(step))]
      : []),
    ...(one.findings.length > 0
      ? [e("h3", {}, "Findings"), e("ul", { class: "findings" }, ...one.findings.map((group) =>
          e("li", {}, e("b", {}, group.category), " ", e("ul", {}, ...group.findings.map(finding)))))]
      : []),
    e("div", { class: "pair" },
      e("div", {}, e("h3", {}, "The aircraft"), facts(one.facts)),
      e("div", {}, e("h3", {}, "The flight"), factsOr(one.flight),
        ...(one.injuries.length > 0
          ? [e("h3", {}, "Persons"), table(["Who", "Injury", "Persons"],
              // Rows without a number are empty lines of a form.
              one.injuries.filter((i) => i.count !== null).map((i) => [i.category, i.level, i.count]))]
          : []))),
    one.more.length > 0 && folded("Further columns of the aircraft", false, facts(one.more)),
    ...one.engines.map((engine, at) => folded(`Engine ${at + 1}`, false, facts(engine))),
    ...one.crew.map((member) => folded(`Crew member ${member.number}`, false, facts(member.facts),
      member.hours.length > 0 && table(["Hours flown", "In", "Hours"],
        member.hours.map((h) => [h.kind, h.craft, h.hours])))),
    ...texts.map((text) => folded(text.label, true, ...text.paragraphs.map((p) => e("p", {}, p)))));
}

function causes(record) {
  const many = record.aircraft.length > 1;
  return record.aircraft.flatMap((one) => one.narratives
    .filter((text) => text.column === "narr_cause")
    .map((text) => {
      const title = `Probable cause${many ? `, aircraft ${one.key}` : ""}`;
      return e("section", { class: "cause", "aria-label": title }, e("h2", {}, title),
        ...text.paragraphs.map((p) => e("p", {}, p)));
    }));
}

function identity(record) {
  const json = new Blob([JSON.stringify(record, null, 1)], { type: "application/json" });
  const docket = `https://data.ntsb.gov/Docket?NTSBNumber=${encodeURIComponent(record.ntsb_no)}`;
  return e("p", { class: "ids" },
    ...(record.ntsb_no ? ["NTSB number ", e("b", {}, record.ntsb_no), " · "] : []),
    "event ", e("code", {}, record.ev_id),
    ...(record.ntsb_no
      ? [" · ", e("a", { href: docket, rel: "external noreferrer" }, "docket at the NTSB")]
      : []),
    " · ", e("a", { href: root.dataset.carol, rel: "external noreferrer" }, "search in CAROL"),
    " · ", e("a", { id: "json", href: URL.createObjectURL(json), download: `${record.ev_id}.json` },
      "JSON"));
}

/** For LaTeX, within braces. */
const tex = (text) => text.replaceAll(/[{}\\]/g, "").replaceAll(/[&%$#_]/g, "\\$&").replaceAll(/[~^]/g, " ");

function bibtex(record, number, day, here) {
  const { title } = root.dataset;
  const key = `ntsb-${record.ntsb_no ?? record.ev_id}`.replaceAll(/[^A-Za-z0-9-]/g, "");
  return `@misc{${key},\n  author = {{National Transportation Safety Board}},\n` +
    `  title = {{${tex(`Aviation accident databases (eADMS), record ${number}`)}}},\n` +
    (day ? `  year = {${day.slice(0, 4)}},\n` : "") +
    `  note = {${day ? `Record last changed ${day}, as` : "As"} published by ${tex(title)}},\n` +
    `  url = {${here.href.replaceAll(/[{}\\]/g, "")}}\n}\n`;
}

function cite(record) {
  const number = record.ntsb_no ? `${record.ntsb_no} (${record.ev_id})` : record.ev_id;
  const { title } = root.dataset;
  const day = record.facts.find(([column]) => column === "lchg_date")?.[1];
  const here = new URL(`${eventPage}?id=${encodeURIComponent(record.ev_id)}`, location.href);
  return e("section", { "aria-labelledby": "cite" }, e("h2", { id: "cite" }, "Cite"),
    e("p", {}, `National Transportation Safety Board, aviation accident database, record ${number}` +
      `${day ? `, last changed ${day}` : ""}; as published by ${title}, ${here}`),
    folded("BibTeX", false, e("pre", { tabindex: "0" }, e("code", {}, bibtex(record, number, day, here)))),
    e("p", { class: "population" }, "A preliminary record is no finding of cause, and changes. " +
      "The NTSB’s docket is what counts. Names of persons are not published here."));
}

function estimate(record) {
  const one = record.estimate;
  if (!one) return null;
  const percent = (share) => e("td", { class: "num" }, `${share} %`);
  return e("section", { "aria-labelledby": "estimate" },
    e("h2", { id: "estimate" }, "What the model would have expected"),
    e("p", { class: "population" },
      "The severity model estimates the highest injury from circumstances known before the outcome. " +
      `It has learned from accidents up to ${one.learned_to}, not from this one; ${one.missing} of the ` +
      `${one.features} circumstances it looks at are missing in this record. It knows how accidents ` +
      "like this ended on the whole, nothing of what happened here: an estimate that differs from the " +
      "outcome is no error of either. ", e("a", { href: root.dataset.card }, "How well it does")),
    e("table", { class: "persons estimates" },
      e("thead", {}, e("tr", {}, e("th", { scope: "col" }, "Highest injury"),
        e("th", { scope: "col", class: "num" }, "Share in the years learned from"),
        e("th", { scope: "col", class: "num" }, "Estimate"))),
      e("tbody", {}, ...one.classes.map((outcome) => e("tr", {},
        e("td", {}, e("span", { class: "marked" },
          e("span", { class: `mark ${outcome.class.toLowerCase()}` }), outcome.label), " ",
          outcome.class === record.injury && e("span", { class: "tag" }, "recorded outcome")),
        percent(outcome.base_percent), percent(outcome.percent))))));
}

/** The position on a map made of all events. */
function map(place) {
  if (!place) return null;
  const made = (name, attributes) => {
    const shape = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value);
    return shape;
  };
  const box = e("div", { class: "map-box single", "data-outlines": root.dataset.outlines,
    "data-latitude": place.latitude, "data-longitude": place.longitude });
  if (!place.dot) return box;
  const [cx, cy] = place.dot.map(Number);
  const svg = made("svg", { class: "map", viewBox: root.dataset.view, role: "img",
    "aria-label": "Map: the position among all events of these files" });
  svg.append(made("image", { href: root.dataset.map, width: 168, height: 110 }),
    made("circle", { cx, cy, r: 2 }));
  box.append(svg);
  return box;
}

function draw(record) {
  const place = record.place
    ? `Position ${record.place.latitude}, ${record.place.longitude}: ${record.place.note}.`
    : "The record has no usable coordinates.";
  document.title = `${record.title} – ${root.dataset.title}`;
  root.replaceChildren(
    e("h1", {}, record.title),
    e("p", { class: "lead" }, record.summary),
    identity(record),
    ...causes(record),
    e("div", { class: "pair" },
      e("section", { "aria-labelledby": "where" }, e("h2", { id: "where" }, "When and where"),
        facts(record.facts), map(record.place), e("p", { class: "population" }, place)),
      e("section", { "aria-labelledby": "weather" }, e("h2", { id: "weather" }, "Weather"),
        factsOr(record.weather),
        ...(record.metar
          ? [e("h3", {}, "METAR"), e("pre", { tabindex: "0" }, e("code", {}, record.metar))]
          : []),
        ...(record.injuries.length > 0
          ? [e("h2", { id: "injuries" }, "Injuries"), facts(record.injuries)]
          : []))),
    ...record.aircraft.map(aircraft),
    ...[estimate(record)].filter(Boolean),
    ...(record.more.length > 0
      ? [folded("Further columns of the event", false, facts(record.more))]
      : []),
    ...(record.similar.length > 0
      ? [e("section", { "aria-labelledby": "similar" },
          e("h2", { id: "similar" }, "Events like this one"),
          e("ul", { class: "similar" }, ...record.similar.map((one) => e("li", {},
            e("a", { href: `${eventPage}?id=${encodeURIComponent(one.ev_id)}` }, one.title), " ",
            e("small", {}, one.because)))))]
      : []),
    cite(record));
  showMaps(root);
  root.dataset.drawn = record.ev_id;
}

/** A key is 14 characters; everything else is an NTSB number, which leads to one. */
async function find() {
  const events = new Buckets(records);
  labels = (await events.manifest()).about.labels;
  const record = await events.value(asked);
  if (record) return record;
  const entries = (await new Buckets(numbers).value(asked)) ?? [];
  const number = entries.find(([kind]) => kind === "event");
  return number && events.value(number[1]);
}

if (asked !== "") {
  document.getElementById("event-id").value = asked;
  status.textContent = "Fetching the record …";
  try {
    const record = await find();
    if (record) draw(record);
    else status.textContent = `No event has the NTSB number or key “${asked}”.`;
  } catch (error) {
    status.textContent = `The record could not be fetched (${error.message}). Reload the page to try again.`;
  }
}
