/** That every part of a request and of an answer counts, and roughly how much. */

import { deepEqual, equal, ok } from "node:assert/strict";
import { estimateInput, estimateOutput, estimateUsage, usageSoFar } from "../../chat/estimate_usage.ts";
import type { Reply, ReplyPart } from "../../chat/reply.ts";
import type { ChatRequest, Message, Tool, UserPart } from "../../chat/request.ts";
import { assistant, sampleRequest, system, toolResult, user } from "./sample_request.ts";

function reply(...parts: ReplyPart[]): Reply {
  return { id: "1", model: "m", choices: [{ parts }] };
}

Deno.test("U5 O6 thoughts count in the output and by themselves, and the counts are marked as estimated", () => {
  const usage = estimateUsage(
    sampleRequest(),
    reply({ type: "reasoning", text: "one two three" }, { type: "text", text: "four five" }),
  );
  deepEqual(usage, { input: estimateInput(sampleRequest()), output: 5, reasoning: 3, estimated: true });
  equal("reasoning" in estimateUsage(sampleRequest(), reply({ type: "text", text: "four" })), false);
});

Deno.test("U5 of a long answer no more is counted as thoughts than as the whole, whichever samples are looked at", () => {
  for (let words = 2_000; words < 2_040; words++) {
    const thought = Array.from({ length: words }, (_, at) => at % 7 === 0 ? `${at * 7919}` : "word").join(" ");
    const parts: ReplyPart[] = [{ type: "reasoning", text: thought }, { type: "text", text: "a. ".repeat(words % 40) }];
    const { reasoning = 0, output } = estimateUsage(sampleRequest(), reply(...parts));
    ok(reasoning <= output, `${reasoning} of ${output} for ${words} words`);
  }
});

Deno.test("U8 counts in the head of an answer that broke off are those of its first token", () => {
  const told = { input: 9, cached: 3, output: 1 };
  const broken: Reply = { ...reply({ type: "text", text: "one two three" }), usage: told };
  deepEqual(usageSoFar(sampleRequest(), broken), { ...told, output: 3, estimated: true });
  deepEqual(usageSoFar(sampleRequest(), { ...broken, usage: { ...told, output: 20 } }), { ...told, output: 20 });
  const whole: Reply = {
    ...broken,
    choices: broken.choices.map((choice) => ({ ...choice, finish: { reason: "stop" } })),
  };
  deepEqual(usageSoFar(sampleRequest(), whole), told, "the upstream knows better once it has ended");
});

Deno.test("an answer of nothing costs nothing, one of any text at least one token", () => {
  equal(estimateOutput(reply()), 0);
  equal(estimateOutput(reply({ type: "text", text: " \t" })), 1);
  equal(estimateOutput(reply({ type: "refusal", text: "." })), 1);
});

Deno.test("text in scripts without spaces is not taken for one word", () => {
  ok(estimateOutput(reply({ type: "text", text: "今天天气很好，我们去公园散步吧" })) >= 10);
});

Deno.test("every choice counts", () => {
  const choice = { parts: [{ type: "text" as const, text: "four five" }] };
  equal(estimateOutput({ id: "1", model: "m", choices: [choice, choice, choice] }), 6);
});

const long = "word ".repeat(500);
const inputs: Record<string, Partial<ChatRequest>> = {
  "instructions": { messages: [system(long)] },
  "a user's text": { messages: [user(long)] },
  "a thought": { messages: [assistant({ type: "reasoning", text: long })] },
  "an encrypted thought": { messages: [assistant({ type: "redacted-reasoning", data: long })] },
  "a call": { messages: [assistant({ type: "tool-call", id: "a", name: "f", json: JSON.stringify({ long }) })] },
  "a tool's result": { messages: [toolResult("a", long)] },
  "a function": { tools: [{ type: "function", name: "f", description: long }] },
  "a function's parameters": { tools: [{ type: "function", name: "f", parameters: { description: long } }] },
  "a tool with free input": { tools: [{ type: "custom", name: "f", description: long }] },
  "the grammar of a free input": { tools: [{ type: "custom", name: "f", format: { grammar: long } }] },
  "a vendor's tool": { tools: [{ type: "server", dialect: "anthropic", kind: "other", value: { long } }] },
  "the answer's schema": { output: { type: "schema", schema: { description: long } } },
};
const base64 = { kind: "base64", mediaType: "x/y", data: "A".repeat(1_000_000) } as const;
const media: Record<string, UserPart> = {
  "a picture": { type: "image", source: base64 },
  "a picture's address": { type: "image", source: { kind: "url", url: "https://example.com/a.png" } },
  "a file": { type: "file", source: base64 },
  "a file of plain text": { type: "file", source: { kind: "text", text: long } },
  "sound": { type: "audio", data: base64.data, format: "wav" },
  "film": { type: "video", source: base64 },
  "what only its dialect can say": { type: "opaque", dialect: "gemini", value: { long } },
};
for (const [name, part] of Object.entries(media)) inputs[name] = { messages: [{ role: "user", parts: [part] }] };
for (const [name, changes] of Object.entries(inputs)) {
  Deno.test(`Q2 ${name} counts in the input, and not by the bytes of its encoding`, () => {
    const tokens = estimateInput(sampleRequest(changes));
    ok(tokens >= 450 && tokens < 3000, `${tokens}`);
  });
}

Deno.test("Q2 a counter of texts that is handed in counts all texts, and media cost what they cost", () => {
  const messages: Message[] = [system("abc"), user("de"), { role: "user", parts: [media["a picture"]!] }];
  const tools: Tool[] = [{ type: "function", name: "f", parameters: {} }];
  const counted: string[] = [];
  const countText = (text: string) => {
    counted.push(text);
    return text.length;
  };
  const request = sampleRequest({ messages, tools });
  equal(estimateInput(request, { countText }), 3 + (3 + 3) + (3 + 2) + (3 + 800) + (1 + 2));
  deepEqual(counted.filter((text) => text !== "").sort(), ["abc", "de", "f", "{}"]);
});

Deno.test("Q2 an empty conversation still costs its frame, and every message adds to it", () => {
  const count = (...messages: Message[]) => estimateInput(sampleRequest({ messages }));
  ok(count() > 1);
  ok(count(user("")) > count());
  ok(count(user("Hi"), user("Hi")) > count(user("HiHi")));
});

Deno.test("a picture in the answer costs the same however it is encoded", () => {
  const picture = (data: string) => estimateOutput(reply({ type: "media", mediaType: "image/png", data }));
  equal(picture("AA=="), picture(base64.data));
  ok(picture("AA==") > 100);
});
