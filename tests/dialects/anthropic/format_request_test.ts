/** Tests of the body that an upstream is sent. */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { Json, JsonObject } from "../../../chat/json.ts";
import type { ModelFacts } from "../../../chat/model.ts";
import {
  alterRequest,
  type AssistantPart,
  type ChatRequest,
  type Message,
  type Tool,
  type ToolChoice,
  type UserPart,
} from "../../../chat/request.ts";
import { anthropic } from "../../../dialects/anthropic/mod.ts";
import { bodyOf, foreignRequest, request, TARGET } from "./support.ts";

const textPart = (text: string) => ({ type: "text" as const, text });
const user = (...parts: UserPart[]): Message => ({ role: "user", parts });
const assistant = (...parts: AssistantPart[]): Message => ({ role: "assistant", parts });
const system = (text: string): Message => ({ role: "system", parts: [textPart(text)] });
const callPart = (id: string, json = "{}") => ({ type: "tool-call" as const, id, name: "f", json });
const result = (callId: string, text = "done"): Message => ({ role: "tool", callId, parts: [textPart(text)] });
const HI = user(textPart("Hi"));
const TOOL: Tool = { type: "function", name: "f", parameters: { type: "object" } };

function write(more: Partial<ChatRequest>, facts: ModelFacts = {}, model = "claude-test") {
  const { body, lost } = anthropic.formatRequest(foreignRequest(more), { ...TARGET, model, facts });
  return { body, lost: lost.map(({ path }) => path) };
}

/** The turns of a history, as role and content. */
function turns(...messages: Message[]): Json[] {
  const { body } = write({ messages });
  return body.messages as Json[];
}

Deno.test("formatRequest() writes what every upstream wants to see", () => {
  assert.deepEqual(write({}).body, {
    model: "claude-test",
    max_tokens: 4096,
    messages: [{ role: "user", content: [{ type: "text", text: "Hi" }] }],
    stream: true,
  });
  const { body } = anthropic.formatRequest(foreignRequest(), { ...TARGET, stream: false });
  assert.ok(!("stream" in body));
});

Deno.test("R3 the limit is the client's, the model's, or a small one", () => {
  assert.equal(write({ maxTokens: 50 }).body.max_tokens, 50);
  assert.equal(write({}, { maxOutput: 8192 }).body.max_tokens, 8192);
  assert.equal(write({ maxTokens: 9999 }, { maxOutput: 8192 }).body.max_tokens, 8192);
});

Deno.test("R4 temperature is clamped, goes without top_p, and not with thinking", () => {
  assert.deepEqual(sampling({ temperature: 1.7 }), [{ temperature: 1 }, ["temperature"]]);
  assert.deepEqual(sampling({ temperature: 0.5, topP: 0.9 }), [{ temperature: 0.5 }, ["topP"]]);
  assert.deepEqual(sampling({ topP: 0.9, topK: 4 }), [{ top_p: 0.9, top_k: 4 }, []]);
  const all = { temperature: 0.5, topP: 0.9, topK: 4, reasoning: { effort: "low" as const } };
  assert.deepEqual(sampling(all), [{}, ["temperature", "topP", "topK"]]);
});

function sampling(more: Partial<ChatRequest>) {
  const { body, lost } = write(more);
  const names = ["temperature", "top_p", "top_k"].filter((name) => name in body);
  return [Object.fromEntries(names.map((name) => [name, body[name]])), lost];
}

Deno.test("R5 stop strings, but for those of white space", () => {
  const { body, lost } = write({ stop: ["END", " \n", ""] });
  assert.deepEqual(body.stop_sequences, ["END"]);
  assert.deepEqual(lost, ["stop"]);
  assert.ok(!("stop_sequences" in write({ stop: ["\n"] }).body));
});

Deno.test("R6 leading instructions are one system, in order", () => {
  const developer: Message = { role: "developer", parts: [textPart("b")] };
  const { body } = write({ messages: [system("a"), developer, HI] });
  assert.deepEqual(body.system, [textPart("a"), textPart("b")]);
});

Deno.test("instructions alone are the question", () => {
  const { body } = write({ messages: [system("a")] });
  assert.deepEqual(body.messages, [{ role: "user", content: [textPart("a")] }]);
  assert.ok(!("system" in body));
});

Deno.test("Q7 instructions amid the conversation are a tagged text of the user, never the assistant's", () => {
  assert.deepEqual(turns(HI, assistant(textPart("a")), system("b")), [
    { role: "user", content: [textPart("Hi")] },
    { role: "assistant", content: [textPart("a")] },
    { role: "user", content: [textPart("<system-reminder>\nb\n</system-reminder>")] },
  ]);
});

Deno.test("R1 empty texts are left out, and so are turns of nothing else", () => {
  const turn = assistant(textPart(""), callPart("a"));
  assert.deepEqual(turns(user(textPart(" \n")), HI, turn, result("a", "")), [
    { role: "user", content: [textPart("Hi")] },
    { role: "assistant", content: [{ type: "tool_use", id: "a", name: "f", input: {} }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "a" }] },
  ]);
});

Deno.test("T22 a turn that leaves nothing does not part the turns around it", () => {
  assert.equal(turns(HI, assistant({ type: "reasoning", text: "unsigned" }), HI).length, 1);
});

