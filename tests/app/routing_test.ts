import assert from "node:assert/strict";
import { checkOpenaiChatStream } from "../support/openai_chat_grammar.ts";
import { chunk, completion, ROLE } from "../support/openai_frames.ts";
import { refused } from "../support/refused.ts";
import { failure, keyOf, MESSAGE, MESSAGE_STREAM, REAL, routed } from "../support/routed.ts";

routed({
  name: "E8 E10 an upstream that keeps failing is left for the next candidate, and the client sees one preamble",
  async run(bed) {
    const { gateway, one, two } = bed;
    one.push({ kind: "stream", chunks: [ROLE], then: "cut" });
    two.push({ kind: "stream", chunks: MESSAGE_STREAM });
    const text = await (await gateway.chat({ model: "both", stream: true }, REAL)).text();
    assert.equal(checkOpenaiChatStream(text, { includeUsage: false }).text, "Hello from two");
    assert.equal(text.split('"role"').length, 2);
    assert.equal(one.requests.length, 3, "each candidate gets its attempts");
    assert.deepEqual(new Set(one.requests.map(keyOf)), new Set(["first-key", "second-key"]));
    const line = await gateway.logged();
    assert.deepEqual([line.provider, line.upstream_model], ["two", "model-2"]);
    const attempts = line.attempts as { provider: string; key: number; outcome: string }[];
    assert.deepEqual(attempts.map(({ provider, key, outcome }) => [provider, key, outcome]), [
      ["one", 1, "upstream-cut"],
      ["one", 2, "upstream-cut"],
      ["one", 1, "upstream-cut"],
      ["two", 1, "began"],
    ]);
  },
});

const TOOLED = {
  model: "both",
  reasoning_effort: "high",
  max_tokens: 6000,
  seed: 7,
  messages: [
    { role: "system", content: "Be brief" },
    { role: "user", content: "Weather in Bern?" },
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Bern"}' } }],
    },
    { role: "tool", tool_call_id: "call_1", content: "Sun" },
    { role: "assistant", content: "Sunny" },
    { role: "user", content: "And tomorrow?" },
  ],
  tools: [{ type: "function", function: { name: "weather", parameters: { type: "object", properties: {} } } }],
};

