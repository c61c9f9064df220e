// Serves the contestants and the lake, counts what it sends, and can be as slow as a phone network.
import { createReadStream } from "node:fs";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript",
  ".css": "text/css", ".svg": "image/svg+xml", ".wasm": "application/wasm", ".json": "application/json",
  ".arrow": "application/vnd.apache.arrow.stream" };
const CHUNK = 16 * 1024;

/** As good hosts do: text and modules are sent compressed, Parquet as it is; and Arrow, as few do. */
async function compressed(file, kept) {
  const { mtimeMs, size } = await stat(file);
  const copy = path.join(kept, `${file.replaceAll(/[^\w.]/g, "_")}.${mtimeMs}.${size}.br`);
  try {
    return await readFile(copy);
  } catch {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
    const bytes = await promisify(brotliCompress)(await readFile(file), { params });
    await mkdir(kept, { recursive: true });
    await writeFile(copy, bytes);
    return bytes;
  }
}

/**
 * @param {Record<string, string>} roots Folder by first part of the address.
 * @param {string} kept Folder for compressed copies.
 */
export async function serve(roots, kept) {
  const state = { bytes: 0, requests: 0, delay: 0, perSecond: Infinity, free: 0 };

  /** Sends at the pace of the line, which all connections share. */
  async function send(response, bytes) {
    for (let at = 0; at < bytes.length; at += CHUNK) {
      const part = bytes.subarray(at, at + CHUNK);
      state.bytes += part.length;
      if (state.perSecond < Infinity) {
        const now = performance.now();
        state.free = Math.max(state.free, now) + (part.length / state.perSecond) * 1000;
        await new Promise((resolve) => setTimeout(resolve, state.free - now));
      }
      response.write(part);
    }
    response.end();
  }

  const server = http.createServer(async (request, response) => {
    try {
      state.requests += 1;
      if (state.delay) await new Promise((resolve) => setTimeout(resolve, state.delay));
      const { pathname } = new URL(request.url, "http://localhost");
      const [, root, ...rest] = decodeURIComponent(pathname).split("/");
      if (!roots[root] || rest.includes("..")) return response.writeHead(404).end();
      const file = path.join(roots[root], ...rest);
      const type = TYPES[path.extname(file)] ?? "application/octet-stream";
      const headers = { "Content-Type": type, "Cache-Control": "max-age=31536000",
        "Accept-Ranges": "bytes" };
      if (type !== "application/octet-stream") {
        const bytes = await compressed(file, kept);
        response.writeHead(200, { ...headers, "Content-Encoding": "br", "Content-Length": bytes.length });
        return await send(response, bytes);
      }
      const { size } = await stat(file);
      const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
      const [start, end] = range
        ? [Number(range[1]), Math.min(size - 1, range[2] ? Number(range[2]) : size - 1)]
        : [0, size - 1];
      const length = end - start + 1;
      headers["Content-Length"] = length;
      if (range) headers["Content-Range"] = `bytes ${start}-${end}/${size}`;
      response.writeHead(range ? 206 : 200, headers);
      if (request.method === "HEAD") return response.end();
      const parts = [];
      for await (const part of createReadStream(file, { start, end })) parts.push(part);
      await send(response, Buffer.concat(parts));
    } catch {
      if (!response.headersSent) response.writeHead(404);
      response.end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    /** Sets the pace: bits a second, milliseconds before each answer. */
    pace(perSecond, delay) {
      Object.assign(state, { perSecond: perSecond / 8, delay });
    },
    /** Bytes and requests since the last call. */
    take() {
      const { bytes, requests } = state;
      Object.assign(state, { bytes: 0, requests: 0 });
      return { bytes, requests };
    },
    close: () => server.close(),
  };
}
