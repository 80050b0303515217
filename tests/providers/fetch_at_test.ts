/** Tests of calls to one address of a host, on real sockets. */

import assert from "node:assert/strict";
import { fetchAt } from "../../providers/fetch_at.ts";
import { startMockUpstream } from "../support/mock_upstream.ts";

const nowhere = (url: string) => url.replace("127.0.0.1", "nowhere.invalid");

Deno.test("fetchAt() calls the address, under the name that the URL has", async () => {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => new Response(`${request.headers.get("host")} ${await request.text()}`),
  );
  const url = `http://nowhere.invalid:${server.addr.port}/x`;
  try {
    const response = await fetchAt("127.0.0.1", url, { method: "POST", body: "said" });
    assert.equal(await response.text(), `${new URL(url).host} said`);
  } finally {
    await server.shutdown();
  }
});

Deno.test("fetchAt() goes on with a stream, and whoever aborts it ends the upstream's side", async () => {
  const upstream = startMockUpstream();
  try {
    upstream.push({ kind: "stream", chunks: ["data: a\n\n"], then: "hang" });
    const abort = new AbortController();
    const { body } = await fetchAt("127.0.0.1", nowhere(upstream.url), { method: "POST", signal: abort.signal });
    const reader = body!.getReader();
    assert.match(new TextDecoder().decode((await reader.read()).value), /data: a/);
    abort.abort(new Error("enough"));
    await assert.rejects(reader.read(), /enough/);
    await upstream.requests[0]?.left;
  } finally {
    await upstream.close();
  }
});

Deno.test("fetchAt() sends nothing in the clear that was to be encrypted", async () => {
  await assert.rejects(fetchAt("127.0.0.1", "https://nowhere.invalid/", {}), TypeError);
});