Deno.test("T22, T20 results stand first in the one turn behind their calls, whatever comes between", () => {
  const calls = assistant(callPart("a", '{"x":1}'), callPart("b"));
  assert.deepEqual(turns(HI, calls, result("a"), system("s"), result("b"), user(textPart("go"))).slice(1), [
    {
      role: "assistant",
      content: [
        { type: "tool_use", id: "a", name: "f", input: { x: 1 } },
        { type: "tool_use", id: "b", name: "f", input: {} },
      ],
    },
    {
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "a", content: [textPart("done")] },
        { type: "tool_result", tool_use_id: "b", content: [textPart("done")] },
        textPart("<system-reminder>\ns\n</system-reminder>"),
        textPart("go"),
      ],
    },
  ]);
});

Deno.test("T21, R12 results keep their error flag and their mark", () => {
  const cache = { type: "ephemeral" };
  const [, , turn] = turns(HI, assistant(callPart("a")), { ...result("a"), isError: true, cache } as Message);
  assert.deepEqual(turn, {
    role: "user",
    content: [{
      type: "tool_result",
      tool_use_id: "a",
      content: [textPart("done")],
      is_error: true,
      cache_control: cache,
    }],
  });
});

Deno.test("R12, Q6 marks survive on texts, images, documents, tools and calls", () => {
  const cache = { type: "ephemeral", ttl: "1h", scope: "org" };
  const marked = {
    messages: [
      { role: "system", parts: [{ ...textPart("s"), cache }] },
      user(
        { ...textPart("a"), cache },
        { type: "image", source: { kind: "url", url: "https://example.com/a.png" }, cache },
        { type: "file", source: { kind: "text", text: "t" }, cache },
      ),
      assistant({ ...callPart("c"), cache }),
    ] satisfies Message[],
    tools: [{ ...TOOL, cache }] satisfies Tool[],
  };
  assert.equal(
    JSON.stringify(write(marked).body).split('"cache_control":{"type":"ephemeral","ttl":"1h","scope":"org"}').length,
    7,
  );
});

Deno.test("Q6 Claude caches for clients that have no marks: the instructions, and the conversation up to its last turn", () => {
  const messages: Message[] = [
    { role: "system", parts: [textPart("Be brief.")] },
    ...[HI, assistant(textPart("Hello"), callPart("a")), result("a", "done")],
  ];
  const mark = { type: "ephemeral" };
  const ask = (model: string, quirks = {}) => {
    const request = foreignRequest({ messages });
    const { body } = anthropic.formatRequest(request, { ...TARGET, model, quirks });
    const last = (body.messages as JsonObject[]).at(-1)?.content as JsonObject[];
    return [(body.system as JsonObject[])[0]?.cache_control, last[0]?.cache_control];
  };
  assert.deepEqual(ask("claude-sonnet-5"), [mark, mark]);
  assert.deepEqual(ask("MiniMax-M3"), [undefined, undefined]);
  assert.deepEqual(ask("MiniMax-M3", { cacheMarks: true }), [mark, mark]);
  assert.deepEqual(ask("claude-sonnet-5", { cacheMarks: false }), [undefined, undefined]);
});

