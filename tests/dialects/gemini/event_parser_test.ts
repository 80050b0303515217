import assert from "node:assert/strict";
import fc from "fast-check";
import type { ChatEvent } from "../../../chat/event.ts";
import type { Json, JsonObject } from "../../../chat/json.ts";
import { judge } from "../../../chat/verdict.ts";
import { gemini } from "../../../dialects/gemini/mod.ts";
import { isObject } from "../../../dialects/json.ts";
import { eventsOf, foldEvents, readStream } from "../../support/codec.ts";
import { beats, chunk, frame, said } from "./support.ts";

const USAGE = { promptTokenCount: 5, candidatesTokenCount: 2, thoughtsTokenCount: 7, totalTokenCount: 14 };
const call = (name: string, args: JsonObject = {}, more: JsonObject = {}) => ({
  functionCall: { name, args, ...more },
});
const finishOf = (events: ChatEvent[]) => events.filter((event) => event.type === "finish");

Deno.test("K10 a thought is reasoning and never text", () => {
  const events = said([chunk([{ text: "Hm", thought: true }, { text: "Yes" }], "STOP")]);
  assert.deepEqual(events.slice(0, 2), [{ type: "reasoning", text: "Hm" }, { type: "text", text: "Yes" }]);
});

Deno.test("K11 a signature stays with its call, and one on a text goes on as a thought of its own, marked", () => {
  const events = said([
    chunk([{ text: "So", thoughtSignature: "AbC=" }]),
    chunk([{ ...call("f"), thoughtSignature: "DeF=" }], "STOP"),
  ]);
  assert.deepEqual(events[1], { type: "reasoning", text: "", signature: "gemini:AbC=" });
  assert.deepEqual(events[2], {
    type: "tool-call",
    index: 0,
    id: (events[2] as { id: string }).id,
    name: "f",
    signature: "DeF=",
  });
});

Deno.test("G1 a call and then STOP with an empty text finish as tool calls", () => {
  const events = said([chunk([call("f", { a: 1 })]), chunk([{ text: "" }], "STOP")]);
  assert.deepEqual(finishOf(events), [{ type: "finish", reason: "tool-calls", raw: "STOP" }]);
});

Deno.test("T13 a length that was reached within calls stays a length", () => {
  const events = said([chunk([call("f")], "MAX_TOKENS")]);
  assert.deepEqual(finishOf(events), [{ type: "finish", reason: "length", raw: "MAX_TOKENS" }]);
});

Deno.test("T15 calls without ids, or with the same one, get ids that differ within and between answers", () => {
  const ask = (responseId: string) =>
    said([
      chunk([call("f"), call("f"), call("f", {}, { id: "x" }), call("f", {}, { id: "x" })], "STOP", { responseId }),
    ])
      .flatMap((event) => event.type === "tool-call" ? event.id : []);
  const ids = [...ask("first"), ...ask("second")];
  assert.equal(ids[2], "x");
  assert.equal(ids[6], "x");
  assert.equal(new Set(ids).size, 7);
  assert.deepEqual(ask("first"), ids.slice(0, 4));
});

Deno.test("T9 a call without arguments has an empty object", () => {
  const events = said([chunk([{ functionCall: { name: "f" } }], "STOP")]);
  assert.deepEqual(events[1], { type: "tool-arguments", index: 0, json: "{}" });
});

Deno.test("G2 a refused prompt is a content filter with its reason, and is judged blocked", () => {
  const events = said([
    frame({ promptFeedback: { blockReason: "JAILBREAK" }, usageMetadata: { promptTokenCount: 3 } }),
  ]);
  assert.deepEqual(events, [
    { type: "finish", reason: "content-filter", raw: "JAILBREAK" },
    { type: "usage", usage: { input: 3, output: 0 } },
  ]);
  assert.equal(judge(foldEvents(events)), "blocked");
});

Deno.test("G2 a prompt that is refused when the answer has begun ends it", () => {
  const events = said([chunk([{ text: "a" }]), frame({ promptFeedback: { blockReason: "SAFETY" } })]);
  assert.deepEqual(events.slice(1), [{ type: "finish", reason: "content-filter", raw: "SAFETY" }]);
  const late = said([chunk([{ text: "a" }], "STOP"), frame({ promptFeedback: { blockReason: "SAFETY" } })]);
  assert.deepEqual(finishOf(late), [{ type: "finish", reason: "stop", raw: "STOP" }]);
});

