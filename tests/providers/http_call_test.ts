import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createHttpCaller } from "../../providers/http_call.ts";
import type { ProviderPorts } from "../../providers/provider.ts";
import { readBytes } from "../../streaming/read_bytes.ts";
import { startMockUpstream } from "../support/mock_upstream.ts";
import { eventually } from "../support/resume.ts";

const PORTS: ProviderPorts = {
  fetch,
  WebSocket,
  resolveHost: () => Promise.resolve([]),
  now: () => 0,
  random: () => 0,
  randomId: () => "id",
};

/** Collects what nobody refers to any more. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  for (let round = 0; round < 3; round++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

Deno.test("V15 aborting a call ends its body, also long after its response was let go of", async () => {
  const upstream = startMockUpstream();
  try {
    upstream.push({ kind: "stream", chunks: ["data: a\n\n"], then: "hang" });
    const call = createHttpCaller({ endpoint: upstream.url, query: {} }, PORTS);
    const abort = new AbortController();
    const open = async () => {
      const { body } = await call("/", { headers: {}, timeouts: { connect: 0, headers: 0 }, signal: abort.signal });
      assert.ok(body !== null);
      return readBytes(body);
    };
    const bytes = await open();
    await bytes.next();
    let reason: unknown;
    const reading = bytes.next().catch((error) => reason = error);
    await collectGarbage();
    abort.abort(new Error("enough"));
    await eventually(() => reason !== undefined, "the reader is told").catch((error) => {
      bytes.cancel();
      throw error;
    });
    assert.match(String(reason), /enough/);
    await reading;
  } finally {
    await upstream.close();
  }
});