Deno.test("T19 an image stays in the result it came with", () => {
  const source = { kind: "base64", mediaType: "image/png", data: "AA" } as const;
  const shown: Message = { role: "tool", callId: "a", parts: [textPart("see"), { type: "image", source }] };
  const [, , turn] = turns(HI, assistant(callPart("a")), shown);
  assert.match(
    JSON.stringify(turn),
    /"tool_result".*"content":\[\{"type":"text".*\{"type":"image","source":\{"type":"base64"/,
  );
});

Deno.test("T14, T15 ids are legal and unique, on the call and on its result", () => {
  const [, first, , second, last] = turns(
    ...[HI, assistant(callPart("fn.f:0")), result("fn.f:0"), assistant(callPart("fn.f:0")), result("fn.f:0")],
  );
  const [one, two] = [idOf(first, "id"), idOf(second, "id")];
  assert.match(one, /^[a-zA-Z0-9_-]+$/);
  assert.match(two, /^[a-zA-Z0-9_-]+$/);
  assert.notEqual(one, two);
  assert.equal(idOf(last, "tool_use_id"), two);
});

function idOf(turn: Json | undefined, name: string): string {
  const found = new RegExp(`"${name}":"([^"]+)"`).exec(JSON.stringify(turn));
  return found?.[1] ?? "";
}

Deno.test("T23 names of tools are legal in definitions, choice and history", () => {
  const name = "a.b/" + "n".repeat(70);
  const { body } = write({
    messages: [HI, assistant({ ...callPart("a"), name }), result("a")],
    tools: [{ type: "function", name }],
    toolChoice: { mode: "tool", name },
  });
  const names = JSON.stringify(body).match(/"name":"[^"]+"/g) ?? [];
  assert.equal(names.length, 3);
  assert.equal(new Set(names).size, 1);
  assert.match(names[0] ?? "", /^"name":"[a-zA-Z0-9_-]{64}"$/);
});

Deno.test("T9 arguments that are no object are kept as text, none are an empty object", () => {
  const [, turn] = turns(
    HI,
    assistant(callPart("a", ""), callPart("b", '{"half":'), callPart("c", "[1]")),
    result("a"),
  );
  assert.match(JSON.stringify(turn), /"input":\{\}.*"input":\{"_raw":"\{\\"half\\":"\}.*"input":\{"_raw":"\[1\]"\}/);
});

Deno.test("who of several speaks is told as lost, as turns have no names", () => {
  const { body, lost } = write({ messages: [{ role: "user", name: "ann", parts: [{ type: "text", text: "Hi" }] }] });
  assert.deepEqual(body.messages, [{ role: "user", content: [{ type: "text", text: "Hi" }] }]);
  assert.deepEqual(lost, ["messages[0].name"]);
});

Deno.test("K7 thoughts without a signature of this vendor are not sent, neither as thoughts nor as text", () => {
  const { body, lost } = write({
    messages: [
      HI,
      assistant(
        { type: "reasoning", text: "secret" },
        { type: "reasoning", text: "secret", signature: "gemini:AbC=" },
        { type: "redacted-reasoning", data: "openai_responses:secret" },
        { type: "reasoning", text: "ours", signature: "EqoB+/=" },
        { type: "redacted-reasoning", data: "EmwK" },
        textPart("answer"),
      ),
      HI,
    ],
  });
  assert.ok(!JSON.stringify(body).includes("secret"));
  assert.deepEqual(lost, ["messages[1].content[0]", "messages[1].content[1]", "messages[1].content[2]"]);
  const [, turn] = body.messages as JsonObject[];
  assert.deepEqual(turn?.content, [
    { type: "thinking", thinking: "ours", signature: "EqoB+/=" },
    { type: "redacted_thinking", data: "EmwK" },
    textPart("answer"),
  ]);
});

Deno.test("K12 an effort is a budget, adaptive thinking or an effort, as the model has it", () => {
  const think = (reasoning: ChatRequest["reasoning"], facts: ModelFacts, more: Partial<ChatRequest> = {}) => {
    const { body, lost } = write({ ...more, ...(reasoning && { reasoning }) }, facts);
    return [body.thinking, body.output_config, body.max_tokens, lost];
  };
  const budget = { thinking: "budget", maxOutput: 64_000 } as const;
  const enabled = (budget_tokens: number) => ({ type: "enabled", budget_tokens });
  assert.deepEqual(think({ effort: "high" }, budget), [enabled(16_384), undefined, 64_000, []]);
  assert.deepEqual(think({ budget: 500 }, budget), [enabled(1024), undefined, 64_000, []]);
  assert.deepEqual(think({ effort: "max" }, budget, { maxTokens: 2000 }), [enabled(1024), undefined, 2000, []]);
  assert.deepEqual(think({ effort: "max" }, budget, { maxTokens: 4000 }), [enabled(2000), undefined, 4000, []]);
  assert.deepEqual(think({ effort: "low" }, budget, { maxTokens: 1024 }), [undefined, undefined, 1024, ["reasoning"]]);
  assert.deepEqual(think({ effort: "low" }, { thinking: "budget" }), [enabled(4096), undefined, 8192, []]);
  assert.deepEqual(think({ budget: -1 }, budget), [enabled(8192), undefined, 64_000, []]);
  assert.deepEqual(think({ effort: "none" }, budget), [{ type: "disabled" }, undefined, 64_000, []]);

  const adaptive = { thinking: "adaptive" } as const;
  const shown = { type: "adaptive", display: "summarized" };
  assert.deepEqual(think({ effort: "xhigh" }, adaptive)?.slice(0, 2), [shown, { effort: "xhigh" }]);
  assert.deepEqual(think({ budget: 5000 }, adaptive)?.slice(0, 2), [shown, { effort: "medium" }]);
  assert.deepEqual(think({ budget: -1, show: false }, adaptive)?.slice(0, 2), [
    ...[{ type: "adaptive", display: "omitted" }, undefined],
  ]);
  assert.deepEqual(think({ budget: 0 }, adaptive)?.[0], { type: "disabled" });

  assert.deepEqual(think({ effort: "minimal" }, { thinking: "effort" })?.slice(0, 2), [undefined, { effort: "low" }]);
  assert.deepEqual(think({ effort: "high" }, { thinking: "none" }), [undefined, undefined, 4096, ["reasoning"]]);
  assert.deepEqual(think({ effort: "none" }, { thinking: "none" }), [undefined, undefined, 4096, []]);
  assert.deepEqual(think(undefined, adaptive)?.slice(0, 2), [undefined, undefined]);
});

Deno.test("K12 a model that cannot be kept from thinking is asked to do as little of it as it can", () => {
  const asked = (model: string, thinking?: ModelFacts["thinking"]) => {
    const { body, lost } = write({ reasoning: { effort: "none" } }, thinking === undefined ? {} : { thinking }, model);
    return [body.thinking, body.output_config, lost];
  };
  const least = [undefined, { effort: "low" }, ["reasoning"]];
  for (const model of ["claude-opus-5-5", "anthropic/claude-opus-5.5", "claude-fable-5-2", "claude-mythos-5-1"]) {
    assert.deepEqual(asked(model), least, model);
  }
  assert.deepEqual(asked("claude-opus-5-5", "adaptive"), least);
  for (const model of ["claude-opus-5", "claude-sonnet-5-5", "claude-haiku-5-5", "claude-opus-4-6"]) {
    assert.deepEqual(asked(model), [{ type: "disabled" }, undefined, []], model);
  }
});

Deno.test("K12 a model the catalogue does not know is asked as its version has it", () => {
  const ways: [model: string, type: string][] = [
    ...[["claude-opus-4-6", "adaptive"], ["claude-sonnet-5", "adaptive"], ["claude-fable-5-2", "adaptive"]],
    ...[["anthropic/claude-opus-4.7", "adaptive"], ["claude-sonnet-4-5-20250929", "enabled"]],
    ...[["claude-opus-4-20250514", "enabled"], ["claude-3-7-sonnet-latest", "enabled"], ["glm-5", "enabled"]],
  ] as [string, string][];
  for (const [model, type] of ways) {
    const { body } = write({ reasoning: { effort: "low" } }, {}, model);
    assert.equal((body.thinking as JsonObject).type, type, model);
  }
});

Deno.test("K12 a model that is made to call a tool does not think", () => {
  const reasoning = { effort: "low" as const };
  const choices: ToolChoice[] = [
    { mode: "required" },
    { mode: "tool", name: "f" },
    { mode: "allowed", names: ["f"], required: true },
  ];
  for (const toolChoice of choices) {
    for (const thinking of ["budget", "adaptive"] as const) {
      const { body, lost } = write({ reasoning, tools: [TOOL], toolChoice }, { thinking });
      assert.ok(!("thinking" in body));
      assert.deepEqual(lost, ["reasoning"]);
    }
  }
  assert.ok("thinking" in write({ reasoning, tools: [TOOL], toolChoice: { mode: "auto" } }).body);
});

Deno.test("K9 amid a run of tools that began without a thought, thinking is disabled for the call", () => {
  const run = [HI, assistant(callPart("a")), result("a")];
  const reasoning = { effort: "low" as const };
  const { body, lost } = write({ reasoning, messages: run }, { thinking: "budget" });
  assert.deepEqual(body.thinking, { type: "disabled" });
  assert.deepEqual(lost, ["reasoning"]);

  const signed = assistant({ type: "reasoning", text: "Hm", signature: "EqoB" }, callPart("a"));
  const enabled = (messages: Message[], thinking: "budget" | "adaptive") =>
    (write({ reasoning, messages }, { thinking }).body.thinking as JsonObject).type;
  assert.equal(enabled([HI, signed, result("a")], "budget"), "enabled");
  assert.equal(enabled([...run, assistant(textPart("done")), HI], "budget"), "enabled");
  assert.equal(enabled(run, "adaptive"), "adaptive");
});

Deno.test("T16 the choice among tools, and none without tools", () => {
  const choose = (toolChoice: ToolChoice | undefined, parallelToolCalls?: boolean) =>
    write({
      ...{ tools: [TOOL, { type: "function", name: "g" }] },
      ...(toolChoice && { toolChoice }),
      ...(parallelToolCalls !== undefined && { parallelToolCalls }),
    }).body;
  assert.deepEqual(choose({ mode: "required" }).tool_choice, { type: "any" });
  assert.deepEqual(choose({ mode: "none" }, false).tool_choice, { type: "none" });
  assert.deepEqual(choose({ mode: "tool", name: "f" }, false).tool_choice, {
    ...{ type: "tool", name: "f", disable_parallel_tool_use: true },
  });
  assert.deepEqual(choose(undefined, false).tool_choice, { type: "auto", disable_parallel_tool_use: true });
  assert.equal(choose(undefined, true).tool_choice, undefined);
  const allowed = choose({ mode: "allowed", names: ["g"], required: true });
  assert.deepEqual(allowed.tool_choice, { type: "any" });
  assert.deepEqual((allowed.tools as JsonObject[]).map(({ name }) => name), ["g"]);
  assert.ok(!("tool_choice" in write({ toolChoice: { mode: "required" }, tools: [] }).body));
});

Deno.test("T18 tools that run at another vendor are replaced by the like, or named as lost", () => {
  const server = (kind: "web-search" | "other", dialect: "gemini" | "anthropic"): Tool => ({
    ...{ type: "server", dialect, kind, value: { type: "x" } },
  });
  const { body, lost } = write({
    tools: [server("web-search", "gemini"), server("other", "gemini"), server("other", "anthropic")],
  });
  assert.deepEqual(body.tools, [{ type: "web_search_20250305", name: "web_search" }, { type: "x" }]);
  assert.deepEqual(lost, ["tools[1]"]);
});

Deno.test("T24 definitions of tools", () => {
  const { body, lost } = write({
    tools: [
      { type: "function", name: "f", description: "F", parameters: { properties: { a: {} } }, strict: true },
      { type: "function", name: "g" },
      { type: "custom", name: "h", description: "H", format: { type: "grammar", syntax: "lark", definition: "x: Y" } },
    ],
  });
  const input = { type: "string", description: "The tool's whole input, as plain text" };
  assert.deepEqual(body.tools, [
    // A strict schema is closed, as the form of an answer is.
    {
      name: "f",
      description: "F",
      input_schema: { type: "object", properties: { a: {} }, additionalProperties: false },
      strict: true,
    },
    { name: "g", input_schema: { type: "object" } },
    {
      name: "h",
      description: "H\n\nThe input is free text that follows this lark grammar:\n\nx: Y",
      input_schema: { type: "object", properties: { input }, required: ["input"] },
    },
  ]);
  assert.deepEqual(lost, ["tools[2]"]);
  const [, turn] = turns(HI, assistant({ ...callPart("a", "print(1)"), custom: true }), result("a"));
  assert.match(JSON.stringify(turn), /"input":\{"input":"print\(1\)"\}/);
});

Deno.test("R7 a schema is closed, and what it cannot say is told in words", () => {
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: {
      age: { type: "integer", minimum: 0, description: "Years" },
      when: { type: "string", format: "date" },
      mail: { type: "string", format: "x-mail" },
      tags: { type: "array", items: { type: "object", properties: {} }, minItems: 1, maxItems: 3 },
      kind: { oneOf: [{ const: "a" }, { $ref: "#/$defs/k" }] },
      both: { allOf: [{ $ref: "#/$defs/k" }, { type: "object" }] },
    },
    required: ["age"],
    additionalProperties: { type: "string" },
    $defs: { k: { type: "object" } },
    definitions: { l: { type: "object" } },
  };
  const { body } = write({ output: { type: "schema", schema } });
  assert.deepEqual(body.output_config, {
    format: {
      type: "json_schema",
      schema: {
        type: "object",
        properties: {
          age: { type: "integer", description: "Years\n\n{minimum: 0}" },
          when: { type: "string", format: "date" },
          mail: { type: "string", description: '{format: "x-mail"}' },
          tags: {
            type: "array",
            items: { type: "object", properties: {}, additionalProperties: false },
            minItems: 1,
            description: "{maxItems: 3}",
          },
          kind: { anyOf: [{ const: "a" }, { $ref: "#/$defs/k" }] },
          both: { allOf: [{ $ref: "#/$defs/k" }, { type: "object", additionalProperties: false }] },
        },
        required: ["age"],
        $defs: { k: { type: "object", additionalProperties: false } },
        definitions: { l: { type: "object", additionalProperties: false } },
        additionalProperties: false,
      },
    },
  });
});

Deno.test("R7 JSON without a schema is asked for in words, and named as lost", () => {
  const { body, lost } = write({ output: { type: "json" }, messages: [system("Be brief."), HI] });
  assert.match(JSON.stringify(body.system), /Be brief.*valid JSON object/);
  assert.deepEqual(lost, ["output"]);
  assert.ok(!("output_config" in write({ output: { type: "text" } }).body));
});

Deno.test("R8 images and documents, and what there is no form for", () => {
  const media = (mediaType: string, data = "AA") => ({ kind: "base64" as const, mediaType, data });
  const parts: UserPart[] = [
    { type: "image", source: media("image/png") },
    { type: "image", source: { kind: "file-id", id: "file-1" } },
    { type: "file", source: media("application/pdf"), filename: "a.pdf" },
    { type: "file", source: media("image/jpeg") },
    { type: "file", source: media("text/csv", btoa("a,b")) },
    { type: "file", source: media("text/csv", "%%%") },
    { type: "file", source: media("application/zip") },
    { type: "file", source: { kind: "url", url: "https://example.com/a.pdf" } },
    { type: "audio", data: "AA", format: "wav" },
    { type: "video", source: { kind: "url", url: "https://example.com/a.mp4" } },
    { type: "opaque", dialect: "gemini", value: {} },
    { type: "opaque", dialect: "anthropic", value: { type: "container_upload" } },
    { type: "image", source: media("Image/WebP") },
    { type: "image", source: media("IMAGE/JPG") },
    { type: "image", source: media("image/tiff") },
  ];
  const { body, lost } = write({ messages: [user(...parts)] });
  const base64 = (media_type: string) => ({ type: "base64", media_type, data: "AA" });
  assert.deepEqual((body.messages as JsonObject[])[0]?.content, [
    { type: "image", source: base64("image/png") },
    { type: "document", source: base64("application/pdf"), title: "a.pdf" },
    { type: "image", source: base64("image/jpeg") },
    { type: "document", source: { type: "text", media_type: "text/plain", data: "a,b" } },
    { type: "document", source: { type: "url", url: "https://example.com/a.pdf" } },
    { type: "container_upload" },
    { type: "image", source: base64("image/webp") },
    { type: "image", source: base64("image/jpeg") },
  ]);
  assert.deepEqual(lost, [1, 5, 6, 8, 9, 10, 14].map((at) => `messages[0].content[${at}]`));
});

Deno.test("a conversation that the assistant began is given a first turn, and its last words no space at the end", () => {
  assert.deepEqual(turns(assistant(textPart("Hello!")), HI, assistant(textPart("It is \n"))), [
    { role: "user", content: [textPart(".")] },
    { role: "assistant", content: [textPart("Hello!")] },
    { role: "user", content: [textPart("Hi")] },
    { role: "assistant", content: [textPart("It is")] },
  ]);
});

Deno.test("E19 a model that takes no answer that was begun is asked to continue it, and that is named as a loss", () => {
  const messages = [HI, assistant(textPart("It is"))];
  for (const model of ["claude-sonnet-4-5-20250929", "claude-3-7-sonnet-latest", "glm-5"]) {
    const { body, lost } = write({ messages }, {}, model);
    assert.deepEqual([(body.messages as JsonObject[]).at(-1)?.role, lost], ["assistant", []], model);
  }
  for (const model of ["claude-opus-4-6", "anthropic/claude-sonnet-4.6", "claude-sonnet-5"]) {
    const { body, lost } = write({ messages }, {}, model);
    const last = { role: "user", content: [textPart("Continue.")] };
    assert.deepEqual([(body.messages as JsonObject[]).at(-1), lost], [last, ["messages"]], model);
    assert.deepEqual(write({ messages: [HI] }, {}, model).lost, []);
  }
});

Deno.test("an assistant's refusal is text, its image is lost", () => {
  const image = { type: "image" as const, source: { kind: "url" as const, url: "https://example.com/a.png" } };
  const { body, lost } = write({ messages: [HI, assistant({ type: "refusal", text: "No" }, image), HI] });
  assert.deepEqual((body.messages as JsonObject[])[1]?.content, [textPart("No")]);
  assert.deepEqual(lost, ["messages[1].content[1]"]);
});

Deno.test("R11 what has no field here is named as lost, fields of other dialects too", () => {
  const { body, lost } = write({
    ...{ minP: 0.1, presencePenalty: 1, frequencyPenalty: 1, repetitionPenalty: 1, seed: 1, n: 2, logprobs: true },
    ...{ topLogprobs: 1, logitBias: {}, verbosity: "low", metadata: {}, cacheKey: "k", user: "u", serviceTier: "flex" },
    extra: { store: true },
  });
  assert.deepEqual(body.metadata, { user_id: "u" });
  assert.deepEqual(lost.sort(), [
    ...["cacheKey", "frequencyPenalty", "logitBias", "logprobs", "metadata", "minP", "n", "presencePenalty"],
    ...["repetitionPenalty", "seed", "serviceTier", "store", "topLogprobs", "verbosity"],
  ]);
  assert.equal(write({ serviceTier: "default" }).body.service_tier, "standard_only");
  assert.deepEqual(write({ n: 1 }).lost, []);
});

// ── A client that speaks this dialect ────────────────────────────────────────────────────────────────────────────────

const OWN = bodyOf({
  ...{
    stream: true,
    context_management: { edits: [] },
    speed: "fast",
    thinking: { type: "adaptive", display: "omitted" },
  },
  system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
  output_config: { effort: "max", note: 1 },
  temperature: 1,
  messages: [{
    role: "user",
    content: [{
      type: "document",
      source: { type: "text", media_type: "text/plain", data: "D" },
      citations: { enabled: true },
      context: "c",
    }],
  }],
});

Deno.test("Q5, R12 a client of this dialect finds its own words, whatever only this dialect can say", () => {
  const { body, lost } = anthropic.formatRequest(request(OWN), TARGET);
  assert.deepEqual(body, { ...OWN, model: "claude-test" });
  assert.deepEqual(lost, []);
});

Deno.test("Q5 what a stage altered is written anew, the rest stays", () => {
  const altered = alterRequest(request(OWN), { maxTokens: 7, messages: [HI] });
  delete altered.temperature;
  delete altered.reasoning;
  const { body } = anthropic.formatRequest(altered, { ...TARGET, stream: false });
  const { temperature: _, thinking: __, output_config: ___, stream: ____, system: _____, ...rest } = OWN;
  assert.deepEqual(body, {
    ...rest,
    ...{ model: "claude-test", max_tokens: 7, messages: [{ role: "user", content: [textPart("Hi")] }] },
  });
});

Deno.test("R3 a client of this dialect that left the limit out is given one", () => {
  const { max_tokens: _, ...body } = bodyOf();
  assert.equal(anthropic.formatRequest(request({ ...body, max_tokens: null }), TARGET).body.max_tokens, 4096);
});

Deno.test("K7, K9 thoughts that others signed are taken out of a client's own words", () => {
  const content = (signature: string) => [
    { type: "thinking", thinking: "Hm", signature },
    { type: "tool_use", id: "a", name: "f", input: {} },
  ];
  const own = (signature: string) =>
    request({
      thinking: { type: "enabled", budget_tokens: 2000 },
      messages: [
        { role: "user", content: "Hi" },
        { role: "assistant", content: content(signature) },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "a", content: "1" }] },
      ],
    });
  const { body, lost } = anthropic.formatRequest(own(""), TARGET);
  assert.ok(!JSON.stringify(body).includes("Hm"));
  assert.deepEqual(body.thinking, { type: "disabled" });
  assert.deepEqual(lost.map(({ path }) => path), ["messages[1].content", "reasoning"]);
  const sound = anthropic.formatRequest(own("EqoB"), TARGET);
  assert.deepEqual(sound.body.thinking, { type: "enabled", budget_tokens: 2000 });
  assert.deepEqual(sound.lost, []);
});

