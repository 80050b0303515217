import assert from "node:assert/strict";
import type { Json, JsonObject } from "../../../chat/json.ts";
import type { ChatRequest, Message } from "../../../chat/request.ts";
import { bodyValues, PLACEHOLDERS } from "../../../providers/polling/body_values.ts";
import { assistant, sampleRequest, system, toolResult, user } from "../../chat/sample_request.ts";

const FULL = Object.fromEntries(PLACEHOLDERS.map((name) => [name, `{{${name}}}`]));
const MESSAGES = { messages: "{{messages}}" };

function valuesOf(request: Partial<ChatRequest>, template: JsonObject = FULL) {
  return bodyValues(sampleRequest(request), template);
}

Deno.test("bodyValues() has a value for every placeholder, and loses nothing to a body that has them all", () => {
  const request: Partial<ChatRequest> = {
    model: "big-model",
    messages: [system("Be brief."), user("Hi")],
    maxTokens: 9,
    temperature: 0,
    topP: 0.5,
    topK: 3,
    minP: 0.1,
    presencePenalty: 1,
    frequencyPenalty: -1,
    repetitionPenalty: 1.1,
    seed: 0,
    stop: ["END"],
    reasoning: { budget: 4000 },
    user: "u-1",
    // What these ask for is what a task gives anyway.
    n: 1,
    output: { type: "text" },
    toolChoice: { mode: "auto" },
  };
  const { values, lost } = valuesOf(request);
  const expected: Record<(typeof PLACEHOLDERS)[number], Json> = {
    model: "big-model",
    messages: [{ role: "user", content: "Hi" }],
    prompt: "Hi",
    system: "Be brief.",
    max_tokens: 9,
    temperature: 0,
    top_p: 0.5,
    top_k: 3,
    min_p: 0.1,
    presence_penalty: 1,
    frequency_penalty: -1,
    repetition_penalty: 1.1,
    seed: 0,
    stop: ["END"],
    reasoning_effort: "low",
    user: "u-1",
  };
  assert.deepEqual(values, expected);
  assert.deepEqual(lost, []);
});

Deno.test("bodyValues() leaves what the request does not say without a value", () => {
  const { values } = valuesOf({ messages: [user("Hi")] });
  const said = Object.entries(values).filter(([, value]) => value !== undefined).map(([name]) => name);
  assert.deepEqual(said, ["model", "messages", "prompt"]);
});

Deno.test("instructions stand with the messages and in the prompt, unless the body has a place for them", () => {
  const messages: Message[] = [
    system("Be brief."),
    { role: "developer", parts: [{ type: "text", text: "Be kind." }] },
    user("Hi"),
  ];
  const { values } = valuesOf({ messages }, { m: MESSAGES });
  assert.deepEqual(values.messages, [
    { role: "system", content: "Be brief." },
    { role: "system", content: "Be kind." },
    { role: "user", content: "Hi" },
  ]);
  assert.equal(values.prompt, "System: Be brief.\n\nSystem: Be kind.\n\nUser: Hi");
  const apart = valuesOf({ messages }, { prompt: "{{prompt}}", options: { system: "{{system}}" } }).values;
  assert.deepEqual([apart.system, apart.prompt], ["Be brief.\n\nBe kind.", "Hi"]);
});

Deno.test("a prompt names its speakers where there are several", () => {
  const dialogue = [user("Hi"), assistant({ type: "text", text: "Hello!" }), user("How are you?")];
  assert.equal(valuesOf({ messages: dialogue }).values.prompt, "User: Hi\n\nAssistant: Hello!\n\nUser: How are you?");
  assert.equal(valuesOf({ messages: [user("One."), user("Two.")] }).values.prompt, "One.\n\nTwo.");
});

Deno.test("of a message its texts are given, each other part is lost by its path", () => {
  const image = { kind: "url" as const, url: "https://host/a.png" };
  const { values, lost } = valuesOf({
    messages: [
      {
        role: "user",
        name: "Ann",
        parts: [
          { type: "text", text: "See" },
          { type: "image", source: image },
          { type: "file", source: { kind: "text", text: "the file" } },
          { type: "file", source: image },
          { type: "audio", data: "", format: "wav" },
          { type: "video", source: image },
          { type: "opaque", dialect: "anthropic", value: {} },
        ],
      },
      assistant(
        { type: "reasoning", text: "Hm" },
        { type: "redacted-reasoning", data: "x" },
        { type: "text", text: "I s" },
        { type: "refusal", text: "ee" },
        { type: "tool-call", id: "1", name: "look", json: "{}" },
      ),
      toolResult("1", "a cat"),
      { role: "user", parts: [{ type: "image", source: image }] },
    ],
  }, MESSAGES);
  assert.deepEqual(values.messages, [
    { role: "user", content: "See\n\nthe file" },
    { role: "assistant", content: "I see" },
  ]);
  assert.deepEqual(lost.map(({ path }) => path), [
    "messages[0].content[1]",
    "messages[0].content[3]",
    "messages[0].content[4]",
    "messages[0].content[5]",
    "messages[0].content[6]",
    "messages[0].name",
    "messages[1].content[0]",
    "messages[1].content[1]",
    "messages[1].content[4]",
    "messages[2]",
    "messages[3].content[0]",
  ]);
});

const LOSSES: [lost: string, request: Partial<ChatRequest>][] = [
  ["tools", { tools: [{ type: "function", name: "f" }], toolChoice: { mode: "auto" } }],
  ["maxTokens", { maxTokens: 5 }],
  ["temperature", { temperature: 0 }],
  ["topP", { topP: 1 }],
  ["topK", { topK: 1 }],
  ["minP", { minP: 1 }],
  ["presencePenalty", { presencePenalty: 1 }],
  ["frequencyPenalty", { frequencyPenalty: 1 }],
  ["repetitionPenalty", { repetitionPenalty: 1 }],
  ["seed", { seed: 1 }],
  ["stop", { stop: ["x"] }],
  ["logprobs", { logprobs: true, topLogprobs: 3 }],
  ["logitBias", { logitBias: {} }],
  ["reasoning", { reasoning: { effort: "low" } }],
  ["verbosity", { verbosity: "low" }],
  ["user", { user: "u" }],
  ["metadata", { metadata: {} }],
  ["serviceTier", { serviceTier: "flex" }],
  ["cacheKey", { cacheKey: "k" }],
  ["n", { n: 2 }],
  ["output", { output: { type: "json" } }],
  ["vendor_field", { extra: { vendor_field: 1 } }],
];

for (const [lost, request] of LOSSES) {
  Deno.test(`R11 ${lost} is told as lost where the body has no place for it`, () => {
    assert.deepEqual(valuesOf(request, MESSAGES).lost.map(({ path }) => path), [lost]);
  });
}