routed({
  name: "E17 a fallback to another dialect is translated from the client's own request: tools, results and thinking",
  async run(bed) {
    const { gateway, one, two } = bed;
    one.push(failure(500));
    two.push({ kind: "json", body: MESSAGE });
    const fallen = await gateway.chat(TOOLED);
    assert.equal((await fallen.json()).choices[0].message.content, "Hello from two");
    const direct = await gateway.chat({ ...TOOLED, model: "two/model-2" });
    await direct.body?.cancel();
    const [after, alone] = two.requests;
    assert.deepEqual(after?.json, alone?.json, "what the second was asked does not depend on the first");
    assert.deepEqual((after?.json.tools as { name: string }[]).map(({ name }) => name), ["weather"]);
    assert.match(after?.text ?? "", /"tool_result"/);
    assert.match(after?.text ?? "", /"thinking":\{"type":"enabled"/);
    assert.equal(fallen.headers.get("x-anystream-lost"), direct.headers.get("x-anystream-lost"), "its own losses only");
    assert.equal(one.requests[0]?.json.seed, 7, "the first is relayed the client's own words");
  },
});

routed({
  name: "E15 a key that is refused is left for the next one at once, and only for the model it was refused for",
  async run(bed) {
    const { gateway, one } = bed;
    for (const status of [401, 402, 403]) {
      one.reset();
      // For as long as the test may take.
      const refusal = failure(status, { "retry-after": "60" });
      one.push(refusal, { kind: "json", body: completion({ content: "Hello" }) });
      const model = `one/model-${status}`;
      const answers = [await gateway.chat({ model }), await gateway.chat({ model }), await gateway.chat({ model })];
      for (const answer of answers) assert.equal((await answer.json()).choices[0].message.content, "Hello");
      const [refused, ...rest] = one.requests.map(keyOf);
      assert.equal(rest.length, 3, "no attempt is lost on the benched key");
      assert.ok(rest.every((key) => key !== refused), String(rest));
    }
  },
});

routed({
  name: "E12 V19 a limited key makes way for the next; when all rest, the client is told for how long, at once",
  async run(bed) {
    const { gateway, one } = bed;
    one.push(failure(429, { "retry-after": "60" }), failure(429, { "retry-after-ms": "30000" }));
    const first = await gateway.chat({ model: "one/model-1" });
    assert.equal(first.status, 429);
    assert.equal(one.requests.length, 2);
    await first.body?.cancel();
    const second = await gateway.chat({ model: "one/model-1" });
    assert.equal(second.status, 429);
    assert.match(second.headers.get("retry-after") ?? "", /^(29|30)$/);
    assert.equal((await second.json()).error.code, "rate_limit_exceeded");
    assert.equal(one.requests.length, 2, "the upstream was not asked");
  },
});

routed({
  name: "E12 keys that were all refused are a 503 with the time of the next attempt",
  async run({ gateway, one }) {
    one.push(failure(401, { "retry-after": "10" }));
    const first = await gateway.chat({ model: "one/model-1" });
    assert.equal(first.status, 502);
    assert.equal(first.headers.get("x-should-retry"), "false", "an upstream was asked");
    await first.body?.cancel();
    const second = await gateway.chat({ model: "one/model-1" });
    assert.equal(second.status, 503);
    assert.equal((await second.json()).error.code, "keys_refused");
    assert.match(second.headers.get("retry-after") ?? "", /^([89]|10)$/);
    assert.equal(second.headers.get("x-should-retry"), null, "to come back then costs nothing");
    assert.equal(one.requests.length, 2);
  },
});

routed({
  name: "E15 a fault of the client's is told at once: no other key, no other candidate, nothing benched",
  async run(bed) {
    const { gateway, one, two } = bed;
    one.push(failure(400));
    for (let count = 0; count < 5; count++) {
      const response = await gateway.chat({ model: "both" });
      assert.equal(response.status, 400);
      await response.body?.cancel();
    }
    assert.equal(one.requests.length, 5);
    assert.equal(two.requests.length, 0);
  },
});

routed({
  name: "a candidate's parameters are sent: to OpenAI as they stand, to others as their dialect has them",
  async run(bed) {
    const { gateway, one, two } = bed;
    one.push(failure(400));
    two.push({ kind: "json", body: MESSAGE });
    const body = { temperature: 1, custom: [1.0] };
    await (await gateway.chat({ model: "both", ...body })).body?.cancel();
    one.reset();
    one.push(failure(404));
    await (await gateway.chat({ model: "both", ...body })).body?.cancel();
    assert.deepEqual(
      [one.requests[0]?.json.temperature, one.requests[0]?.json.vendor_field, one.requests[0]?.json.custom],
      [0.25, { a: 1 }, [1]],
    );
    assert.deepEqual([two.requests[0]?.json.temperature, two.requests[0]?.json.max_tokens], [0.5, 77]);
  },
  candidates: [
    { provider: "one", model: "model-1", parameters: { temperature: 0.25, vendor_field: { a: 1 } } },
    { provider: "two", model: "model-2", parameters: { temperature: 0.5, max_tokens: 77 } },
  ],
});

routed({
  name: "keep-alives go on while the candidates change",
  async run({ gateway, one, two }) {
    one.push({ kind: "json", status: 500, body: {}, delay: 150 });
    two.push({ kind: "json", body: MESSAGE, delay: 150 });
    const response = await gateway.chat({ model: "both", stream: true }, { headers: { "x-stream-mode": "fake" } });
    const text = await response.text();
    assert.match(text, /^: /);
    assert.equal(checkOpenaiChatStream(text, { includeUsage: false }).text, "Hello from two");
    assert.ok(text.split("\n\n").filter((frame) => frame.startsWith(":")).length >= 3, text);
  },
  env: { FAKE_STREAM_INTERVAL: "50" },
});

routed({
  name: "E9 a stream that said something is never begun anew elsewhere",
  async run({ gateway, one, two }) {
    one.push({ kind: "stream", chunks: [ROLE, chunk({ content: "partial" })], then: "cut" });
    const seen = checkOpenaiChatStream(await (await gateway.chat({ model: "both", stream: true }, REAL)).text(), {
      includeUsage: false,
    });
    assert.equal(seen.text, "partial");
    assert.ok(seen.error);
    assert.equal(two.requests.length, 0);
  },
});

routed({
  name: "candidates with a weight share the load by it, and one without is their fallback",
  async run({ gateway, one, two }) {
    two.push({ kind: "json", body: MESSAGE });
    for (let count = 0; count < 4; count++) await (await gateway.chat({ model: "both" })).body?.cancel();
    assert.equal(one.requests.length, 0);
    assert.equal(two.requests.length, 4);
  },
  candidates: ["one/model-1", { provider: "two", model: "model-2", weight: 1 }],
});

const PICTURE = { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } };
const SHOWN = {
  model: "both",
  messages: [{ role: "user", content: [{ type: "text", text: "What is it?" }, PICTURE] }],
};

