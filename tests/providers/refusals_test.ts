/** Tests of what is read out of an upstream's refusal, and for how long it is believed. */

import assert from "node:assert/strict";
import { GatewayError } from "../../chat/error.ts";
import { createRefusals, refusedIn } from "../../providers/refusals.ts";

Deno.test("what a model was found to refuse is believed for an hour, and of no other model", () => {
  const clock = { now: 1_000 };
  const refusals = createRefusals(() => clock.now);
  refusals.learn("a", ["temperature"]);
  assert.deepEqual([refusals.of("a"), refusals.of("b")], [["temperature"], []]);
  clock.now += 3_600_000 - 1;
  assert.deepEqual(refusals.of("a"), ["temperature"]);
  clock.now += 1;
  assert.deepEqual(refusals.of("a"), []);
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
