/** Tests of what is read out of an upstream's refusal, and for how long it is believed. */

import assert from "node:assert/strict";
import { GatewayError } from "../../chat/error.ts";
import { createRefusals, isAboutMissingThoughts, isAboutSignatures, refusedIn } from "../../providers/refusals.ts";

Deno.test("what a model was found to refuse is believed for an hour, and of no other model", () => {
  const clock = { now: 1_000 };
  const refusals = createRefusals(() => clock.now);
  const fieldsOf = (model: string) => refusals.of(model).fields;
  refusals.learn("a", { fields: ["temperature"], wantsThoughts: false });
  assert.deepEqual([fieldsOf("a"), fieldsOf("b")], [["temperature"], []]);
  clock.now += 3_600_000 - 1;
  assert.deepEqual(fieldsOf("a"), ["temperature"]);
  clock.now += 1;
  assert.deepEqual(fieldsOf("a"), []);
});

Deno.test("a field is named as a word of its own, and only one that was sent is refused", () => {
  const body = JSON.stringify({ reasoning: {}, user: "u" });
  const told = (detail: string, kind: "invalid-request" | "upstream-failure" = "invalid-request") =>
    refusedIn(new GatewayError(kind, "Cannot answer", { detail }), body).fields;
  assert.deepEqual(told("property 'messages.2.assistant.reasoning_content' is unsupported"), []);
  assert.deepEqual(told("body.reasoning: property 'body.reasoning' is unsupported"), ["reasoning"]);
  assert.deepEqual(told("Unknown parameter: 'seed'"), []);
  assert.deepEqual(told("Unknown parameter: 'user'", "upstream-failure"), []);
  assert.deepEqual(refusedIn(new Error("Unknown parameter: 'user'"), body).fields, []);
});

Deno.test("that there is no stream is told apart from all that is said of streams", () => {
  const refused = (detail: string, stream = true) =>
    refusedIn(new GatewayError("invalid-request", "Cannot answer", { detail }), JSON.stringify({ stream })).fields;
  for (
    const told of [
      "Your organization must be verified to stream this model.",
      "Unsupported value: 'stream' does not support true with this model.",
      "Streaming is not supported for this model",
      "This model does not support streaming.",
    ]
  ) {
    assert.deepEqual(refused(told), ["stream"], told);
    assert.deepEqual(refused(told, false), []);
  }
  for (
    const told of [
      "Unsupported parameter: 'stream_options'",
      "Unknown parameter: 'foo', which may be given with stream",
      "This model does not support stream_options",
    ]
  ) assert.deepEqual(refused(told), [], told);
});

Deno.test("what is said of signatures is told apart from what is said of thinking", () => {
  const isAbout = (detail: string) =>
    isAboutSignatures(new GatewayError("invalid-request", "Cannot answer", { detail }));
  for (
    const told of [
      "messages.1.content.0: Invalid `signature` in `thinking` block",
      "messages.1.content.0.thinking.signature: Field required",
      "messages.5.content.0: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified.",
      "The encrypted content gAAA...DQ== could not be verified. Reason: Encrypted content organization_id did not match",
      "Function call is missing a thought_signature in functionCall parts.",
      "Corrupted thought signature.",
    ]
  ) assert.ok(isAbout(told), told);
  for (
    const told of [
      "thinking.budget_tokens: Input should be greater than or equal to 1024",
      "The request signature we calculated does not match the signature you provided",
      "Encrypted content is not supported with this model.",
    ]
  ) assert.ok(!isAbout(told), told);
});

Deno.test("what is said of thoughts that are missing is told apart from what is said of those that are there", () => {
  const isAbout = (detail: string) =>
    isAboutMissingThoughts(new GatewayError("invalid-request", "Cannot answer", { detail }));
  for (
    const told of [
      "thinking is enabled but reasoning_content is missing in assistant tool call message at index 7",
      "The `reasoning_content` in the thinking mode must be passed back to the API.",
      "The `content[].thinking` in the thinking mode must be passed back to the API.",
      "Missing `reasoning_content` field in the assistant message at message index 2.",
      "Missing thinking block in the assistant message at message index 11.",
      "preserved thinking (thinking.keep=all) requires reasoning_content on every assistant message",
    ]
  ) assert.ok(isAbout(told), told);
  for (
    const told of [
      "property 'messages.2.assistant.reasoning_content' is unsupported",
      "Missing required parameter: 'messages'",
    ]
  ) assert.ok(!isAbout(told), told);
});