Deno.test("Q7 a client of this dialect may have system turns", () => {
  const own = request({ messages: [{ role: "user", content: "a" }, { role: "system", content: "b" }] });
  const altered = alterRequest(own, { messages: [...own.messages, HI] });
  const { body } = anthropic.formatRequest(altered, TARGET);
  assert.deepEqual((body.messages as JsonObject[]).map(({ role }) => role), ["user", "system", "user"]);
});

// ── Relay ────────────────────────────────────────────────────────────────────────────────────────────────────────────

function relay(text: string, stream = true): string {
  return anthropic.relayRequest(text, anthropic.parseRequest(JSON.parse(text), { text }), { ...TARGET, stream });
}

Deno.test("R10 a relayed body differs in its model and stream alone", () => {
  const rest = '"messages": [{"role":"user","content":"Hi \\u00e9"}],\n "max_tokens":1.0e2, "x":[1.50]';
  assert.equal(relay(`{ "model":"a", ${rest}, "stream":true }`), `{ "model":"claude-test", ${rest}, "stream":true }`);
  assert.equal(
    relay(`{"model":"claude-test", ${rest}, "stream":true}`, false),
    `{"model":"claude-test", ${rest}, "stream":false}`,
  );
  assert.equal(relay(`{"model":"claude-test", ${rest}}`, false), `{"model":"claude-test", ${rest}}`);
  assert.equal(relay(`{"model":"claude-test", ${rest}}`), `{"model":"claude-test", ${rest},"stream":true}`);
});