Deno.test("G5 what leaked of a malformed call is neither text nor a call, and its frame is not relayed", () => {
  const frames = [chunk([{ text: "print(default_api.f(" }, call("f")], "MALFORMED_FUNCTION_CALL")];
  assert.deepEqual(said(frames), [{ type: "finish", reason: "malformed", raw: "MALFORMED_FUNCTION_CALL" }]);
  assert.equal(beats(frames)[0]?.raw, undefined);
  assert.equal(judge(foldEvents(said(frames))), "malformed");
});

Deno.test("U4 counts are cumulative: the last one counts, and a count that is left out stays", () => {
  const frames = [
    chunk([{ text: "a" }], undefined, { usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 1 } }),
    chunk([{ text: "b" }], undefined, { usageMetadata: { promptTokenCount: 6, candidatesTokenCount: 3 } }),
    chunk([{ text: "c" }], "STOP", { usageMetadata: { promptTokenCount: 6, thoughtsTokenCount: 4 } }),
  ];
  assert.deepEqual(foldEvents(said(frames)).usage, { input: 6, output: 7, reasoning: 4 });
});

Deno.test("U5 thoughts count in the output and by themselves", () => {
  const events = said([chunk([{ text: "a" }], "STOP", { usageMetadata: USAGE })]);
  assert.deepEqual(events.at(-1), { type: "usage", usage: { input: 5, output: 9, reasoning: 7 } });
});

Deno.test("U6 the counts of a chunk that has content too are read, and its content once", () => {
  const reply = foldEvents(said([chunk([{ text: "a" }], "STOP", { usageMetadata: USAGE })]));
  assert.deepEqual(reply.choices[0]?.parts, [{ type: "text", text: "a" }]);
  assert.equal(reply.usage?.input, 5);
});

Deno.test("O15 what comes after a candidate's end is dropped, and not relayed", () => {
  const frames = [chunk([{ text: "a" }], "STOP"), chunk([{ text: "b" }], "STOP")];
  assert.deepEqual(foldEvents(said(frames)).choices[0]?.parts, [{ type: "text", text: "a" }]);
  assert.equal(finishOf(said(frames)).length, 1);
  assert.equal(beats(frames)[1]?.raw, undefined);
});

Deno.test("V7 another gateway's keep-alive is heard by nobody, wherever it comes", () => {
  const ping = frame({ candidates: [{ content: { parts: [{ text: "", thought: true }], role: "model" }, index: 0 }] });
  const all = beats([ping, chunk([{ text: "a" }], "STOP"), ping]);
  assert.deepEqual([all[0], all[2]], [{ events: [] }, { events: [] }]);
  assert.deepEqual(all[1]?.events[0], { type: "start", id: "rid", model: "gemini-2.5-flash" });
});

Deno.test("F8 a relay's [DONE] is the end, even without a finish before it", () => {
  const all = beats([chunk([{ text: "a" }]), frame("[DONE]"), chunk([{ text: "b" }])]);
  assert.deepEqual(all.at(-1), { events: [{ type: "finish", reason: "stop" }], last: true });
});

Deno.test("F11 a stream that ends before its finish was cut off", () => {
  for (const frames of [[], [chunk([{ text: "a" }])], [frame({ usageMetadata: USAGE })]]) {
    const last = eventsOf(beats(frames)).at(-1);
    assert.equal(last?.type === "error" && last.error.kind, "upstream-cut");
  }
});

Deno.test("an answer of two candidates is complete when both have ended", () => {
  const two = {
    candidates: [{ content: { parts: [{ text: "a" }] }, finishReason: "STOP" }, {
      content: { parts: [{ text: "b" }] },
    }],
  };
  const last = eventsOf(beats([frame(two)])).at(-1);
  assert.equal(last?.type === "error" && last.error.kind, "upstream-cut");
});

Deno.test("F17 content and then an error are told in this order, and the error ends the stream", () => {
  const error = { code: 429, message: "Slow down, key sk-123", status: "RESOURCE_EXHAUSTED" };
  const all = beats([chunk([{ text: "a" }]), frame({ error }), chunk([{ text: "b" }])]);
  assert.equal(all.length, 2);
  const [event] = all[1]!.events;
  assert.ok(event?.type === "error" && all[1]?.last);
  assert.equal(event.error.kind, "rate-limit");
  assert.doesNotMatch(event.error.message, /sk-123/);
  assert.match(event.error.detail ?? "", /sk-123/);
});

