// The result as a file, and in words what the file means.
import { stateWords } from "./filters.js";

const TYPES = {
  csv: "text/csv", json: "application/json", geojson: "application/geo+json",
  parquet: "application/vnd.apache.parquet", arrow: "application/vnd.apache.arrow.file",
  md: "text/markdown",
};

const KINDS = {
  text: "text", int: "whole number", float: "number", date: "date", timestamp: "date and time",
  boolean: "yes or no",
};

const number = new Intl.NumberFormat("en-US");

/** Hands bytes or text to the visitor. */
function save(content, ending) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: TYPES[ending] }));
  link.download = ending === "md" ? "windsock-explore-README.md" : `windsock-explore.${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const escaped = (text) => text.replaceAll("|", "\\|");

/** What a file of this page means: query, columns, data, licence. */
function readme({ meaning, labels, state, answer }) {
  const { site, data_date: date, columns } = meaning;
  const { matched_events: events, matched_rows: aircraft } = answer.rows;
  const rows = columns.map(({ name, label, type, about }) =>
    `| \`${name}\` | ${escaped(label)} | ${KINDS[type]} | ${escaped(about)} |`);
  return `# Aviation accident records, as filtered on ${site}

## What is in the file

${stateWords(labels, state)}

* ${number.format(aircraft)} rows: one for each aircraft in ${number.format(events)} events.
* Count events as distinct \`ev_id\`. Casualties of the event stand on each of its aircraft: sum them once per \`ev_id\`.
  Only \`acft_fatalities\` is the aircraft’s own.
* A missing value is missing in the source; NONE and UNK are codes of the NTSB, not gaps.
* Accidents and incidents (\`ev_type\`) are different things; recent years are still filling in.
* GeoJSON has only the rows with coordinates; the other forms have all.
${state.vs ? "* The page compared this filter with another one; the file has this filter’s rows only.\n" : ""}
## The query

Link: <${location.href}>

\`\`\`sql
${answer.download ?? answer.sql}
\`\`\`

The same as JSON:

\`\`\`json
${JSON.stringify({ ...answer.query, limit: undefined, offset: undefined, select: columns.map(({ name }) => name) }, null, 1)}
\`\`\`

## Columns

| Column | Meaning (unit) | Type | Where it comes from, when it is missing |
|---|---|---|---|
${rows.join("\n")}

## Date, licence, citation

Data as of ${date}. The records are works of the United States Government and in the public domain in the
United States (17 U.S.C. § 105). What ${site} adds to them may be used under the same terms.

Cite as: National Transportation Safety Board, aviation accident databases (eADMS), data as of ${date}, as
published by ${site}, <${location.href}>.
`;
}

/**
 * What the download buttons do.
 * @param {object} page
 * @param {import("./client.js").Client} page.client
 * @param {Record<string, string>} page.addresses module, lake, exporter, meaning.
 * @param {() => { state: any, labels: any, answer: any }} page.present What is shown at the moment.
 * @param {(text: string) => void} page.say
 */
export function downloads({ client, addresses, present, say }) {
  const { module, lake, exporter } = addresses;
  let meaning;
  const fetched = async () => {
    if (!meaning) {
      const response = await fetch(addresses.meaning);
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      meaning = await response.json();
    }
    return meaning;
  };

  const make = async (form) => {
    const { state, labels, answer } = present();
    if (form === "md") {
      if (!answer) throw new Error("there is no answer yet");
      const all = { ...answer.query, select: (await fetched()).columns.map(({ name }) => name) };
      delete all.limit;
      delete all.offset;
      const sql = await client.call("sql", { module, query: all });
      return readme({ meaning: await fetched(), labels, state, answer: { ...answer, download: sql.answer } });
    }
    if (form !== "parquet" && form !== "arrow") {
      return client.call("download", { module, lake, state, form });
    }
    const { site, data_date: date, columns } = await fetched();
    const about = { title: stateWords(labels, state), source: `${site}, ${location.href}`, data_date: date,
      licence: "public domain in the United States (17 U.S.C. § 105)" };
    const meanings = Object.fromEntries(columns.map((one) => [one.name, `${one.label}. ${one.about}`]));
    return client.call("export", { module, lake, state, exporter, form, about, meanings });
  };

  const note = document.getElementById("download-note");
  const plain = note.textContent;
  const button = async (element, form) => {
    element.disabled = true;
    element.setAttribute("aria-busy", "true");
    note.textContent = "Making the file …";
    try {
      save(await make(form), form);
    } catch (error) {
      say(`The file could not be made: ${error.message}.`);
    } finally {
      element.disabled = false;
      element.removeAttribute("aria-busy");
      note.textContent = plain;
    }
  };
  for (const element of document.querySelectorAll("[data-form]")) {
    element.addEventListener("click", () => button(element, element.dataset.form));
  }
  const readmeButton = document.getElementById("download-readme");
  readmeButton.addEventListener("click", () => button(readmeButton, "md"));
}
