import assert from "node:assert/strict";
import { VENDORS } from "../matrix/all.ts";
import { type Scenario, SCENARIOS } from "../matrix/scenario.ts";
import { ask, type Caller, CALLER_LIST, CALLERS } from "../support/callers.ts";
import { withFiveUpstreams } from "../support/five_upstreams.ts";
import type { MockUpstream, Received, Script } from "../support/mock_upstream.ts";
import type { Pair } from "../support/pair.ts";

/** Bodies as no serializer would write them: members nobody knows, their order, numbers, escapes and spaces. `MODEL` is the model. */
const BODIES: Record<Caller["dialect"], string> = {
  openai_chat: String.raw`{ "messages" :[ {"role":"user","content":"Gr\u00fc\u00dfe 🙂\/", "cache":1.0} ],
    "vendor_field":{"b":1e2,"a":[ ]},"temperature":0.70,"stream":STREAM,"model":"MODEL" OPTIONS,"seed":9007199254740993 }`,
  openai_responses: String
    .raw`{"input":[{"role":"user","content":[{"type":"input_text","text":"Gr\u00fc\u00dfe 🙂\/"}]}],
    "model" : "MODEL", "stream":STREAM,"temperature":0.70,"vendor_field":{"b":1e2,"a":[ ]}, "store":false}`,
  anthropic: String
    .raw`{"max_tokens":100, "system":[{"type":"text","text":"Kind.","cache_control":{"type":"ephemeral","ttl":"1h"}}],
    "messages":[
      {"role":"user","content":[{"cache_control":{"scope":"organization","type":"ephemeral"},"type":"text","text":"Gr\u00fc\u00dfe 🙂\/"}]},
      {"role":"assistant","content":[{"type":"thinking","thinking":"Hm","signature":"dmVuZG9y"},{"type":"tool_use","id":"toolu_1","name":"f","input":{"b":1.0,"a":1e2},"cache_control":{"type":"ephemeral"}}]},
      {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"ok"}],"cache_control":{"type":"ephemeral"}}]}],
    "tools":[{"name":"f","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}}],"speed":"fast",
    "context_management":{"edits":[ ]}, "stream":STREAM, "thinking":{"display":"omitted","type":"disabled"},"mod\u0065l":"MODEL"}`,
  gemini: String.raw`{"contents":[{"parts":[{"text":"Gr\u00fc\u00dfe 🙂\/"}],"role":"user"}],
    "generationConfig":{"temperature":0.70,"vendorField":{"b":1e2,"a":[ ]}}, "safetySettings" : [ ]}`,
  ollama: String.raw`{ "stream":STREAM,"messages":[{"role":"user","content":"Gr\u00fc\u00dfe 🙂\/"}],"keep_alive":"5m",
    "options":{"num_ctx":8192,"temperature":0.70,"mirostat":2 }, "model":"MODEL"}`,
};

/** The body that asks for the model. Counts are asked for, as the gateway would ask for them itself (CASES O7). */
function bodyOf({ dialect }: Caller, { model, stream }: { model: string; stream: boolean }): string {
  return BODIES[dialect]
    .replace("MODEL", model)
    .replace("STREAM", String(stream))
    .replace(" OPTIONS", stream ? ',"stream_options":{"include_usage":true}' : "");
}

interface Exchange {
  /** The client's headers. */
  headers?: Record<string, string>;
  stream: boolean;
  /** What the upstream answers. */
  script: Script;
}

/** Asks the upstream of the caller's own dialect, and gives what either side was sent. */
async function exchange({ gateway, upstream }: Pair, caller: Caller, { headers, stream, script }: Exchange) {
  upstream.reset();
  upstream.push(script);
  const model = `${caller.dialect}/text`;
  const response = await fetch(gateway.url + caller.path({ model, stream }), {
    method: "POST",
    headers: { "x-stream-mode": "real", ...headers },
    body: bodyOf(caller, { model, stream }),
  });
  return { response, text: await response.text(), received: requestOf(upstream) };
}

function requestOf({ requests }: MockUpstream): Received {
  const [received] = requests;
  assert.ok(received !== undefined && requests.length === 1, "the upstream was asked once");
  return received;
}

function vendorOf({ dialect }: Caller) {
  return VENDORS.find((vendor) => vendor.dialect === dialect) ?? assert.fail(dialect);
}

