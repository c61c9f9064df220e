// The severity model in the worker: one accident, or a file of them.
import { download } from "./files.js";
import { retryable } from "./retryable.js";

/** Bytes of a CSV file that are scored at a time. */
const PIECE = 1 << 17;

/** Models by address. @type {Map<string, Promise<any>>} */
const models = new Map();

function openModel(wasm, address) {
  if (!models.has(address)) {
    const load = async () => new wasm.Scorer(await download(address));
    models.set(address, retryable(load(), () => models.delete(address)));
  }
  return models.get(address);
}

/** Values by feature → the model's score and what each value contributes to it. */
export async function score(wasm, model, values) {
  const scorer = await openModel(wasm, model);
  const text = JSON.stringify(values);
  return { ...JSON.parse(scorer.score(text)), ...JSON.parse(scorer.explain(text)) };
}

/**
 * A CSV file → its rows with scores, as a Blob, and what was found out about them.
 * @param {any} wasm
 * @param {string} model
 * @param {File} file
 * @param {(progress: { done: number, total: number }) => void} report
 * @param {AbortSignal} signal
 */
export async function batch(wasm, model, file, report, signal) {
  const scorer = await openModel(wasm, model);
  const parts = [];
  try {
    for (let at = 0; at < file.size; at += PIECE) {
      const piece = new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer());
      // Reading let messages in.
      signal.throwIfAborted();
      parts.push(scorer.push(piece));
      report({ done: Math.min(at + PIECE, file.size), total: file.size });
    }
  } catch (error) {
    abandon(scorer);
    throw error;
  }
  const { csv, summary } = JSON.parse(scorer.finish());
  return { csv: new Blob([...parts, csv], { type: "text/csv" }), summary };
}

/** Ends a file in the middle, so that the next one begins with its heading. */
function abandon(scorer) {
  try {
    scorer.finish();
  } catch {
    // It had no heading yet.
  }
}
