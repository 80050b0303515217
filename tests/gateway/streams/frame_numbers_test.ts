import assert from "node:assert/strict";
import { anthropic } from "../../../dialects/anthropic/mod.ts";
import { gemini, geminiArray } from "../../../dialects/gemini/mod.ts";
import { ollama } from "../../../dialects/ollama/mod.ts";
import { openaiChat } from "../../../dialects/openai_chat/mod.ts";
import { isPadding, paddingOf, withNumber } from "../../../gateway/streams/frame_numbers.ts";

Deno.test("what keeps a numbered stream alive is one that its clients skip, is none of its frames, and has no number", () => {
  const cases = [
    [openaiChat, [": keep-alive\n\n"], "id: 7\nx"],
    [anthropic, [": keep-alive\n\n"], "id: 7\nx"],
    [gemini, [], "x"],
    [geminiArray, [" "], "x"],
    [ollama, [" "], "x"],
  ] as const;
  for (const [dialect, padding, numbered] of cases) {
    assert.deepEqual(paddingOf(dialect), padding, dialect.streamType);
    assert.ok(paddingOf(dialect).every(isPadding));
    assert.equal(withNumber("x", 7, dialect), numbered, dialect.streamType);
  }
});
