import assert from "node:assert/strict";
import { withParameters } from "../../providers/parameters.ts";
import { sampleRequest, user } from "../chat/sample_request.ts";

const request = sampleRequest({ messages: [user("Hi")], temperature: 1 });

Deno.test("parameters go to OpenAI's chat as they stand, without what is not theirs to decide", () => {
  const parameters = { temperature: 0, provider: { order: ["a"] }, model: "other", stream: true };
  const given = withParameters(request, { parameters, dialect: "openai_chat" });
  assert.deepEqual(given.fields, { temperature: 0, provider: { order: ["a"] } });
  assert.equal(given.request, request, "which may still be relayed");
});

Deno.test("parameters go to others as the neutral request has them, and what it has no place for is a loss", () => {
  const parameters = { temperature: 0, max_tokens: 9, provider: { order: ["a"] }, messages: [] };
  const { request: changed, lost, fields } = withParameters(request, { parameters, dialect: "anthropic" });
  assert.deepEqual([changed.temperature, changed.maxTokens, changed.messages], [0, 9, request.messages]);
  assert.equal(changed.source.text, undefined);
  assert.deepEqual(lost.map(({ path }) => path), ["provider"]);
  assert.equal(fields, undefined);
});

Deno.test("a parameter that cannot be is the catalogue's fault, not the client's", () => {
  const parameters = { temperature: "hot" };
  assert.throws(() => withParameters(request, { parameters, dialect: "gemini" }), { kind: "configuration" });
});