Deno.test("K7 a relayed history loses the thoughts that others signed, and nothing else", () => {
  const history = (thoughts: string) =>
    '{"model":"claude-test","stream":true,"temperature":0.50,"messages":' +
    `[{"role":"user","content":"Hi"},{"role":"assistant","content":[${thoughts}{"type":"text","text":"a"}]},` +
    '{"role":"assistant","content":"b"},{"role":"user","content":"Go"}]}';
  const signed = '{"type":"thinking","thinking":"Hm","signature":"EqoB"},';
  assert.equal(relay(history(signed)), history(signed));
  assert.equal(relay(history('{"type":"thinking","thinking":"Hm","signature":""},')), history(""));
  assert.equal(relay(history('{"type":"redacted_thinking","data":"gemini:x"},')), history(""));
  const alone = '{"role":"assistant","content":[{"type":"thinking","thinking":"Hm"}]},';
  assert.equal(relay(history("").replace("[{", `[${alone}{`)), history(""));
});

Deno.test("K7 K8 an upstream that signs nothing gets the thoughts of others without their signatures", () => {
  const history = (...thoughts: JsonObject[]) => ({
    messages: [
      { role: "user", content: "Hi" },
      { role: "assistant", content: [...thoughts, { type: "tool_use", id: "a", name: "f", input: {} }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "a", content: "1" }] },
    ],
  });
  const thought = (signature: string) => ({ type: "thinking", thinking: "Hm", signature });
  const sent = (asked: JsonObject, model = "kimi-k2") => {
    const text = JSON.stringify({ model, max_tokens: 9, stream: true, ...asked });
    const request = anthropic.parseRequest(JSON.parse(text), { text });
    const written = anthropic.formatRequest(request, { ...TARGET, model });
    assert.deepEqual(
      JSON.parse(anthropic.relayRequest(text, request, { ...TARGET, model })).messages,
      written.body.messages,
    );
    return { messages: written.body.messages, lost: written.lost.map(({ path }) => path) };
  };
  assert.deepEqual(sent(history(thought("gemini:AbC="))), { ...history(thought("")), lost: [] });
  for (const own of [thought(""), thought("EqoB")]) assert.deepEqual(sent(history(own)), { ...history(own), lost: [] });
  const sealed = { type: "redacted_thinking", data: "openai_responses:x" };
  assert.deepEqual(sent(history(sealed, thought("gemini:AbC="))), {
    ...history(thought("")),
    lost: ["messages[1].content"],
  });
  const empty = { ...thought("gemini:AbC="), thinking: "" };
  assert.deepEqual(sent(history(empty, thought("gemini:AbC="))), {
    ...history(thought("")),
    lost: ["messages[1].content"],
  });
  assert.deepEqual(sent(history(thought("gemini:AbC=")), "claude-opus-5").messages, history().messages);
});

