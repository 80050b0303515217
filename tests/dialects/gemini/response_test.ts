import assert from "node:assert/strict";
import type { JsonObject } from "../../../chat/json.ts";
import { judge } from "../../../chat/verdict.ts";
import { gemini } from "../../../dialects/gemini/mod.ts";
import { fixture, foldEvents } from "../../support/codec.ts";
import { OPTIONS, request, streamRequest } from "./support.ts";

function parse(body: unknown) {
  const beat = gemini.parseResponse(body, JSON.stringify(body), {});
  return { ...beat, reply: foldEvents(beat.events) };
}

const answer = (parts: JsonObject[], finishReason?: string) => ({
  candidates: [{ content: { parts, role: "model" }, ...(finishReason && { finishReason }), index: 0 }],
  modelVersion: "gemini-2.5-pro",
  responseId: "rid",
});

Deno.test("what answer.json says, and that it is relayed byte for byte", () => {
  const text = fixture("gemini/answer.json");
  const beat = gemini.parseResponse(JSON.parse(text), text, {});
  assert.equal(beat.raw, text);
  assert.deepEqual(foldEvents(beat.events), {
    id: "5IgfafGzE4q7kdUP6dCJwAY",
    model: "gemini-2.5-pro",
    choices: [{
      parts: [
        {
          type: "reasoning",
          text: "Adding.",
          signature: "gemini:CikB0e2Kb7q0mTnVxE3d6sWl2uYJvF8kPzq1o+RrD7yT/9hA4mE=",
        },
        { type: "text", text: "4" },
      ],
      finish: { reason: "stop", raw: "STOP" },
    }],
    usage: { input: 11, output: 23, reasoning: 22 },
  });
});

Deno.test("F14 the array that a stream without alt=sse is, read as one answer", () => {
  const text = fixture("gemini/array.json");
  const beat = gemini.parseResponse(JSON.parse(text), text, {});
  const reply = foldEvents(beat.events);
  assert.deepEqual(reply.choices, [{
    parts: [{ type: "text", text: "One, two" }],
    finish: { reason: "stop", raw: "STOP" },
  }]);
  assert.deepEqual(reply.usage, { input: 4, output: 4 });
  assert.equal(beat.raw, undefined);
});

Deno.test("G6 V12 an answer that says nothing is empty, whatever it looks like", () => {
  const bodies = [
    {},
    { candidates: [] },
    { usageMetadata: { promptTokenCount: 1 } },
    answer([], "STOP"),
    answer([{ text: " \n" }], "STOP"),
    answer([{ text: "Hm", thought: true }], "STOP"),
    answer([{ text: "", thoughtSignature: "ab==" }], "STOP"),
    { candidates: [{ finishReason: "STOP" }] },
    { candidates: [{ finishReason: "NO_IMAGE" }] },
  ];
  for (const body of bodies) assert.equal(judge(parse(body).reply), "empty", JSON.stringify(body));
});

Deno.test("G3 a candidate that was filtered is one choice with the native reason beside the mapped one", () => {
  for (
    const reason of ["SAFETY", "RECITATION", "PROHIBITED_CONTENT", "SPII", "BLOCKLIST", "LANGUAGE", "IMAGE_SAFETY"]
  ) {
    const { reply } = parse({ candidates: [{ finishReason: reason, index: 0 }] });
    assert.deepEqual(reply.choices, [{ parts: [], finish: { reason: "content-filter", raw: reason } }]);
    assert.equal(judge(reply), "blocked");
  }
});

Deno.test("G4 a limit that thoughts used up is a truncation", () => {
  const body = {
    ...answer([{ text: "Hm", thought: true }], "MAX_TOKENS"),
    usageMetadata: { promptTokenCount: 1, thoughtsTokenCount: 9 },
  };
  const { reply } = parse(body);
  assert.equal(judge(reply), "truncated");
  assert.deepEqual(reply.usage, { input: 1, output: 9, reasoning: 9 });
});

Deno.test("G5 a malformed call is no answer, and is not relayed with what leaked of it", () => {
  for (
    const reason of ["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE"]
  ) {
    const { reply, raw } = parse(answer([{ text: "call:f{" }, { functionCall: { name: "f" } }], reason));
    assert.deepEqual(reply.choices[0]?.parts, []);
    assert.equal(judge(reply), "malformed");
    assert.equal(raw, undefined);
  }
});

