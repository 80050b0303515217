/** Tests of vendors that refuse what they do not know: a request reaches them without it, relayed and translated. */

import assert from "node:assert/strict";
import { type VendorName, VENDORS } from "../../providers/registry.ts";
import { withPair } from "../support/pair.ts";

/** What `quirks` of the registry are as variables of the provider `up`. */
function variables(name: VendorName): Record<string, string> {
  const quirks = Object.entries(VENDORS[name].quirks).map(([quirk, value]) => [
    `PROVIDER_UP_QUIRKS_${quirk.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`,
    Array.isArray(value) ? value.join(",") : String(value),
  ]);
  return Object.fromEntries(quirks);
}

const ANSWER = {
  id: "x",
  object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
};
const STREAM = [
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: "Hi" } }] })}\n\n`,
  "data: [DONE]\n\n",
];

/** The fields that a strict vendor's own reference has, as far as these requests could have them. */
const KNOWN = ["model", "messages", "stream", "tools", "tool_choice", "parallel_tool_calls", "temperature"];
const KNOWN_OF: Partial<Record<VendorName, string[]>> = {
  groq: ["stream_options"],
  cerebras: ["stream_options"],
  "gemini-openai": ["stream_options"],
  mistral: ["metadata"],
};

for (const [name, more = []] of Object.entries(KNOWN_OF) as [VendorName, string[]][]) {
  withPair({ env: variables(name) }).test({
    name: `${name} is asked nothing that it refuses: by a client of its own dialect at its second turn, and by Codex`,
    async run({ gateway, upstream }) {
      upstream.push({ kind: "json", body: ANSWER }, { kind: "stream", chunks: STREAM });
      const chat = await gateway.chat({
        model: "up/up-model",
        store: false,
        metadata: {},
        prompt_cache_key: "k",
        verbosity: "low",
        messages: [
          { role: "developer", content: "Be brief" },
          { role: "assistant", content: "Hi", reasoning_content: "Hm", reasoning: "Hm" },
          { role: "user", content: "Go on" },
        ],
      });
      assert.equal(chat.status, 200, await chat.text());
      assert.match(chat.headers.get("x-anystream-lost") ?? "", /store.*prompt_cache_key/);
      const codex = await fetch(`${gateway.url}/v1/responses`, {
        method: "POST",
        body: JSON.stringify({
          model: "up/up-model",
          instructions: "Be brief",
          input: [{ type: "message", role: "user", content: [{ type: "input_text", text: "Hi" }] }],
          tools: [],
          parallel_tool_calls: false,
          store: false,
          stream: true,
          include: ["reasoning.encrypted_content"],
          prompt_cache_key: "a-key",
          text: { verbosity: "low" },
        }),
      });
      assert.match(await codex.text(), /response\.completed/);
      const known = new Set([...KNOWN, ...more]);
      for (const { json } of upstream.requests) {
        assert.deepEqual(Object.keys(json).filter((field) => !known.has(field)), []);
        for (const message of json.messages as Record<string, unknown>[]) {
          assert.deepEqual(Object.keys(message).filter((member) => !["role", "content"].includes(member)), []);
          assert.notEqual(message.role, "developer");
        }
      }
    },
  });
}

withPair({
  env: { PROVIDER_UP_QUIRKS_REFUSED_FIELDS: "store, seed", PROVIDER_UP_MODELS: "up-model" },
}).test({
  name: "a field that is refused is left out wherever it stands, and all else stays byte for byte",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: ANSWER });
    const text =
      '{ "seed":1,"model":"up/up-model", "x":1.0, "store":null,"messages":[{"role":"user","content":"H\\u0069"}] }';
    const response = await fetch(`${gateway.url}/v1/chat/completions`, { method: "POST", body: text });
    assert.equal(response.headers.get("x-anystream-lost"), "seed");
    await response.body?.cancel();
    assert.equal(
      upstream.requests[0]?.text,
      '{ "model":"up-model", "x":1.0,"messages":[{"role":"user","content":"H\\u0069"}] }',
    );
  },
});