/** The vendor's answer, from a model of the name that the client asked for: clients of Anthropic want that echoed (CASES A12). */
function named({ dialect }: Caller, text: string): string {
  return text.replaceAll('"claude-sonnet-4-5-text"', `"${dialect}/text"`);
}

/**
 * The frames that are for the client, in their canonical form: a vendor's line ends are framing, and its keep-alives are
 * between it and the gateway (CASES V7).
 */
function framesOf(caller: Caller, scenario: Scenario): string[] {
  return vendorOf(caller).frames({ ...scenario, name: "text" })
    .map((frame) => named(caller, frame.replaceAll("\r\n", "\n")))
    .filter((frame) => !frame.startsWith(":") && !frame.startsWith("event: ping"));
}

const isPlain = ({ fault, says }: Scenario) => fault === undefined && says.length > 0;

withFiveUpstreams().test({
  name: "R10 R12 Q5 a request of the upstream's own dialect is sent byte for byte, but for its model",
  async run(pair) {
    const scenario = SCENARIOS.find(isPlain) ?? assert.fail();
    for (const caller of CALLER_LIST) {
      const vendor = vendorOf(caller);
      const stream: Script = { kind: "stream", chunks: vendor.frames(scenario), type: vendor.streamType };
      for (const script of [stream, { kind: "json", body: vendor.whole(scenario) } as const]) {
        const streamed = script.kind === "stream";
        const { received, text } = await exchange(pair, caller, { stream: streamed, script });
        assert.equal(received.text, bodyOf(caller, { model: "text", stream: streamed }), text);
      }
    }
  },
});

withFiveUpstreams().test({
  name: "R10 the stream of an upstream of the client's own dialect is passed on byte for byte",
  async run(pair) {
    for (const caller of CALLER_LIST) {
      for (const scenario of SCENARIOS.filter(isPlain)) {
        // A chunk without parts would make Google's chats forget the turn, and is given one (DIALECTS.md §4.4).
        if (caller.dialect === "gemini" && scenario.finish === "refusal") continue;
        const frames = framesOf(caller, scenario);
        const script: Script = { kind: "stream", chunks: frames, type: vendorOf(caller).streamType };
        const { text } = await exchange(pair, caller, { stream: true, script });
        assert.equal(text, frames.join(""), `${caller.dialect}: ${scenario.name}`);
      }
    }
  },
});

withFiveUpstreams().test({
  name: "R10 the whole answer of an upstream of the client's own dialect is passed on byte for byte",
  async run(pair) {
    for (const caller of CALLER_LIST) {
      for (const scenario of SCENARIOS.filter(isPlain)) {
        const whole = vendorOf(caller).whole({ ...scenario, name: "text" }) as Record<string, unknown>;
        const json = JSON.stringify({ vendor_field: { b: 1, a: [] }, ...whole }, null, 3).replace(": 1,", ": 1.0,");
        const body = named(caller, json);
        const { text } = await exchange(pair, caller, { stream: false, script: { kind: "json", body } });
        assert.equal(text, body, `${caller.dialect}: ${scenario.name}`);
      }
    }
  },
});

const BETA = { "anthropic-beta": "context-management-2025-06-27,x-1", "anthropic-version": "2026-10-21" };

withFiveUpstreams({ MAX_RETRIES: "1" }).test({
  name: "Q4 Q5 betas and their fields go together to Anthropic's dialect, unchanged, and nowhere else",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", status: 400, body: {} });
    const body = {
      ...{ max_tokens: 100, messages: [{ role: "user", content: "Hi" }], stream: false },
      ...{ context_management: { edits: [] }, speed: "fast", anthropic_beta: ["x-1"] },
    };
    for (const { dialect } of CALLER_LIST) {
      upstream.requests.length = 0;
      const response = await fetch(`${gateway.url}/v1/messages`, {
        method: "POST",
        headers: BETA,
        body: JSON.stringify({ ...body, model: `${dialect}/text` }),
      });
      await response.body?.cancel();
      const { headers, json } = requestOf(upstream);
      const isOwn = dialect === "anthropic";
      for (const [name, value] of Object.entries(BETA)) assert.equal(headers.get(name), isOwn ? value : null, dialect);
      if (isOwn) assert.deepEqual(json, { ...body, model: "text" });
      for (const name of ["context_management", "speed", "anthropic_beta"]) assert.equal(name in json, isOwn, dialect);
    }
  },
});