Deno.test("a whole answer without a finish has one", () => {
  assert.equal(parse(answer([{ text: "a" }])).reply.choices[0]?.finish?.reason, "stop");
  assert.equal(parse(answer([{ functionCall: { name: "f" } }])).reply.choices[0]?.finish?.reason, "tool-calls");
});

Deno.test("an error in a good answer, and an answer that is none", () => {
  const failed = { error: { code: 429, status: "RESOURCE_EXHAUSTED" } };
  for (
    const [body, kind] of [[failed, "rate-limit"], [[failed], "rate-limit"], [[], "upstream-malformed"], [
      "text",
      "upstream-malformed",
    ], [null, "upstream-malformed"]] as const
  ) {
    const { reply, raw, last } = parse(body);
    assert.deepEqual([reply.error?.kind, raw, last], [kind, undefined, true]);
  }
});

Deno.test("an answer for a client: calls in their place, sources, counts, and the client's name for the model", () => {
  const asked = streamRequest({ generationConfig: { candidateCount: 2, thinkingConfig: { includeThoughts: true } } });
  const formatted = gemini.formatResponse(
    {
      id: "up",
      model: "upstream",
      choices: [
        {
          parts: [
            { type: "reasoning", text: "Hm", signature: "gemini:ab==" },
            { type: "tool-call", id: "1", name: "f", json: '{"a":1}', signature: "cd==" },
            { type: "text", text: "Done" },
            { type: "image", source: { kind: "base64", mediaType: "image/png", data: "AAAA" } },
            { type: "image", source: { kind: "file-id", id: "x" } },
          ],
          annotations: [{ type: "url_citation", url_citation: { url: "u", title: "t", start_index: 0, end_index: 4 } }],
          logprobs: { content: [{ token: "a", logprob: -1 }] },
          finish: { reason: "tool-calls" },
        },
        { parts: [], finish: { reason: "content-filter", raw: "SPII" } },
      ],
      usage: { input: 3, output: 4 },
    },
    asked,
    OPTIONS,
  );
  assert.deepEqual(formatted, {
    candidates: [
      {
        content: {
          role: "model",
          parts: [
            { text: "Hm", thought: true },
            { text: "", thoughtSignature: "ab==" },
            { functionCall: { id: "1", name: "f", args: { a: 1 } }, thoughtSignature: "cd==" },
            { text: "Done" },
            { inlineData: { mimeType: "image/png", data: "AAAA" } },
          ],
        },
        finishReason: "STOP",
        index: 0,
        citationMetadata: { citationSources: [{ startIndex: 0, endIndex: 4, uri: "u", title: "t" }] },
        logprobsResult: { chosenCandidates: [{ token: "a", logProbability: -1 }], topCandidates: [{ candidates: [] }] },
      },
      { content: { role: "model", parts: [{ text: "" }] }, finishReason: "SPII", index: 1 },
    ],
    usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 4, totalTokenCount: 7 },
    modelVersion: "alias",
    responseId: "abc",
  });
});

Deno.test("K10 an answer for a client that did not ask for thoughts has none", () => {
  const reply = {
    id: "",
    model: "",
    choices: [{ parts: [{ type: "reasoning" as const, text: "Hm" }, { type: "text" as const, text: "Yes" }] }],
  };
  const { candidates: [candidate] } = gemini.formatResponse(reply, request(), OPTIONS) as { candidates: [JsonObject] };
  assert.deepEqual(candidate.content, { role: "model", parts: [{ text: "Yes" }] });
});

Deno.test("an answer for a client that asked for a search has no sources where its notes name no page", () => {
  const parts = [{ type: "text" as const, text: "Hi" }];
  const annotations = [{ type: "file_citation", file_id: "file-1" }];
  const asked = request({ tools: [{ googleSearch: {} }] });
  const reply = { id: "x", model: "m", choices: [{ parts, annotations }] };
  const { candidates: [candidate] } = gemini.formatResponse(reply, asked, OPTIONS) as { candidates: [JsonObject] };
  assert.equal("groundingMetadata" in candidate, false);
});
