/** Bodies that no reader expects, of clients and of upstreams: nested beyond sense, or of a hundred thousand parts. */

import assert from "node:assert/strict";
import type { Pair } from "../support/pair.ts";
import { type Caller, CALLER_LIST } from "../support/callers.ts";
import { withFiveUpstreams } from "../support/five_upstreams.ts";

const DEEP = "[".repeat(100_000) + "]".repeat(100_000);
/** More than a call takes arguments. */
const MANY = 200_000;

function post({ gateway }: Pair, caller: Caller, { body, stream, from }: Post): Promise<Response> {
  return fetch(gateway.url + caller.path({ model: `${from}/text`, stream }), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
}

interface Post {
  body: string;
  stream: boolean;
  from: string;
}

/** What a client of the caller's dialect asks of the upstream of that dialect. */
function asked(caller: Caller, { stream, from }: Omit<Post, "body">): Post {
  return { stream, from, body: JSON.stringify(caller.body({ model: `${from}/text`, stream })) };
}

withFiveUpstreams({ MAX_RETRIES: "1" }).test({
  name: "a request nested too deep is refused in its client's dialect",
  async run(pair) {
    for (const caller of CALLER_LIST) {
      const { body, ...rest } = asked(caller, { stream: true, from: caller.dialect });
      const response = await post(pair, caller, { ...rest, body: `${body.slice(0, -1)},"x":${DEEP}}` });
      assert.equal(response.status, 400);
      assert.match(caller.refusal(await response.json()).message, /nested too deep/);
    }
    assert.equal(pair.upstream.requests.length, 0);
  },
});

withFiveUpstreams({ MAX_RETRIES: "1" }).test({
  name: "an upstream's answer nested too deep is malformed, be it a good one or an error, asked to stream or not",
  async run(pair) {
    for (const [at, caller] of CALLER_LIST.entries()) {
      for (const from of [caller, CALLER_LIST[(at + 1) % CALLER_LIST.length]!].map(({ dialect }) => dialect)) {
        for (const [status, stream] of [[200, true], [200, false], [500, true]] as const) {
          pair.upstream.reset();
          pair.upstream.push({ kind: "json", status, body: `{"x":${DEEP}}` });
          const response = await post(pair, caller, asked(caller, { stream, from }));
          assert.equal(response.status, 502, `${caller.dialect} from ${from}`);
          assert.ok(caller.refusal(await response.json()).message);
        }
      }
    }
  },
});

withFiveUpstreams({ MAX_RETRIES: "1" }).test({
  name: "an answer of more parts than a call takes arguments reaches clients of every dialect",
  async run(pair) {
    const parts = Array.from({ length: MANY }, () => ({ text: "a" }));
    const candidate = { content: { role: "model", parts }, finishReason: "STOP", index: 0 };
    const json = JSON.stringify({ responseId: "r", modelVersion: "text", candidates: [candidate] });
    for (const caller of CALLER_LIST) {
      pair.upstream.reset();
      pair.upstream.push({ kind: "stream", chunks: [`data: ${json}\n\n`] });
      const response = await post(pair, caller, asked(caller, { stream: false, from: "gemini" }));
      const text = await response.text();
      assert.equal(response.status, 200, text.slice(0, 300));
      assert.ok(text.split("a").length > MANY, caller.dialect);
    }
  },
});
