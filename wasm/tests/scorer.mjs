// What the browser module says about many accidents, for comparison with native code.
//
// WINDSOCK_MODULE: folder with windsock.js and windsock_bg.wasm
// WINDSOCK_MODEL:  a model file
// WINDSOCK_VALUES: JSON file with an array of values by feature
//
// WINDSOCK_EXPLAIN_EVERY: of so many accidents one is explained
//
// Prints JSON: probabilities of all, margins of those explained as their contributions add up.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";

const module = path.resolve(process.env.WINDSOCK_MODULE);
const windsock = await import(pathToFileURL(path.join(module, "windsock.js")));
await windsock.default({ module_or_path: await readFile(path.join(module, "windsock_bg.wasm")) });

const bytes = new Uint8Array(await readFile(process.env.WINDSOCK_MODEL));
const values = JSON.parse(await readFile(process.env.WINDSOCK_VALUES, "utf8"));

assert.throws(() => new windsock.Scorer(bytes.subarray(0, bytes.length / 2)), /cut off/);
const newer = bytes.slice();
newer[8] = 99; // The format version follows eight bytes of magic.
assert.throws(() => new windsock.Scorer(newer), /has format 99, this build reads up to/);
assert.throws(() => new windsock.Scorer(new Uint8Array(100)), /not a severity model/);

const scorer = new windsock.Scorer(bytes);
assert.throws(() => scorer.score('{"damage":"DEST"}'), /no feature named/);

const probabilities = [];
const margins = [];
for (const [at, one] of values.entries()) {
  const text = JSON.stringify(one);
  probabilities.push(JSON.parse(scorer.score(text)).classes.map((c) => c.probability));
  if (at % process.env.WINDSOCK_EXPLAIN_EVERY === 0) {
    const { expected, contributions } = JSON.parse(scorer.explain(text));
    margins.push(
      expected.map((start, k) => contributions.reduce((sum, c) => sum + c.margins[k], start)),
    );
  }
}
process.stdout.write(JSON.stringify({ probabilities, margins }));
