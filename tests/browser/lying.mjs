// A host that does not deliver what was published: it passes requests on to the site and changes some
// of the answers.
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";

import { site } from "./chromium.mjs";

/** Sends a whole answer. */
function send(response, status, headers, body) {
  response.writeHead(status, { ...headers, "content-length": body.length });
  response.end(body);
}

/** Ways to answer wrongly, each `(response, headers, body)`. */
export const LIES = {
  "says gzip, sends none": (response, headers, body) =>
    send(response, 200, { ...headers, "content-encoding": "gzip" }, body),
  "sends a part for the whole": (response, headers, body) =>
    send(
      response,
      206,
      { ...headers, "content-range": `bytes 0-99/${body.length}` },
      body.subarray(0, 100),
    ),
  "sends half with its length": (response, headers, body) =>
    send(response, 200, headers, body.subarray(0, body.length >> 1)),
  "breaks off": (response, headers, body) => {
    response.writeHead(200, { ...headers, "content-length": body.length });
    response.write(body.subarray(0, body.length >> 1), () => response.destroy());
  },
  "breaks off without a length": (response, headers, body) => {
    response.writeHead(200, headers);
    response.write(body.subarray(0, body.length >> 1), () => response.destroy());
  },
  "sends nothing": (response, headers) => send(response, 200, headers, Buffer.alloc(0)),
  "sends more": (response, headers, body) =>
    send(response, 200, headers, Buffer.concat([body, Buffer.from("<!-- served by -->")])),
  "sends other bytes of the same length": (response, headers, body) =>
    send(response, 200, headers, Buffer.from(body.map((byte, at) => (at % 7 ? byte : byte ^ 1)))),
  "sends a page for a file": (response, headers) =>
    send(response, 200, { "content-type": "text/html" }, Buffer.from("<h1>Welcome</h1>")),
};

/** What only looks like a lie: answers that have to be understood. */
export const QUIRKS = {
  "gzips and does not say so": (response, headers, body) =>
    send(response, 200, headers, gzipSync(body)),
  "gzips and gives the length before": (response, headers, body) => {
    // More than comes: the connection ends where the body does.
    const packed = gzipSync(body);
    response.writeHead(200, { ...headers, "content-encoding": "gzip", connection: "close" });
    response.end(packed);
  },
};

/**
 * Starts the host: `lie` answers where `concerns` says so.
 * @returns {Promise<{ url: string, close: () => void }>} The address of the site there.
 */
export async function lying(lie, concerns) {
  const server = createServer(async (request, response) => {
    const from = await fetch(new URL(request.url, site), { headers: { "accept-encoding": "identity" } });
    const body = Buffer.from(await from.arrayBuffer());
    const headers = {
      "content-type": from.headers.get("content-type") ?? "application/octet-stream",
      "cache-control": "no-store",
    };
    if (from.ok && concerns(new URL(request.url, site).pathname)) lie(response, headers, body);
    else send(response, from.status, headers, body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  return {
    url: `http://127.0.0.1:${port}${new URL(site).pathname}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