withFiveUpstreams({ MAX_RETRIES: "1" }).test({
  name: "Q4 a client of another dialect has no betas: an Anthropic upstream is told our version alone",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", status: 400, body: {} });
    for (const caller of CALLER_LIST.filter(({ dialect }) => dialect !== "anthropic")) {
      upstream.requests.length = 0;
      const response = await ask(gateway.url, caller, { model: "anthropic/text", stream: false, headers: BETA });
      await response.body?.cancel();
      const { headers } = requestOf(upstream);
      assert.equal(headers.get("anthropic-version"), "2023-06-01", caller.dialect);
      assert.equal(headers.get("anthropic-beta"), null, caller.dialect);
    }
  },
});

withFiveUpstreams({ MAX_RETRIES: "1" }).test({
  name: "Gemini is told which SDK asks, as its answers to one may be longer, and no other upstream is",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", status: 400, body: {} });
    const sdk = "google-genai-sdk/3.3.0 gl-node/v24.0.0";
    const told: Record<string, string | null> = {};
    for (const { dialect } of CALLER_LIST) {
      upstream.requests.length = 0;
      const headers = { "x-goog-api-client": sdk };
      const response = await ask(gateway.url, CALLERS.gemini, { model: `${dialect}/text`, stream: false, headers });
      await response.body?.cancel();
      told[dialect] = requestOf(upstream).headers.get("x-goog-api-client");
    }
    assert.deepEqual(told, { openai_chat: null, openai_responses: null, anthropic: null, gemini: sdk, ollama: null });
  },
});

/** The one header that carries the key at each vendor, and where it is asked. */
const CREDENTIALS: Record<Caller["dialect"], readonly [header: string, value: string, path: string]> = {
  openai_chat: ["authorization", "Bearer vendor-key-1", "/openai_chat/v1/chat/completions"],
  openai_responses: ["authorization", "Bearer vendor-key-1", "/openai_responses/v1/responses"],
  anthropic: ["x-api-key", "vendor-key-1", "/anthropic/v1/messages"],
  gemini: ["x-goog-api-key", "vendor-key-1", "/gemini/v1beta/models/text:streamGenerateContent"],
  ollama: ["authorization", "Bearer vendor-key-1", "/ollama/api/chat"],
};

withFiveUpstreams({ MAX_RETRIES: "1" }).test({
  name: "G22 H1 every vendor gets its key in one header of its own, and never in the URL",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", status: 400, body: {} });
    for (const { dialect } of CALLER_LIST) {
      for (const caller of [CALLERS.openai_chat, CALLERS.gemini]) {
        upstream.requests.length = 0;
        const headers = { "x-goog-api-key": "client-key-1", "accept-encoding": "zstd" };
        const response = await ask(gateway.url, caller, { model: `${dialect}/text`, stream: true, headers });
        await response.body?.cancel();
        const received = requestOf(upstream);
        const [header, value, path] = CREDENTIALS[dialect];
        const sent = ["authorization", "x-api-key", "api-key", "x-goog-api-key"].filter((name) =>
          received.headers.has(name)
        );
        assert.deepEqual(sent, [header]);
        assert.equal(received.headers.get(header), value);
        assert.deepEqual([received.path, received.query], [path, dialect === "gemini" ? "?alt=sse" : ""]);
        assert.doesNotMatch(received.headers.get("accept-encoding") ?? "", /zstd/);
      }
    }
  },
});

withFiveUpstreams().test({
  name: "A12 a relayed whole answer of Anthropic's names the model that was asked for, and nothing else changes",
  async run({ gateway, upstream }) {
    const whole = (model: string) =>
      `{"id":"msg_1","type":"message","role":"assistant","model":"${model}","content":[{"type":"text","text":"Hi"}],` +
      `"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1.0}}`;
    upstream.push({ kind: "json", body: whole("claude-dated-20260101") });
    const response = await ask(gateway.url, CALLERS.anthropic, { model: "anthropic/text", stream: false });
    assert.equal(await response.text(), whole("anthropic/text"));
  },
});
