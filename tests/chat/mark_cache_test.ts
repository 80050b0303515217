/** Tests of what is marked to be kept in the prompt cache for clients that have no words for it. */

import assert from "node:assert/strict";
import { markCache } from "../../chat/mark_cache.ts";
import type { ChatRequest, Message, TextPart } from "../../chat/request.ts";
import { sampleRequest } from "./sample_request.ts";

const text = (said: string): TextPart => ({ type: "text", text: said });
const SYSTEM: Message = { role: "system", parts: [text("Be brief."), text("Be kind.")] };
const HELLO: Message = { role: "user", parts: [text("Hello"), text(" ")] };
const ANSWER: Message = { role: "assistant", parts: [text("Hi")] };
const RESULT = (callId: string): Message => ({ role: "tool", callId, parts: [text("12 °C")] });

/** Which messages bear a mark, as `message/part` or `message`. */
function marksOf({ messages }: ChatRequest): string[] {
  return messages.flatMap((message, at) => [
    ...("cache" in message ? [`${at}`] : []),
    ...message.parts.flatMap((part, place) => "cache" in part ? [`${at}/${place}`] : []),
  ]);
}

const CASES: [name: string, request: Partial<ChatRequest>, marks: string[]][] = [
  ["a conversation that goes on", { messages: [SYSTEM, HELLO, ANSWER, HELLO] }, ["0/1", "3/0"]],
  ["an agent's first turn", { messages: [SYSTEM, HELLO], tools: [{ type: "function", name: "f" }] }, ["0/1", "1/0"]],
  ["results of calls", { messages: [HELLO, ANSWER, RESULT("a"), RESULT("b")] }, ["3"]],
  ["an answer that was begun", { messages: [HELLO, ANSWER, HELLO, ANSWER] }, ["2/0"]],
  ["nothing but instructions", { messages: [SYSTEM], tools: [{ type: "function", name: "f" }] }, ["0/1"]],
  ["a question that is asked once", { messages: [SYSTEM, HELLO] }, []],
  ["a client's own marks", {
    messages: [{ role: "user", parts: [{ ...text("a"), cache: { type: "ephemeral" } }] }, ANSWER, HELLO],
  }, ["0/0"]],
];

for (const [name, request, marks] of CASES) {
  Deno.test(`Q6 what is marked of ${name}`, () => {
    assert.deepEqual(marksOf(markCache(sampleRequest(request))), marks);
  });
}

Deno.test("Q6 a request without anything to mark stays the same object", () => {
  const request = sampleRequest({ messages: [HELLO] });
  assert.equal(markCache(request), request);
});