/** What a relayed client asked to think with, as the model gets it. */
function thinkingFor(model: string, asked: JsonObject): JsonObject {
  const text = JSON.stringify({
    model: "asked",
    max_tokens: 20_000,
    messages: [{ role: "user", content: "Hi" }],
    ...asked,
  });
  const request = anthropic.parseRequest(JSON.parse(text), { text });
  const target = { ...TARGET, model, stream: false };
  const { thinking, output_config } = JSON.parse(anthropic.relayRequest(text, request, target));
  const { body } = anthropic.formatRequest(alterRequest(request, { temperature: 1 }), target);
  assert.deepEqual([body.thinking, body.output_config], [thinking, output_config], "as it is written anew");
  return { thinking, output_config };
}

Deno.test("K12 a client of this dialect is asked to think as the model takes it that a route leads to", () => {
  const budget = { thinking: { type: "enabled", budget_tokens: 4096 } };
  const adaptive = {
    thinking: { type: "adaptive" },
    output_config: { effort: "low", format: { type: "json_schema" } },
  };
  const format = { format: { type: "json_schema" } };
  const off = { thinking: { type: "disabled" } };
  const table: [model: string, asked: JsonObject, thinking: unknown, config: unknown][] = [
    ["claude-opus-4-8", budget, { type: "adaptive", display: "summarized" }, { effort: "low" }],
    ["claude-sonnet-5", budget, { type: "adaptive", display: "summarized" }, { effort: "low" }],
    ["claude-sonnet-5", adaptive, adaptive.thinking, adaptive.output_config],
    ["claude-opus-4-6", budget, budget.thinking, undefined],
    ["claude-opus-4-6", adaptive, adaptive.thinking, adaptive.output_config],
    ["claude-opus-4-5", adaptive, { type: "enabled", budget_tokens: 4096 }, adaptive.output_config],
    ["claude-haiku-4-5-20251001", adaptive, { type: "enabled", budget_tokens: 4096 }, format],
    ["claude-haiku-4-5-20251001", budget, budget.thinking, undefined],
    ["claude-haiku-4-5-20251001", { output_config: { effort: "low" } }, undefined, undefined],
    ["claude-sonnet-5-5", off, off.thinking, undefined],
    ["claude-opus-5", off, off.thinking, undefined],
    ["claude-opus-5-5", off, undefined, { effort: "low" }],
    ["claude-opus-5-5", { ...off, output_config: { effort: "medium" } }, undefined, { effort: "medium" }],
    ["glm-5", budget, budget.thinking, undefined],
    ["glm-5", adaptive, adaptive.thinking, adaptive.output_config],
  ];
  for (const [model, asked, thinking, output_config] of table) {
    assert.deepEqual(thinkingFor(model, asked), { thinking, output_config }, `${model} ${JSON.stringify(asked)}`);
  }
});

