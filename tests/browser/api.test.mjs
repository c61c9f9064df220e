// The static API is what its OpenAPI document says, and everything that is parsed can be.
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { after, before, test } from "node:test";

import { Validator } from "@seriousme/openapi-schema-validator";
import addFormats from "ajv-formats";
import Ajv from "ajv/dist/2020.js";

import { launch, site, visit } from "./chromium.mjs";

const base = `${site}api/v1/`;

async function get(address) {
  const response = await fetch(address);
  assert.ok(response.ok, `${address}: ${response.status}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}

const json = async (address) => JSON.parse(await get(address));

let document;
let browser;
before(async () => {
  document = await json(`${base}openapi.json`);
  browser = await launch();
});
after(() => browser.close());

test("the document is valid OpenAPI", async () => {
  const result = await new Validator().validate(structuredClone(document));
  assert.ok(result.valid, JSON.stringify(result.errors));
  assert.equal(new URL(document.servers[0].url, site).href, base.slice(0, -1));
});

/** The files of a path: all figures, all buckets. */
async function files(path, operation) {
  const parameter = operation.parameters?.[0];
  if (!parameter) return [path.slice(1)];
  const names = parameter.schema.enum ??
    (await json(`${base}${path.slice(1, path.lastIndexOf("/"))}/manifest.json`)).buckets
      .map(([, name]) => name);
  const fits = new Ajv({ strict: false }).compile(parameter.schema);
  for (const name of names) assert.ok(fits(name), `${name} is no ${parameter.name}`);
  return names.map((name) => path.slice(1).replace(`{${parameter.name}}`, name));
}

test("every file of the API answers to its schema", async () => {
  const ajv = addFormats.default(new Ajv({ strict: false, allErrors: true }));
  for (const kind of ["uint8", "uint32", "uint64", "uint", "int32", "int64", "double"]) ajv.addFormat(kind, true);
  ajv.addSchema(document, "api");
  const pointer = (...parts) => parts.map((p) => p.replaceAll("~", "~0").replaceAll("/", "~1")).join("/");
  let checked = 0;
  for (const [path, { get: operation }] of Object.entries(document.paths)) {
    const [media] = Object.keys(operation.responses[200].content);
    const place = pointer("paths", path, "get", "responses", "200", "content", media, "schema");
    const fits = ajv.compile({ $ref: `api#/${place}` });
    for (const file of await files(path, operation)) {
      const text = (await get(`${base}${file}`)).toString();
      const value = media === "text/csv" ? text : JSON.parse(text);
      assert.ok(fits(value), `${file}: ${ajv.errorsText(fits.errors)}`);
      checked += 1;
    }
  }
  assert.ok(checked >= Object.keys(document.paths).length, `only ${checked} files`);
});

test("a file that is not as it should be is told from one that is", () => {
  const ajv = new Ajv({ strict: false });
  ajv.addSchema(document, "api");
  const fits = ajv.compile({ $ref: "api#/components/schemas/Figure_yearly" });
  assert.ok(!fits({ title: "x" }));
});

test("CSV and JSON of a figure have the same rows", async () => {
  const figure = await json(`${base}yearly.json`);
  const [heads, ...rows] = (await get(`${base}yearly.csv`)).toString().trimEnd().split("\r\n");
  assert.deepEqual(heads.split(","), figure.columns.map(({ name }) => name));
  assert.deepEqual(
    rows.map((row) => row.split(",").map(Number)),
    figure.rows.map((row) => figure.columns.map(({ name }) => row[name])),
  );
});

test("feeds, manifest and linked data can be read", () =>
  visit(browser, async (page) => {
    await page.goto(`${site}data/`);
    for (const path of ["feed.atom", "fatal.atom", "data.atom"]) {
      const xml = (await get(`${site}${path}`)).toString();
      const feed = await page.evaluate((text) => {
        const parsed = new DOMParser().parseFromString(text, "application/xml");
        const all = (name) => [...parsed.getElementsByTagNameNS("http://www.w3.org/2005/Atom", name)];
        return {
          root: parsed.documentElement.localName,
          ids: all("id").map((id) => id.textContent),
          updated: all("updated").map((day) => Date.parse(day.textContent)),
          links: all("link").map((link) => link.getAttribute("href")),
        };
      }, xml);
      assert.equal(feed.root, "feed", path);
      assert.ok(feed.ids.length > 1, `${path} has entries`);
      assert.equal(new Set(feed.ids).size, feed.ids.length, `${path}: ids are unique`);
      for (const id of feed.ids) assert.match(id, /^(urn|https?):/);
      assert.ok(feed.updated.every(Number.isFinite), path);
      for (const link of feed.links.slice(0, 5)) await get(new URL(link, site));
    }
    const manifest = await json(`${site}manifest.webmanifest`);
    for (const icon of manifest.icons) await get(new URL(icon.src, site));
    const linked = JSON.parse(await page.locator("script[type='application/ld+json']").textContent());
    assert.equal(linked["@type"], "Dataset");
    assert.ok(linked.distribution.length > 10);
    const icons = await page.locator("link[rel~=icon], link[rel=apple-touch-icon]")
      .evaluateAll((links) => links.map((link) => link.href));
    for (const icon of [...icons, `${site}favicon.ico`]) assert.ok((await get(icon)).length > 100, icon);
  }));