routed({
  name:
    "a picture that a model does not see is shown to the next candidate, and what another says of it stays an error",
  async run(bed) {
    const { gateway, one, two } = bed;
    one.push(refused("messages[0]: unknown variant `image_url`, expected `text` at line 1 column 90"));
    two.push({ kind: "json", body: MESSAGE });
    const seen = await gateway.chat(SHOWN);
    assert.equal((await seen.json()).choices[0].message.content, "Hello from two");
    assert.deepEqual([one.requests.length, two.requests.length], [1, 1]);
    one.reset();
    one.push(refused("Could not decode the image: it is broken"));
    const broken = await gateway.chat(SHOWN);
    assert.deepEqual([broken.status, two.requests.length], [400, 1]);
    await broken.body?.cancel();
  },
});

routed({
  name: "where no candidate sees a picture, the client is told so",
  async run(bed) {
    const { gateway, one, two } = bed;
    one.push(refused("This model does not support image input"));
    const message = "image input is not supported by this model";
    two.push({ kind: "json", status: 400, body: { type: "error", error: { type: "invalid_request_error", message } } });
    const response = await gateway.chat(SHOWN);
    const { error } = await response.json();
    assert.deepEqual([response.status, error.code], [400, "model_sees_no_pictures"]);
    assert.match(error.message, /^Cannot answer as the model takes no pictures/);
    assert.deepEqual([one.requests.length, two.requests.length], [1, 1]);
  },
});

const HELD = { contents: [{ role: "user", parts: [{ text: "Go on" }] }], cachedContent: "cachedContents/abc" };

routed({
  name: "contents that Google holds are asked of Gemini alone, and of none where no candidate speaks its dialect",
  env: { PROVIDER_TWO_TYPE: "gemini" },
  models: { here: { candidates: ["one/model-1"] } },
  async run({ gateway, one, two }) {
    const ask = async (model: string) =>
      await fetch(`${gateway.url}/v1beta/models/${model}:generateContent`, {
        method: "POST",
        body: JSON.stringify(HELD),
      });
    two.push({ kind: "json", body: { candidates: [{ content: { parts: [{ text: "Hi" }] }, finishReason: "STOP" }] } });
    const gone = await ask("both");
    assert.equal((await gone.json()).candidates[0].content.parts[0].text, "Hi");
    assert.equal(two.requests[0]?.json.cachedContent, "cachedContents/abc");
    const refused = await ask("here");
    assert.equal(refused.status, 400);
    assert.match((await refused.json()).error.message, /^Cannot answer as cachedContent names contents that/);
    assert.equal(one.requests.length, 0);
  },
});

const GOING_ON = [
  { role: "user", content: "one" },
  { role: "assistant", content: "yes" },
  { role: "user", content: "two" },
];

routed({
  name: "a conversation stays with the key that answered it, and goes over to another where that one is limited",
  async run({ gateway, one }) {
    one.push({ kind: "json", body: completion({ content: "yes" }) });
    const ask = async (messages: unknown[]) => {
      await (await gateway.chat({ model: "both", messages })).text();
      return one.requests.at(-1) && keyOf(one.requests.at(-1)!);
    };
    const [own, other] = [await ask(GOING_ON.slice(0, 1)), await ask([{ role: "user", content: "something else" }])];
    assert.deepEqual(new Set([own, other]), new Set(["first-key", "second-key"]));
    assert.deepEqual([await ask(GOING_ON), await ask(GOING_ON)], [own, own]);
    one.reset();
    one.push(failure(429, { "retry-after": "30" }));
    one.push({ kind: "json", body: completion({ content: "yes" }) });
    assert.deepEqual([await ask(GOING_ON), await ask(GOING_ON)], [other, other]);
    assert.deepEqual(one.requests.map(keyOf), [own, other, other]);
  },
});

routed({
  name: "a conversation stays with the one of several weighted upstreams that answered it, unless that is switched off",
  candidates: [{ provider: "one", model: "model-1", weight: 1 }, { provider: "two", model: "model-2", weight: 1 }],
  async run({ gateway, one, two }) {
    one.push({ kind: "json", body: completion({ content: "yes" }) });
    two.push({ kind: "json", body: MESSAGE });
    const headers = { "session-id": "s-1" };
    for (let turn = 0; turn < 12; turn++) await (await gateway.chat({ model: "both" }, { headers })).text();
    assert.deepEqual([one.requests.length, two.requests.length].sort(), [0, 12]);
  },
});

routed({
  name: "with affinity switched off, the keys of a pool take turns within a conversation, too",
  env: { AFFINITY: "off" },
  async run({ gateway, one }) {
    one.push({ kind: "json", body: completion({ content: "yes" }) });
    for (let turn = 0; turn < 4; turn++) await (await gateway.chat({ model: "both", messages: GOING_ON })).text();
    const keys = one.requests.map(keyOf);
    assert.deepEqual([keys[0], keys[1]], [keys[2], keys[3]]);
    assert.notEqual(keys[0], keys[1]);
  },
});
