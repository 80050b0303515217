import assert from "node:assert/strict";
import { GatewayError } from "../../chat/error.ts";
import type { ChatEvent } from "../../chat/event.ts";
import { untilFailure } from "../../dialects/until_failure.ts";
import { CLIENT_FORMS } from "../support/client_forms.ts";
import { writeStream } from "../support/codec.ts";
import { OPTIONS, requestOf } from "../support/replay.ts";

const ERROR = new GatewayError("overloaded", "Cannot answer");
const TEXT: ChatEvent = { type: "text", text: "a" };
const HALF_CALL: ChatEvent[] = [
  TEXT,
  { type: "tool-call", index: 0, id: "call_1", name: "f" },
  { type: "tool-arguments", index: 0, json: '{"a":' },
  { type: "finish", reason: "malformed", raw: "MALFORMED_FUNCTION_CALL" },
];

Deno.test("untilFailure() ends at the first failure, and knows none in a good answer", () => {
  assert.deepEqual(untilFailure([TEXT, { type: "error", error: ERROR }, TEXT]), { said: [TEXT], failure: ERROR });
  assert.deepEqual(untilFailure([TEXT]), { said: [TEXT], failure: undefined });
  const { said, failure } = untilFailure(HALF_CALL);
  assert.deepEqual([said, failure?.kind], [HALF_CALL.slice(0, 3), "upstream-malformed"]);
});

// Gemini has a word for it, which its clients know.
for (const form of CLIENT_FORMS.filter(({ dialect }) => dialect.name !== "gemini")) {
  Deno.test(`G5 T12 a stream that ends in a call the model could not write fails for ${form.name}`, () => {
    const request = { ...requestOf(form.dialect, form.request), includeUsage: false };
    const frames = writeStream(
      form.dialect.eventFormatter(request, OPTIONS),
      HALF_CALL.map((event) => ({ events: [event] })),
    );
    const { choices, failed } = form.read(frames, { n: 1, includeUsage: false });
    assert.equal(failed, true);
    assert.ok("a".startsWith(choices[0]?.text ?? ""));
  });
}