// ── Round trip ───────────────────────────────────────────────────────────────────────────────────────────────────────

const word = fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/);
const said = fc.string({ minLength: 1 }).filter((text) => text.trim() !== "" && text.trimEnd() === text);
const cache = fc.option(fc.constant({ type: "ephemeral" } as JsonObject), { nil: undefined })
  .map((mark) => mark === undefined ? {} : { cache: mark });
const anyText = fc.tuple(said, cache).map(([text, mark]) => ({ type: "text" as const, text, ...mark }));
const anyImage = fc.tuple(fc.webUrl(), cache).map(([url, mark]) => ({
  ...{ type: "image" as const, source: { kind: "url" as const, url }, ...mark },
}));
const anyUser = fc.array(fc.oneof(anyText, anyImage), { minLength: 1, maxLength: 3 }).map((parts): Message =>
  user(...parts)
);
const anyThought = fc.tuple(fc.string(), fc.base64String({ minLength: 4 })).map(([text, signature]) => ({
  ...{ type: "reasoning" as const, text, signature },
}));

/** A turn of the assistant with its calls, and the results that follow it. */
function anyExchange(id: number): fc.Arbitrary<Message[]> {
  const calls = fc.array(fc.dictionary(word, fc.jsonValue()), { maxLength: 2 });
  return fc.tuple(fc.option(anyThought), anyText, calls, anyUser).map(([thought, text, calls, next]) => {
    const parts = calls.map((value, at) => callPart(`c${id}_${at}`, JSON.stringify(value)));
    const results = parts.map(({ id }): Message => ({ role: "tool", callId: id, name: "f", parts: [textPart(id)] }));
    return [assistant(...(thought ? [thought] : []), text, ...parts), ...results, next];
  });
}

