import assert from "node:assert/strict";
import type { JsonObject } from "../../chat/json.ts";
import { checkGeminiArray, checkGeminiStream } from "./gemini_grammar.ts";

const block = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const candidate = (parts: unknown, more: JsonObject = {}) => ({ content: { role: "model", parts }, index: 0, ...more });
const chunk = (...candidates: unknown[]) => block({ candidates });
const END = chunk(candidate([{ text: "" }], { finishReason: "STOP" }));
const ERROR = { code: 503, message: "Cannot answer", status: "UNAVAILABLE" };

const BROKEN: [string, string, RegExp][] = [
  ["a comment", `: c\n\n${END}`, /one line of data/],
  ["a named event", `event: x\n${END}`, /one line of data/],
  ["[DONE]", `${END}data: [DONE]\n\n`, /one line of data/],
  ["a missing blank line", END.slice(0, -1), /blank line/],
  ["data of two lines", END.replace(",", ",\ndata: "), /one line of data/],
  ["no end", chunk(candidate([{ text: "a" }])), /ends with the end/],
  ["nothing at all", "", /ends with the end/],
  ["two ends", END + END, /nothing follows/],
  ["content after the end", END + chunk(candidate([{ text: "a" }])), /nothing follows/],
  ["a chunk without candidates", block({ usageMetadata: { promptTokenCount: 1 } }) + END, /has candidates/],
  ["a candidate without parts", chunk(candidate([], { finishReason: "STOP" })), /has a part/],
  ["a candidate without an index", chunk({ ...candidate([{ text: "a" }]), index: undefined }), /has its index/],
  ["a candidate twice in a chunk", chunk(candidate([{ text: "a" }]), candidate([{ text: "b" }])) + END, /once/],
  ["another role", chunk({ index: 0, content: { role: "user", parts: [{ text: "a" }] } }) + END, /is the model/],
  ["an empty part", chunk(candidate([{}])) + END, /says one thing/],
  [
    "a part that says two things",
    chunk(candidate([{ text: "a", functionCall: { name: "f" } }])) + END,
    /says one thing/,
  ],
  ["a call without a name", chunk(candidate([{ functionCall: { args: {} } }])) + END, /has a name/],
  [
    "arguments that are text",
    chunk(candidate([{ functionCall: { name: "f", args: "{}" } }])) + END,
    /arguments is an object/,
  ],
  ["a signature that is no base64", chunk(candidate([{ text: "", thoughtSignature: "gemini:ab" }])) + END, /base64/],
  ["an unknown finish", chunk(candidate([{ text: "" }], { finishReason: "stop" })), /finish reason/],
  [
    "a head that changes",
    block({ candidates: [candidate([{ text: "a" }])], responseId: "1" }) +
    block({ candidates: [candidate([{ text: "" }], { finishReason: "STOP" })], responseId: "2" }),
    /stays the same/,
  ],
  ["counts that are none", block({ candidates: [candidate([{ text: "a" }])], usageMetadata: {} }) + END, /is counted/],
  ["an error with a word for a code", block({ error: { ...ERROR, code: "x" } }), /is a status/],
  ["an error with company", block({ error: ERROR, candidates: [] }), /stands alone/],
  ["an error that is told once", block({ error: ERROR }), /once more/],
  ["a rest that is no error", `${END}{"error":{}}`, /once more/],
  ["something after an error", block({ error: ERROR }) + END, /nothing follows/],
];

for (const [what, stream, message] of BROKEN) {
  Deno.test(`the grammar of Gemini refuses ${what}`, () => {
    assert.throws(() => checkGeminiStream(stream), message);
  });
}

Deno.test("the grammar of Gemini refuses an array that is not closed", () => {
  assert.throws(() => checkGeminiArray("[{}"), SyntaxError);
});

Deno.test("the grammar of Gemini tells what a stream said", () => {
  const call = { functionCall: { name: "f", args: { a: 1 } }, thoughtSignature: "ab==" };
  const stream = chunk(candidate([{ text: "Hm", thought: true }, { text: "Yes" }, call])) +
    block({
      candidates: [candidate([{ text: "" }], { finishReason: "STOP" })],
      usageMetadata: { promptTokenCount: 1 },
    });
  const { text, reasoning, toolCalls, finish, usage, error } = checkGeminiStream(stream);
  assert.deepEqual({ text, reasoning, toolCalls, finish, usage, error }, {
    text: "Yes",
    reasoning: "Hm",
    toolCalls: [{ name: "f", arguments: '{"a":1}', signature: "ab==" }],
    finish: "STOP",
    usage: { promptTokenCount: 1 },
    error: undefined,
  });
});
