/** That the grammar of Ollama's streams refuses what breaks it. */

import { deepEqual, throws } from "node:assert/strict";
import { checkOllamaStream } from "./ollama_grammar.ts";

const HEAD = { model: "m", created_at: "2026-08-28T09:14:07.385406455-07:00" };
const chat = (message: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  `${JSON.stringify({ ...HEAD, message: { role: "assistant", content: "", ...message }, done: false, ...more })}\n`;
const DONE = chat({}, { done: true, done_reason: "stop", eval_count: 1, eval_duration: 2 });
const call = (fields: Record<string, unknown>) => chat({ tool_calls: [{ function: { name: "f", ...fields } }] });

Deno.test("checkOllamaStream() accepts a legal stream, and says what it said", () => {
  const read = checkOllamaStream([chat({ content: "a" }), " ", call({ arguments: { x: 1 } }), DONE], { route: "chat" });
  deepEqual(read, {
    text: "a",
    reasoning: "",
    toolCalls: [{ name: "f", arguments: { x: 1 } }],
    images: [],
    logprobs: [],
    finish: "stop",
    usage: { eval_count: 1, eval_duration: 2 },
  });
  deepEqual(checkOllamaStream(' {"error":"x"}\n', { route: "generate" }).error, "x");
});

const BROKEN: Record<string, string> = {
  "no end": chat({ content: "a" }),
  "nothing at all": "",
  "a last line without LF": DONE.trimEnd(),
  "a line behind the last": DONE + chat({}),
  "a keep-alive behind the last": `${DONE} `,
  "a line behind an error": `{"error":"x"}\n${DONE}`,
  "a blank line": `\n${DONE}`,
  "CRLF": DONE.replace("\n", "\r\n"),
  "an error that is an object": '{"error":{"message":"x"}}\n',
  "an error beside a message": `${JSON.stringify({ ...HEAD, error: "x" })}\n`,
  "content that is no string": chat({ content: null }) + DONE,
  "another role": chat({ role: "user" }) + DONE,
  "arguments that are text": call({ arguments: "{}" }) + DONE,
  "calls that are none": chat({ tool_calls: [] }) + DONE,
  "an image with a prefix": chat({ images: ["data:image/png;base64,AAAA"] }) + DONE,
  "no model": DONE.replace('"model":"m",', ""),
  "a time that is none": DONE.replace("T", " "),
  "no reason for the end": DONE.replace('"done_reason":"stop",', ""),
  "a reason that is no word of Ollama's": DONE.replace("stop", "tool_calls"),
  "a duration of 0": DONE.replace('"eval_duration":2', '"eval_duration":0'),
  "counts before the end": chat({}, { eval_count: 1 }) + DONE,
  "the shape of the other route": `${JSON.stringify({ ...HEAD, response: "", done: true, done_reason: "stop" })}\n`,
};

for (const [what, stream] of Object.entries(BROKEN)) {
  Deno.test(`checkOllamaStream() refuses ${what}`, () => {
    throws(() => checkOllamaStream(stream, { route: "chat" }), { name: "AssertionError" });
  });
}