Deno.test("F13 an image of megabytes is read whole", () => {
  const data = "A".repeat(8_000_000);
  const events = said([chunk([{ inlineData: { mimeType: "image/png", data } }], "STOP")]);
  assert.deepEqual(events[0], { type: "media", mediaType: "image/png", data });
});

Deno.test("a frame that is no JSON object is a failure of the upstream", () => {
  for (const data of ["<html>", "{", "[1]", "null", '"text"', "7"]) {
    const event = eventsOf(beats([frame(data)])).at(-1);
    assert.equal(event?.type === "error" && event.error.kind, "upstream-malformed", data);
  }
});

Deno.test("a word for the finish that nobody knows is other, and the unspecified one is none", () => {
  assert.deepEqual(finishOf(said([chunk([{ text: "a" }], "NEW_REASON")])), [
    { type: "finish", reason: "other", raw: "NEW_REASON" },
  ]);
  const going = said([chunk([{ text: "a" }], "FINISH_REASON_UNSPECIFIED"), chunk([{ text: "b" }], "STOP")]);
  assert.deepEqual(foldEvents(going).choices[0], {
    parts: [{ type: "text", text: "ab" }],
    finish: { reason: "stop", raw: "STOP" },
  });
});

Deno.test("a candidate without parts is relayed with an empty text, and all else as it was", () => {
  const bare = {
    candidates: [{ finishReason: "STOP", index: 0, groundingMetadata: { webSearchQueries: ["x"] } }],
    other: 1,
  };
  const [beat] = beats([frame(bare)]);
  const content = { role: "model", parts: [{ text: "" }] };
  assert.deepEqual(JSON.parse(beat!.raw!.slice("data: ".length)), {
    candidates: [{ ...bare.candidates[0], content }],
    other: 1,
  });
});

Deno.test("data of several lines is relayed in one, as clients do not join them", () => {
  const text = JSON.stringify(JSON.parse(chunk([{ text: "a" }], "STOP").slice(6)), null, 1);
  const [beat] = readStream(gemini, text.split("\n").map((line) => `data: ${line}\n`).join("") + "\n");
  assert.match(beat?.raw ?? "", /^data: [^\n]+\n\n$/);
  assert.deepEqual(beat?.events[1], { type: "text", text: "a" });
});

Deno.test("a part that says nothing is no part of an answer, but for its signature", () => {
  const parts = [
    ...[{}, { thought: true }, { functionCall: { name: "" } }],
    ...[{ inlineData: {} }, { inlineData: { data: "AAAA" } }, { inlineData: { mimeType: "image/png" } }],
    { thoughtSignature: "AbC=" },
  ];
  const events = said([chunk(parts as JsonObject[], "STOP")]).filter(({ type }) =>
    type !== "start" && type !== "finish"
  );
  assert.deepEqual(events, [{ type: "reasoning", text: "", signature: "gemini:AbC=" }]);
});

Deno.test("what Python's readers take for the end of a line is relayed escaped", () => {
  const [beat] = beats([chunk([{ text: "a\u2028b\u0085" }], "STOP")]);
  assert.match(beat?.raw ?? "", /"a\\u2028b\\u0085"/);
});

Deno.test("counts alone are not relayed, as clients forget a turn without candidates", () => {
  const [, counts] = beats([chunk([{ text: "a" }], "STOP"), frame({ usageMetadata: USAGE })]);
  assert.deepEqual(counts, { events: [{ type: "usage", usage: { input: 5, output: 9, reasoning: 7 } }] });
});

Deno.test("probabilities come in OpenAI's words", () => {
  const logprobsResult = {
    chosenCandidates: [{ token: "a", tokenId: 7, logProbability: -0.5 }],
    topCandidates: [{ candidates: [{ token: "a", logProbability: -0.5 }, { token: "b", logProbability: -1 }] }],
  };
  const candidates = [{ content: { parts: [{ text: "a" }], role: "model" }, logprobsResult, finishReason: "STOP" }];
  assert.deepEqual(said([frame({ candidates })])[1], {
    type: "logprobs",
    content: [{
      token: "a",
      logprob: -0.5,
      bytes: null,
      top_logprobs: [{ token: "a", logprob: -0.5, bytes: null }, { token: "b", logprob: -1, bytes: null }],
    }],
  });
});

