import assert from "node:assert/strict";
import type { Tool } from "../../chat/request.ts";
import { createLearnedApi } from "../../providers/learned_api.ts";
import { sampleRequest } from "../chat/sample_request.ts";

const HOUR = 3_600_000;
const tools: Tool[] = [{ type: "function", name: "f", parameters: { type: "object" } }];

Deno.test("that a model is to be asked by Responses is believed for an hour, and of no other model", () => {
  const clock = { now: 0 };
  const learned = createLearnedApi(() => clock.now);
  const wants = (model: string) => learned.wantsResponses(sampleRequest({ model }));
  assert.equal(wants("a"), false);
  learned.noteWanted(sampleRequest({ model: "a" }));
  assert.deepEqual([wants("a"), wants("b")], [true, false]);
  clock.now = HOUR - 1;
  assert.equal(wants("a"), true);
  clock.now = HOUR + 1;
  assert.equal(wants("a"), false);
});

Deno.test("what was refused with tools is asked by Responses with tools alone", () => {
  const learned = createLearnedApi(() => 0);
  learned.noteWanted(sampleRequest({ model: "a", tools }));
  assert.equal(learned.wantsResponses(sampleRequest({ model: "a", tools })), true);
  assert.equal(learned.wantsResponses(sampleRequest({ model: "a" })), false);
});

Deno.test("that an upstream has no Responses API is believed for an hour", () => {
  const clock = { now: 0 };
  const learned = createLearnedApi(() => clock.now);
  assert.equal(learned.hasResponses(), true);
  learned.noteMissing();
  clock.now = HOUR - 1;
  assert.equal(learned.hasResponses(), false);
  clock.now = HOUR + 1;
  assert.equal(learned.hasResponses(), true);
});
