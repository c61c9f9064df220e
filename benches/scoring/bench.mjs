// Scores the same trees in Chromium: windsock's module and onnxruntime-web, one after the other in
// one page, both on one thread.
//
//   node bench.mjs MODULE_DIR MODEL FILES_DIR ORT_DIR
//
// FILES_DIR is what to_onnx.py wrote. Checks that both give the same probabilities.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { brotliCompressSync } from "node:zlib";

process.env.SITE_URL ??= "http://127.0.0.1/";
const { launch } = await import("../../tests/browser/chromium.mjs");

const [module, model, files, ort] = process.argv.slice(2).map((name) => path.resolve(name));
const folders = { module, files, ort, model: path.dirname(model) };
const types = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };

const server = createServer(async (request, response) => {
  const [, folder, name] = request.url.split("/");
  if (!folder) return response.setHeader("content-type", "text/html").end("<!doctype html><title>Bench</title>");
  try {
    const body = await readFile(path.join(folders[folder], path.basename(name)));
    response.setHeader("content-type", types[path.extname(name)] ?? "application/octet-stream");
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

const about = JSON.parse(await readFile(path.join(files, "about.json"), "utf8"));

/** Runs in the page. */
async function measure({ modelName, about }) {
  const bytes = async (address) => new Uint8Array(await (await fetch(address)).arrayBuffer());
  const median = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1];
  const timed = (times, work) => {
    const taken = [];
    for (let at = 0; at < times; at += 1) {
      const start = performance.now();
      work(at);
      taken.push(performance.now() - start);
    }
    return median(taken);
  };
  const windsock = await import("/module/windsock.js");
  await windsock.default({ module_or_path: "/module/windsock_bg.wasm" });
  const scorer = new windsock.Scorer(await bytes(`/model/${modelName}`));
  const csv = await bytes("/files/codes.csv");
  const text = new TextDecoder().decode(csv);
  const lines = text.split("\n", 2001);
  const names = lines[0].trim().split(",");
  const forms = lines.slice(1, 2001).map((line) => {
    const pairs = line.trim().split(",").map((cell, at) => [names[at], cell]);
    return JSON.stringify(Object.fromEntries(pairs.filter(([, cell]) => cell !== "")));
  });
  // Ten at a time: a browser's clock is coarse.
  const ten = (verb) => (at) => {
    for (let i = 0; i < 10; i += 1) scorer[verb](forms[(at * 10 + i) % forms.length]);
  };
  ten("score")(0);
  const one = timed(100, ten("score")) * 100;
  const explain = timed(20, ten("explain")) / 10;
  const pieces = [];
  for (let at = 0; at < csv.length; at += 1 << 17) pieces.push(csv.subarray(at, at + (1 << 17)));
  const file = () => {
    const out = pieces.map((piece) => scorer.push(piece));
    out.push(JSON.parse(scorer.finish()).csv);
    return out;
  };
  const scored = file().join("").trimEnd().split("\r\n");
  const mine = timed(3, file);

  const ort = await import("/ort/ort.wasm.bundle.min.mjs");
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = "/ort/";
  const session = await ort.InferenceSession.create(await bytes("/files/ensemble.onnx"), {
    executionProviders: ["wasm"],
  });
  const columns = new Float32Array((await bytes("/files/columns.f32")).buffer);
  const rows = columns.length / about.columns;
  const run = async (from, to) => {
    const part = columns.subarray(from * about.columns, to * about.columns);
    const tensor = new ort.Tensor("float32", part, [to - from, about.columns]);
    return (await session.run({ columns: tensor })).probabilities.data;
  };
  const STEP = 1000;
  const all = async () => {
    const out = [];
    for (let at = 0; at < rows; at += STEP) out.push(await run(at, Math.min(at + STEP, rows)));
    return out;
  };
  const forecasts = await all();
  const theirs = [];
  for (let round = 0; round < 3; round += 1) {
    const start = performance.now();
    await all();
    theirs.push(performance.now() - start);
  }
  const singles = [];
  for (let round = 0; round < 100; round += 1) {
    const start = performance.now();
    for (let i = 0; i < 10; i += 1) await run(i, i + 1);
    singles.push(performance.now() - start);
  }
  const first = scored[0].split(",").findIndex((name) => name.startsWith("p_"));
  let largest = 0;
  for (let row = 0; row < rows; row += 1) {
    const cells = scored[row + 1].split(",");
    for (let k = 0; k < about.classes; k += 1) {
      const other = forecasts[Math.floor(row / STEP)][(row % STEP) * about.classes + k];
      largest = Math.max(largest, Math.abs(Number(cells[first + k]) - other));
    }
  }
  return {
    rows, one, explain, mine, largest,
    theirs: median(theirs),
    single: median(singles) * 100,
  };
}

const browser = await launch();
try {
  const page = await browser.newPage();
  page.on("pageerror", (error) => console.error(error));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const result = await page.evaluate(measure, { modelName: path.basename(model), about });
  const squeezed = async (file) => brotliCompressSync(await readFile(file)).length;
  const [ours, onnx, wasm, ortWasm] = await Promise.all(
    [
      model,
      path.join(files, "ensemble.onnx"),
      path.join(module, "windsock_bg.wasm"),
      path.join(ort, "ort-wasm-simd-threaded.wasm"),
    ].map(squeezed),
  );
  const ratio = (a, b) => `${(a / b).toFixed(1)} times`;
  const rate = (ms) => Math.round((result.rows / ms) * 1000).toLocaleString("en");
  console.log(`${about.trees} trees, ${about.nodes} nodes, ${result.rows} rows, Chromium, one thread`);
  console.log(`  one prediction: windsock ${result.one.toFixed(0)} µs (from JSON), onnxruntime-web ${result.single.toFixed(0)} µs (encoded): ${ratio(result.single, result.one)} as long`);
  console.log(`  many: windsock ${rate(result.mine)} rows a second (CSV to CSV), onnxruntime-web ${rate(result.theirs)} (encoded): windsock ${ratio(result.theirs, result.mine)} as fast`);
  console.log(`  one SHAP explanation: ${result.explain.toFixed(2)} ms; onnxruntime-web has none`);
  console.log(`  model after Brotli: ${ours} bytes, as ONNX ${onnx}; module: ${wasm} bytes, onnxruntime-web ${ortWasm}`);
  console.log(`  largest difference of a probability: ${result.largest.toExponential(1)}`);
  if (result.largest > 1e-5) throw new Error("the two do not agree");
} finally {
  await browser.close();
  server.close();
}
