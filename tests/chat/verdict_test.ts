/** The verdict on every kind of answer, and what follows from it. */

import { equal } from "node:assert/strict";
import { FINISH_REASONS, type FinishReason } from "../../chat/finish.ts";
import type { Reply, ReplyChoice, ReplyPart } from "../../chat/reply.ts";
import type { Usage } from "../../chat/usage.ts";
import { judge, RETRYABLE, type Verdict, verdictError, VERDICTS } from "../../chat/verdict.ts";

const thought: ReplyPart = { type: "reasoning", text: "Hm." };
const text: ReplyPart = { type: "text", text: "Yes." };

function choice(reason: FinishReason | undefined, ...parts: ReplyPart[]): ReplyChoice {
  return reason === undefined ? { parts } : { parts, finish: { reason } };
}

function reply(choices: ReplyChoice[], usage?: Usage): Reply {
  return { id: "1", model: "m", choices, ...(usage && { usage }) };
}

const saying: Record<string, ReplyPart> = {
  "text": text,
  "a tool call": { type: "tool-call", id: "a", name: "f", json: "{}" },
  "a picture": { type: "media", mediaType: "image/png", data: "AA==" },
  "sound": { type: "media", mediaType: "audio/wav", data: "AA==" },
  "a refusal": { type: "refusal", text: "No." },
  "what only its dialect can say": { type: "opaque", dialect: "anthropic", value: { type: "server_tool_use" } },
};
for (const [name, part] of Object.entries(saying)) {
  Deno.test(`V12 ${name} answers, whether the upstream said why it ended or not`, () => {
    equal(judge(reply([choice("stop", part)])), "answered");
    equal(judge(reply([choice(undefined, part)])), "answered");
    equal(judge(reply([choice("length", thought, part)])), "answered");
    equal(judge(reply([choice("content-filter", part)])), "answered");
  });
}

Deno.test("V12 G6 an answer of nothing, white space or thoughts alone is empty", () => {
  equal(judge(reply([])), "empty");
  equal(judge(reply([choice(undefined)])), "empty");
  equal(judge(reply([choice("stop")])), "empty");
  equal(judge(reply([choice("stop", { type: "text", text: " \n\t" })])), "empty");
  equal(judge(reply([choice("stop", { type: "refusal", text: "" })])), "empty");
  equal(judge(reply([choice("stop", thought)])), "empty");
});

Deno.test("G4 thoughts that used the limit up are truncated, seen or only counted", () => {
  equal(judge(reply([choice("length", thought)])), "truncated");
  equal(judge(reply([choice("context-window", { type: "redacted-reasoning", data: "x" })])), "truncated");
  equal(judge(reply([choice("length")], { input: 9, output: 50, reasoning: 50 })), "truncated");
});

Deno.test("V12 a limit without a thought is no limit but an empty answer", () => {
  equal(judge(reply([choice("length")])), "empty");
  equal(judge(reply([choice("length", { type: "text", text: " " })], { input: 9, output: 1 })), "empty");
});

Deno.test("V13 an upstream that counted no token gave an empty answer, unless it said something or we counted", () => {
  equal(judge(reply([choice("length", thought)], { input: 9, output: 0 })), "empty");
  equal(judge(reply([choice("length", thought)], { input: 9, output: 0, estimated: true })), "truncated");
  equal(judge(reply([choice("stop", text)], { input: 9, output: 0 })), "answered");
  equal(judge(reply([choice("stop")], { input: 9, output: 0 })), "empty");
});

Deno.test("G2 G3 a filter without content blocks, with or without thoughts", () => {
  equal(judge(reply([choice("content-filter")], { input: 9, output: 0 })), "blocked");
  equal(judge(reply([choice("refusal", thought)])), "blocked");
});

Deno.test("G5 a malformed call is malformed whatever text leaked before it", () => {
  equal(judge(reply([choice("malformed")])), "malformed");
  equal(judge(reply([choice("malformed", text)])), "malformed");
});

Deno.test("the best choice is the answer's verdict", () => {
  equal(judge(reply([choice("stop"), choice("stop", text)])), "answered");
  equal(judge(reply([choice("stop"), choice("content-filter")])), "blocked");
  equal(judge(reply([choice("stop"), choice("malformed")])), "malformed");
  equal(judge(reply([choice("malformed"), choice("length", thought)])), "truncated");
});

Deno.test("a choice that says nothing is judged for every reason to end", () => {
  const expected: Record<FinishReason, Verdict> = {
    "stop": "empty",
    "stop-sequence": "empty",
    "length": "truncated",
    "context-window": "truncated",
    "tool-calls": "empty",
    "content-filter": "blocked",
    "refusal": "blocked",
    "pause": "empty",
    "malformed": "malformed",
    "other": "empty",
  };
  for (const reason of FINISH_REASONS) equal(judge(reply([choice(reason, thought)])), expected[reason], reason);
});

Deno.test("G5 G6 only what is asked for again has an error, and that error is retryable", () => {
  for (const verdict of VERDICTS) {
    equal(verdictError(verdict)?.retryable ?? false, RETRYABLE[verdict], verdict);
  }
  equal(verdictError("empty")?.kind, "upstream-empty");
  equal(verdictError("malformed")?.kind, "upstream-malformed");
  equal(verdictError("empty")?.status, 502);
});