Deno.test("sources that are told in each chunk are told once", () => {
  const groundingMetadata = { groundingChunks: [{ web: { uri: "https://a.example", title: "A" } }] };
  const one = (text: string, finishReason?: string) =>
    frame({
      candidates: [{
        content: { parts: [{ text }], role: "model" },
        groundingMetadata: {
          ...groundingMetadata,
          groundingSupports: [{ segment: { endIndex: 1 }, groundingChunkIndices: [0] }],
        },
        finishReason,
      }],
    });
  const notes = said([one("a"), one("b", "STOP")]).filter(({ type }) => type === "annotation");
  assert.equal(notes.length, 1);
});

Deno.test("a passage is where its words are, as offsets count from a part that is not named", () => {
  const placesOf = (segment: Record<string, Json>) => {
    const groundingMetadata = {
      groundingChunks: [{ web: { uri: "https://a.example", title: "A" } }],
      groundingSupports: [{ segment, groundingChunkIndices: [0] }],
    };
    const content = { parts: [{ text: "Let me see: é. " }, { text: "Cats purr. Cats sleep." }], role: "model" };
    const events = said([frame({ candidates: [{ content, groundingMetadata, finishReason: "STOP" }] })]);
    return events.flatMap((event) => event.type === "annotation" ? [event.annotation.url_citation] : [])
      .map((cited) => isObject(cited) ? [cited.start_index, cited.end_index] : []);
  };
  const places: [Record<string, Json>, [number, number]][] = [
    [{ partIndex: 1, startIndex: 0, endIndex: 10, text: "Cats purr." }, [15, 25]],
    [{ startIndex: 11, endIndex: 22, text: "Cats sleep." }, [26, 37]],
    [{ startIndex: 27, endIndex: 38, text: "Cats sleep." }, [26, 37]],
    [{ startIndex: 30, endIndex: 40, text: "Let me" }, [0, 6]],
    [{ startIndex: 0, endIndex: 6, text: "rewritten" }, [0, 6]],
    [{ startIndex: 12, endIndex: 15 }, [12, 14]],
  ];
  for (const [segment, place] of places) assert.deepEqual(placesOf(segment), [place], JSON.stringify(segment));
});

Deno.test("an empty frame says nothing, and nothing is heard after the last word", () => {
  const parser = gemini.eventParser({});
  assert.deepEqual(parser.push({ data: " " }), { events: [] });
  assert.equal(parser.push({ data: "{" }).last, true);
  assert.deepEqual(parser.push({ data: chunk([{ text: "a" }], "STOP").slice(6) }), { events: [], last: true });
  assert.deepEqual(parser.end(), []);
});

Deno.test("the time of an answer is told in seconds", () => {
  const [beat] = beats([chunk([{ text: "a" }], "STOP", { createTime: "2026-11-21T02:00:00.5Z" })]);
  assert.deepEqual(beat?.events[0], { type: "start", id: "rid", model: "gemini-2.5-flash", created: 1_795_226_400 });
});

Deno.test("random JSON and random bytes never make the parser throw", () => {
  const parser = () => gemini.eventParser({});
  fc.assert(fc.property(fc.array(fc.json()), (frames) => {
    const one = parser();
    for (const data of frames) one.push({ data });
    one.end();
  }));
  const key = fc.constantFrom(
    "candidates",
    "content",
    "parts",
    "text",
    "functionCall",
    "name",
    "args",
    "usageMetadata",
    "finishReason",
    "index",
    "promptFeedback",
    "blockReason",
    "thought",
    "groundingMetadata",
    "groundingChunks",
    "groundingSupports",
    "segment",
    "logprobsResult",
    "error",
    "details",
    "inlineData",
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: "medium" },
      fc.constantFrom<unknown>("STOP", "", 0, -1, 1.5, null, true),
      tie("object"),
      fc.array(tie("tree"), { maxLength: 3 }),
    ),
    object: fc.dictionary(key, tie("tree"), { maxKeys: 4 }),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      const one = parser();
      one.push({ data: JSON.stringify(value) });
      one.end();
      gemini.parseResponse(value, JSON.stringify(value), {});
      gemini.parseError(400, value);
    }),
    { numRuns: 500 },
  );
});