const anyHistory = fc.tuple(fc.option(anyText), anyUser, anyExchange(1), anyExchange(2)).map(
  ([instruction, ask, one, two]): Message[] => [
    ...(instruction ? [{ role: "system" as const, parts: [instruction] }] : []),
    ...[ask, ...one, ...two],
  ],
);

const anyRequest: fc.Arbitrary<Partial<ChatRequest>> = fc.record({
  messages: anyHistory,
  maxTokens: fc.integer({ min: 1, max: 9999 }),
  stop: fc.array(said, { minLength: 1 }),
  topP: fc.double({ min: 0, max: 1, noNaN: true }),
  topK: fc.nat(),
  user: word,
  tools: fc.constant<Tool[]>([
    {
      ...TOOL,
      parameters: { type: "object", additionalProperties: false },
      description: "F",
      strict: true,
      cache: { type: "ephemeral" },
    },
  ]),
  parallelToolCalls: fc.boolean(),
  toolChoice: fc.constantFrom<ToolChoice>({ mode: "auto" }, { mode: "required" }, { mode: "tool", name: "f" }),
  output: fc.constant<ChatRequest["output"]>({
    type: "schema",
    schema: { type: "object", additionalProperties: false },
  }),
}, { requiredKeys: ["messages", "maxTokens", "tools"] }).map((more) => {
  // Without a choice, to leave several calls allowed is not told.
  if (more.toolChoice !== undefined) return more;
  const { parallelToolCalls: _, ...rest } = more;
  return rest;
}) as fc.Arbitrary<Partial<ChatRequest>>;

Deno.test("a request that is written is read as it was meant, and nothing is lost", () => {
  fc.assert(fc.property(anyRequest, (more) => {
    const asked = foreignRequest({ ...more, model: TARGET.model });
    const { body, lost } = anthropic.formatRequest(asked, TARGET);
    const read = anthropic.parseRequest(JSON.parse(JSON.stringify(body)), { text: "" });
    assert.deepEqual({ ...read, source: 0 }, { ...JSON.parse(JSON.stringify(asked)), source: 0 });
    assert.deepEqual(lost, []);
  }));
});
