/** Tests of the key by which the turns of a conversation find the same prompt cache. */

import assert from "node:assert/strict";
import { cacheKeyOf } from "../../dialects/cache_key.ts";
import { openaiChat } from "../../dialects/openai_chat/mod.ts";
import { openaiResponses } from "../../dialects/openai_responses/mod.ts";
import type { ChatRequest } from "../../chat/request.ts";
import { assistant, sampleRequest, system, user } from "../chat/sample_request.ts";

const SOURCE: ChatRequest["source"] = { dialect: "anthropic", body: {} };
const conversation = (question: string, instruction = "Be brief.") =>
  sampleRequest({ messages: [system(instruction), user(question)], source: SOURCE });

const keyOf = (request: ChatRequest) => cacheKeyOf(request, { quirks: { cacheKey: true }, isOwn: false });

Deno.test("the turns of a conversation share a key, and others have another", () => {
  const first = conversation("Hi");
  const later = { ...first, messages: [...first.messages, assistant({ type: "text", text: "Hello" }), user("And?")] };
  assert.equal(keyOf(later), keyOf(first));
  assert.match(keyOf(first) ?? "", /^conversation-[0-9a-f]{16}$/);
  const others = [conversation("Ho"), conversation("Hi", "Be kind."), { ...first, user: "u" }];
  assert.equal(new Set([first, ...others].map(keyOf)).size, 4);
});

Deno.test("a client's own key stands, and none is made for one that could have named it, or for a vendor that takes none", () => {
  assert.equal(keyOf({ ...conversation("Hi"), cacheKey: "own" }), "own");
  assert.equal(cacheKeyOf(conversation("Hi"), { quirks: { cacheKey: true }, isOwn: true }), undefined);
  assert.equal(cacheKeyOf(conversation("Hi"), { quirks: {}, isOwn: false }), undefined);
});

Deno.test("both of OpenAI's APIs are told the same key", () => {
  const target = { model: "gpt-5.6", stream: false, facts: {}, quirks: { cacheKey: true } };
  const [chat, responses] = [openaiChat, openaiResponses].map((dialect) =>
    dialect.formatRequest(conversation("Hi"), target).body.prompt_cache_key
  );
  assert.equal(typeof chat, "string");
  assert.equal(chat, responses);
});

Deno.test("neither of OpenAI's APIs is told a key that its own client left out", () => {
  const target = { model: "gpt-5.6", stream: false, facts: {}, quirks: { cacheKey: true } };
  for (const dialect of [openaiChat, openaiResponses]) {
    const body = { model: "m", messages: [{ role: "user", content: "Hi" }], input: "Hi" };
    const asked = dialect.parseRequest(body, { text: JSON.stringify(body) });
    assert.equal(dialect.formatRequest(asked, target).body.prompt_cache_key, undefined, dialect.name);
  }
});
