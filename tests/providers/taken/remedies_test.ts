/** Tests of what is read out of an upstream's refusal, how it is asked then, and for how long that is remembered. */

import assert from "node:assert/strict";
import type { JsonObject } from "../../../chat/json.ts";
import type { ChatRequest, Message, Tool, ToolChoice } from "../../../chat/request.ts";
import type { Notes } from "../../../providers/provider.ts";
import { createRefusals, type Learned, NOTHING } from "../../../providers/taken/learned.ts";
import { refusedIn } from "../../../providers/taken/refused_fields.ts";
import { REMEDIES } from "../../../providers/taken/remedies.ts";
import { firstWay, type Way } from "../../../providers/taken/way.ts";
import { sampleRequest } from "../../chat/sample_request.ts";

/** How a request is asked once these were told one after another; `undefined` where the last one left no way. */
function after(request: ChatRequest, ...tellings: string[]): Way | undefined {
  let way: Way | undefined = firstWay(request, NOTHING, {});
  for (const told of tellings) {
    const before: Way | undefined = way;
    way = before && REMEDIES.map((remedy) => remedy({ told, sent: "{}", fields: {} }, before)).find(Boolean);
  }
  return way;
}

Deno.test("what a model was found to refuse is believed for an hour, and of no other model", () => {
  const clock = { now: 1_000 };
  const refusals = createRefusals({ now: () => clock.now, upstream: "up" });
  const fieldsOf = (model: string) => refusals.of(model).fields;
  refusals.learn("a", { ...NOTHING, fields: ["temperature"] });
  assert.deepEqual([fieldsOf("a"), fieldsOf("b")], [["temperature"], []]);
  clock.now += 3_600_000 - 1;
  assert.deepEqual(fieldsOf("a"), ["temperature"]);
  refusals.learn("a", { ...NOTHING, fields: ["seed"] });
  assert.deepEqual(fieldsOf("a"), ["temperature", "seed"]);
  clock.now += 1;
  assert.deepEqual(fieldsOf("a"), []);
});

Deno.test("what instances learn at the same time is joined, whoever writes last", async () => {
  let note: unknown;
  const { promise: reading, resolve: read } = Promise.withResolvers<unknown>();
  const leave: Notes["leave"] = (_, __, { change }) => void (note = change(note));
  const instance = (read: Notes["read"]) =>
    createRefusals({ now: () => 0, upstream: "up", notes: { read: (...place) => read(...place), leave } });
  const [one, other] = [instance(() => Promise.resolve(undefined)), instance(() => reading)];
  const fieldsIn = (lesson: unknown) => (lesson as { learned: Learned }).learned.fields;
  one.learn("m", { ...NOTHING, fields: ["seed"] });
  const [heardOf, heard] = [structuredClone(note), other.hear("m")];
  other.learn("m", { ...NOTHING, fields: ["top_p"] });
  assert.deepEqual(fieldsIn(note), ["seed", "top_p"]);
  read(heardOf);
  assert.deepEqual((await heard)?.fields, ["seed", "top_p"]);
  assert.deepEqual(other.of("m").fields, ["seed", "top_p"]);
});

Deno.test("a field is named as a word of its own, and only one that was sent is refused", () => {
  const told = (detail: string) => refusedIn(detail, JSON.stringify({ reasoning: {}, user: "u", think: true })).fields;
  assert.deepEqual(told("property 'messages.2.assistant.reasoning_content' is unsupported"), []);
  assert.deepEqual(told("body.reasoning: property 'body.reasoning' is unsupported"), ["reasoning"]);
  assert.deepEqual(told("Unknown parameter: 'seed'"), []);
  const parallel = JSON.stringify({ parallel_tool_calls: false });
  assert.deepEqual(refusedIn("`parallel_tool_calls` is not supported", parallel).fields, ["parallel_tool_calls"]);
  assert.deepEqual(told('"llama3.1:8b" does not support thinking'), ["think", "reasoning"]);
});

Deno.test("of a hint the member alone is left out that is not taken, through whatever the path goes", () => {
  const sent = JSON.stringify({
    thinking: { type: "adaptive", display: "summarized" },
    output_config: { effort: "high", task_budget: { type: "tokens", total: 20_000 } },
    reasoning: { effort: "high", mode: "deep" },
    stream_options: { include_usage: true, include_obfuscation: false },
  });
  for (
    const [told, field] of [
      ["thinking.adaptive.display: Extra inputs are not permitted", "thinking.display"],
      ["output_config.task_budget: Extra inputs are not permitted", "output_config.task_budget"],
      ["Unknown parameter: 'reasoning.mode'", "reasoning.mode"],
      ["Unknown parameter: 'stream_options.include_obfuscation'", "stream_options.include_obfuscation"],
      ["This model does not support the effort parameter.", "output_config.effort"],
      [
        "Your organization must be verified to generate reasoning summaries. If you just verified, it can take up to 15 " +
        "minutes. (reasoning.mode)",
        "reasoning.mode",
      ],
    ] as const
  ) assert.deepEqual(refusedIn(told, sent), { fields: [field], isLasting: true }, told);
  assert.deepEqual(refusedIn("reasoning.effort: Unsupported value, Supported values are: 'low'", sent), {
    fields: ["reasoning.effort"],
    isLasting: false,
  });
  assert.deepEqual(refusedIn("adaptive thinking is not supported on this model", sent), {
    fields: ["thinking"],
    isLasting: false,
  });
});

Deno.test("what is refused beside something else is refused this once, and the other is none of it", () => {
  const sent = JSON.stringify({ temperature: 0.5, thinking: { type: "enabled" }, reasoning_effort: "low" });
  for (
    const told of [
      "`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.",
      "Unsupported parameter: 'temperature' is not supported if 'reasoning_effort' is set.",
      "When thinking is enabled, `temperature` may only be set to 1.",
    ]
  ) assert.deepEqual(refusedIn(told, sent), { fields: ["temperature"], isLasting: false }, told);
  const kept = JSON.stringify({ metadata: { a: "b" }, store: true });
  assert.deepEqual(refusedIn("The 'metadata' parameter is only allowed when 'store' is enabled.", kept).fields, [
    "metadata",
  ]);
});

Deno.test("a condition's own field, and what stands in a message, are not left out for what is refused beside them", () => {
  const sent = JSON.stringify({
    ...{ thinking: { type: "enabled" }, reasoning: { effort: "low" }, reasoning_effort: "low", cache_control: {} },
    ...{ messages: [], tool_choice: { type: "any" } },
  });
  for (
    const told of [
      "Tool choice 'any' is not supported when thinking is enabled.",
      "Prefilling assistant messages is not supported when thinking is enabled",
      "Unsupported parameter: 'logprobs' is not supported when 'reasoning_effort' is not 'none'.",
      "'top_logprobs' is not supported when reasoning effort is set",
      "messages.3.content.0.thinking.cache_control: Extra inputs are not permitted",
      "messages.1.content.0.thinking.id: Extra inputs are not permitted",
      "property 'messages.1.reasoning.text' is unsupported",
      "Unknown parameter: 'messages[1].reasoning'.",
    ]
  ) assert.deepEqual(refusedIn(JSON.stringify({ error: { message: told } }), sent).fields, [], told);
});

Deno.test("what looks like a condition or a member and is none hides no field that is named", () => {
  const sent = JSON.stringify({ seed: 1, stop: ["a"], include: ["reasoning.encrypted_content"] });
  for (
    const [told, field] of [
      ["Error while validating the request: unknown parameter: seed", "seed"],
      ["Unsupported parameter: seed. See https://docs.vendor.example/chat/user.html", "seed"],
      ["stop.0: Extra inputs are not permitted", "stop"],
      ["Encrypted content is not supported with this model.", "include"],
    ] as const
  ) assert.deepEqual(refusedIn(told, sent), { fields: [field], isLasting: true }, told);
});

Deno.test("what one request's schema, picture or missing beta is refused for is not learned of the model", () => {
  const schema = sampleRequest({ output: { type: "schema", name: "a", schema: { type: "object" } } });
  const told = "invalid schema for response format: response_format/json_schema/next_step: minItems is not supported";
  assert.deepEqual([after(schema, told)?.request.output?.type, after(schema, told)?.learned], ["json", NOTHING]);
  assert.equal(after(schema, "response_format json_schema is not supported")?.learned.output, "json");

  const picture = { type: "image" as const, source: { kind: "url" as const, url: "https://a.test/cat.png" } };
  const seen = sampleRequest({ messages: [{ role: "user", parts: [picture] }, { role: "user", parts: [] }] });
  for (
    const words of [
      "You uploaded an unsupported image. Please make sure your image is valid.",
      "messages.0.content.0.image.source.base64.data: URL sources are not supported",
      "Image detail 'original' is not supported with this model.",
      "SVG images are not supported",
      "This model does not support images larger than 20MB",
      "Animated images are not supported",
      "image/bmp is not supported",
      "tool messages do not support images",
    ]
  ) assert.equal(after(seen, words), undefined, words);

  const asked = (headers: Record<string, string>) => {
    const body = { context_management: { edits: [] } };
    const request = sampleRequest({ source: { dialect: "anthropic", body, headers } });
    const refusal = {
      told: "context_management: Extra inputs are not permitted",
      sent: JSON.stringify(body),
      fields: {},
    };
    const way = firstWay(request, NOTHING, {});
    return REMEDIES.map((remedy) => remedy(refusal, way)).find(Boolean);
  };
  const [bare, withBeta] = [asked({}), asked({ "anthropic-beta": "context-management-2025-06-27" })];
  assert.deepEqual([bare?.refused, bare?.learned.fields], [["context_management"], []]);
  assert.deepEqual([withBeta?.refused, withBeta?.learned.fields], [["context_management"], ["context_management"]]);
});

Deno.test("what requests at the same time find out is all remembered", () => {
  const refusals = createRefusals({ now: () => 0, upstream: "up" });
  refusals.learn("m", { fields: ["temperature"], quirks: { noSystemTurns: true }, betas: ["a"] });
  refusals.learn("m", { fields: ["top_p"], quirks: { replayReasoning: true }, maxTools: 5, betas: ["b"] });
  assert.deepEqual(refusals.of("m"), {
    fields: ["temperature", "top_p"],
    quirks: { noSystemTurns: true, replayReasoning: true },
    maxTools: 5,
    betas: ["a", "b"],
  });
});

Deno.test("a way to think that is refused is not the effort that is recommended for it, and is refused this once", () => {
  const sent = JSON.stringify({
    thinking: { type: "disabled", block_binding: { prefix_mismatch_behavior: "drop_block" } },
    output_config: { effort: "low" },
  });
  const why = 'Use \\"thinking.type.adaptive\\" and \\"output_config.effort\\" to control thinking behavior.';
  const told = `{"error":{"message":"\\"thinking.type.disabled\\" is not supported for this model. ${why}"}}`;
  assert.deepEqual(refusedIn(told, sent), { fields: ["thinking"], isLasting: false });
  const level = JSON.stringify({ generationConfig: { thinkingConfig: { thinkingLevel: "LOW" }, temperature: 1 } });
  for (
    const words of ["Thinking level is not supported for this model.", "thinking_level is not supported by this model"]
  ) {
    assert.deepEqual(refusedIn(words, level), { fields: ["generationConfig.thinkingConfig"], isLasting: false }, words);
  }
  assert.deepEqual(refusedIn("thinking.adaptive.block_binding: Extra inputs are not permitted", sent), {
    fields: ["thinking.block_binding"],
    isLasting: true,
  });
});

Deno.test("penalties that are not enabled are left out of either of Google's dialects", () => {
  const told = "Penalty is not enabled for this model";
  const fieldsOf = (sent: unknown) => refusedIn(told, JSON.stringify(sent)).fields;
  assert.deepEqual(fieldsOf({ presence_penalty: 0.2, temperature: 1 }), ["presence_penalty"]);
  assert.deepEqual(fieldsOf({ generationConfig: { frequencyPenalty: 0.2, temperature: 1 } }), [
    "generationConfig.frequencyPenalty",
  ]);
});

Deno.test("members of tools and blocks are named by the end of a path", () => {
  const tools = [{ name: "look", defer_loading: true, strict: true, cache_control: { type: "ephemeral", ttl: "1h" } }];
  const sent = JSON.stringify({ tools, context_management: { edits: [] }, output_config: { effort: "low" } });
  const told = (detail: string) => refusedIn(JSON.stringify({ error: { message: detail } }), sent).fields;
  assert.deepEqual(told("tools.0.custom.defer_loading: Extra inputs are not permitted"), ["*.defer_loading"]);
  assert.deepEqual(told("Unknown parameter: 'tools[0].function.strict'."), ["*.strict"]);
  assert.deepEqual(told("`cache_control.ttl: 1h` is not supported"), ["*.cache_control.ttl"]);
  assert.deepEqual(told("system.2.cache_control.ephemeral.ttl: Extra inputs are not permitted"), [
    "*.cache_control.ttl",
  ]);
  assert.deepEqual(told("tools.0.cache_control: Extra inputs are not permitted"), ["*.cache_control"]);
  assert.deepEqual(told("context_management: Extra inputs are not permitted"), ["context_management"]);
  assert.deepEqual(told("output_config.effort: Extra inputs are not permitted"), ["output_config.effort"]);
  assert.deepEqual(told("messages.1.content.0.thinking.cache_control: Extra inputs are not permitted"), []);
  assert.deepEqual(told("tools.0.custom.input_schema.strict.a: Extra inputs are not permitted"), []);
});

Deno.test("what those who speak Claude's dialect say of fields that they do not know is told apart from what they say of values", () => {
  const sent = JSON.stringify({
    thinking: { type: "adaptive" },
    context_management: { edits: [] },
    output_config: { effort: "xhigh" },
  });
  const told = (detail: string) => refusedIn(detail, sent);
  for (const field of ["context_management", "output_config"]) {
    assert.deepEqual(told(`unknown field \`${field}\`, expected one of \`model\`, \`thinking\`, \`metadata\``), {
      fields: [field],
      isLasting: true,
    });
  }
  const form = JSON.stringify({ output_config: { effort: "low", format: { type: "json_schema", schema: {} } } });
  assert.deepEqual(refusedIn("output_config: Extra inputs are not permitted", form).fields, []);
  const words = "output_config.effort: unknown variant `xhigh`, expected one of `low`, `medium`, `high`";
  assert.deepEqual(told(words), { fields: ["output_config.effort"], isLasting: false });
  assert.deepEqual(told("thinking: unknown variant `adaptive`, expected `enabled` or `disabled`").fields, ["thinking"]);
  assert.deepEqual(told("thinking.type: Input should be 'enabled' or 'disabled'"), {
    fields: ["thinking"],
    isLasting: false,
  });
  assert.deepEqual(told("thinking.budget_tokens: Input should be greater than or equal to 1024").fields, []);
});

Deno.test("an answer that comes in streams alone is asked for as one, unless a stream was refused as well", () => {
  const told = "This model only supports stream mode, please enable the stream parameter";
  const from = (way: Way) => REMEDIES.map((remedy) => remedy({ told, sent: "{}", fields: {} }, way)).find(Boolean);
  const way = firstWay(sampleRequest(), NOTHING, {});
  assert.equal(from(way)?.learned.mustStream, true);
  assert.equal(from({ ...way, refused: ["stream"] }), undefined);
});

Deno.test("that there is no stream is told apart from all that is said of streams", () => {
  const refused = (told: string, stream = true) => refusedIn(told, JSON.stringify({ stream })).fields;
  for (
    const told of [
      "Your organization must be verified to stream this model.",
      "Unsupported value: 'stream' does not support true with this model.",
      "Streaming is not supported for this model",
      "This model does not support streaming.",
    ]
  ) {
    assert.deepEqual(refused(told), ["stream"], told);
    assert.deepEqual(refused(told, false), []);
  }
  for (
    const told of [
      "Unsupported parameter: 'stream_options'",
      "Unknown parameter: 'foo', which may be given with stream",
      "This model does not support stream_options",
    ]
  ) assert.deepEqual(refused(told), [], told);
});

const THOUGHTFUL = sampleRequest({
  messages: [
    { role: "assistant", parts: [{ type: "reasoning", text: "Hm", signature: "abc" }, { type: "text", text: "Hi" }] },
    { role: "user", parts: [{ type: "text", text: "Go on" }] },
  ],
});

Deno.test("what is said of signatures is told apart from what is said of thinking", () => {
  const signaturesIn = (way: Way | undefined) => way && JSON.stringify(way.request.messages).includes("signature");
  for (
    const told of [
      "messages.1.content.0: Invalid `signature` in `thinking` block",
      "messages.1.content.0.thinking.signature: Field required",
      "messages.1.content.0: The block is bound to a different conversation",
      "messages.5.content.0: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified.",
      "The encrypted content gAAA...DQ== could not be verified. Reason: Encrypted content organization_id did not match",
      "Function call is missing a thought_signature in functionCall parts.",
      "Corrupted thought signature.",
    ]
  ) assert.equal(signaturesIn(after(THOUGHTFUL, told)), false, told);
  for (
    const told of [
      "thinking.budget_tokens: Input should be greater than or equal to 1024",
      "The request signature we calculated does not match the signature you provided",
      "Encrypted content is not supported with this model.",
    ]
  ) assert.equal(after(THOUGHTFUL, told), undefined, told);
});

Deno.test("K11 calls that nobody signed are signed where that is missed, one of each turn, and so from then on", () => {
  const call = (id: string, signature?: string) => ({
    ...{ type: "tool-call" as const, id, name: "f", json: "{}" },
    ...(signature !== undefined && { signature }),
  });
  const asked = sampleRequest({
    messages: [
      { role: "assistant", parts: [call("a"), call("b")] },
      { role: "assistant", parts: [call("c"), call("d", "own")] },
    ],
  });
  for (
    const told of [
      "Function call is missing a thought_signature in functionCall parts.",
      "Unable to submit request because function call `default_api:f` in the 2. content block is missing a `thought_signature`.",
    ]
  ) {
    const way = after(asked, told);
    const signatures = way?.request.messages.map(({ parts }) =>
      parts.map((part) => part.type === "tool-call" && part.signature)
    );
    assert.deepEqual(signatures, [["skip_thought_signature_validator", undefined], [undefined, "own"]], told);
    assert.ok(way?.learned.wantsSignatures);
    assert.deepEqual(firstWay(asked, way.learned, {}).request.messages, way.request.messages);
  }
});

Deno.test("a tool whose schema is refused is told of in plain words, and others as they were", () => {
  const plain = { type: "object", properties: { a: { type: "number", default: 1 } } };
  const tool = (name: string, parameters: JsonObject): Tool => ({ type: "function", name, parameters });
  const asked = sampleRequest({
    tools: [
      tool("plain", plain),
      tool("rich", {
        type: "object",
        properties: { a: { type: "string" } },
        anyOf: [{ required: ["a"] }, { required: ["b"] }],
      }),
    ],
  });
  const schemas = (way: Way | undefined) => way?.request.tools?.map((one) => one.type === "function" && one.parameters);
  const told = [plain, { type: "object", properties: { a: { type: "string" } } }];
  for (
    const words of [
      "tools.1.custom.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level",
      "tools.1.custom.input_schema: JSON schema is invalid. It must match JSON Schema draft 2020-12 (https://json-schema.org/draft/2020-12).",
      "Invalid schema for function 'rich': schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level.",
      "Invalid schema for function 'rich': In context=('properties', 'labels'), array schema missing items.",
      "Invalid schema for function 'rich': In context=(), object schema missing properties.",
    ]
  ) {
    const way = after(asked, words);
    assert.deepEqual(schemas(way), told, words);
    assert.equal(way?.learned.plainSchemas, "rich");
    assert.deepEqual(schemas(firstWay(asked, way.learned, {})), told);
    assert.equal(after(asked, words, words)?.learned.plainSchemas, "all");
    assert.equal(after(asked, words, words, words), undefined);
  }
  const strict =
    "Invalid schema for function 'rich': In context=(), 'additionalProperties' is required to be supplied and to be false.";
  assert.equal(after(asked, strict), undefined);
  const strictTool = { ...tool("strict", { type: "object", oneOf: [] }), strict: true };
  assert.equal(after(sampleRequest({ tools: [strictTool] }), "input_schema does not support oneOf"), undefined);
  const all = sampleRequest({ tools: [tool("plain", plain)] });
  assert.deepEqual(schemas(after(all, "tools.function.parameters is not a valid moonshot flavored json schema")), [
    { type: "object", properties: { a: { type: "number" } } },
  ]);
});

Deno.test("that there are too many tools is told with how many are taken, which is remembered", () => {
  const tools = Array.from({ length: 600 }, (_, at): Tool => ({ type: "function", name: `t${at}` }));
  const limits = [
    [
      "Invalid 'tools': array too long. Expected an array with maximum length 128, but got an array with length 600 instead.",
      128,
    ],
    ["Maximum tools limit reached. 600 tools have been provided but the maximum is 200.", 200],
    ["* tools[0].function_declarations: [FIELD_INVALID] At most 512 function declarations can be specified.", 512],
  ] as const;
  for (const [told, limit] of limits) {
    const way = after(sampleRequest({ tools }), told);
    assert.deepEqual([way?.request.tools?.length, way?.learned.maxTools, way?.lost], [limit, limit, []], told);
    assert.equal(firstWay(sampleRequest({ tools }), way!.learned, {}).request.tools?.length, limit);
  }
  assert.equal(
    after(sampleRequest({ tools }), "Invalid 'messages': array too long. Expected an array with maximum length 2048"),
    undefined,
  );
});

Deno.test("what is said of thoughts that are missing is told apart from what is said of those that are there", () => {
  for (
    const told of [
      "thinking is enabled but reasoning_content is missing in assistant tool call message at index 7",
      "The `reasoning_content` in the thinking mode must be passed back to the API.",
      "The `content[].thinking` in the thinking mode must be passed back to the API.",
      "Missing `reasoning_content` field in the assistant message at message index 2.",
      "Missing thinking block in the assistant message at message index 11.",
      "preserved thinking (thinking.keep=all) requires reasoning_content on every assistant message",
    ]
  ) assert.equal(after(THOUGHTFUL, told)?.quirks.replayReasoning, true, told);
  for (
    const told of [
      "property 'messages.2.assistant.reasoning_content' is unsupported",
      "Missing required parameter: 'messages'",
    ]
  ) assert.equal(after(THOUGHTFUL, told), undefined, told);
});

Deno.test("R7 a form that is not taken is told in words, asked for as JSON at first, then as text", () => {
  const schema = { type: "object", properties: { a: { type: "string" } } };
  const asked = sampleRequest({ output: { type: "schema", schema } });
  const refusals = [
    "This response_format type is unavailable now",
    "Failed to deserialize: response_format: response_format.type `json_schema` is unavailable now at line 1",
    "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
    "json_schema is not supported by this model",
  ];
  for (const told of refusals) {
    const json = after(asked, told);
    assert.deepEqual([json?.request.output, json?.learned.output], [{ type: "json" }, "json"], told);
    const text = after(asked, told, told);
    assert.deepEqual([text?.request.output, text?.learned.output], [undefined, "text"]);
    assert.equal(
      JSON.stringify(text?.request.messages).split(JSON.stringify(JSON.stringify(schema)).slice(1, -1)).length,
      2,
    );
    assert.deepEqual(text?.lost.map(({ path }) => path), ["output"]);
    assert.equal(after(asked, told, told, told), undefined);
  }
  const word = "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.";
  const worded = after(sampleRequest({ output: { type: "json" } }), word);
  assert.deepEqual(worded?.request.output, { type: "json" });
  assert.match(JSON.stringify(worded?.request.messages), /one valid JSON object/);
  assert.equal(after(sampleRequest({}), ...refusals), undefined);
  assert.equal(after(asked, "Invalid schema for response_format 'a': 'required' is missing"), undefined);
});

Deno.test("a list is asked for in words where the form of an answer must be an object, and that is so of this form alone", () => {
  const asked = sampleRequest({ output: { type: "schema", schema: { type: "array", items: { type: "string" } } } });
  const told = "Invalid schema for response_format 'response': schema must be a JSON Schema of 'type: \"object\"', " +
    "got 'type: \"array\"'.";
  const way = after(asked, told);
  assert.deepEqual([way?.request.output, way?.learned], [undefined, NOTHING]);
  assert.match(JSON.stringify(way?.request.messages), /matches this JSON schema/);
});

Deno.test("a limit is told by its other name, once", () => {
  const fieldAfter = (...told: string[]) => after(sampleRequest({ maxTokens: 9 }), ...told)?.quirks.maxTokensField;
  const old =
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
  const anew = "body.max_completion_tokens: Extra inputs are not permitted";
  assert.equal(fieldAfter(old), "max_completion_tokens");
  assert.equal(fieldAfter(anew), "max_tokens");
  assert.equal(fieldAfter(old, anew), undefined);
  assert.equal(fieldAfter("max_tokens must be at most 8192"), undefined);
});

Deno.test("a limit is read whole, however it is written", () => {
  const limits = sampleRequest({ maxTokens: 100_000 });
  assert.equal(after(limits, "max_tokens: supports at most 16,384 completion tokens")?.request.maxTokens, 16_384);
  assert.equal(after(limits, "max_tokens must be between 0 and 32768")?.request.maxTokens, 32_768);
});

Deno.test("pictures of what came before become notes for a model that sees none, and those of the last turn stay", () => {
  const picture = { type: "image" as const, source: { kind: "url" as const, url: "https://a.test/cat.png" } };
  const text = { type: "text" as const, text: "Look" };
  const earlier = sampleRequest({
    messages: [
      { role: "user", parts: [text, picture] },
      { role: "assistant", parts: [{ type: "tool-call", id: "1", name: "look", json: "{}" }] },
      { role: "tool", callId: "1", parts: [picture] },
      { role: "user", parts: [text] },
    ],
  });
  for (
    const told of [
      "Failed to deserialize the JSON body: messages[0]: unknown variant `image_url`, expected `text` at line 1",
      "This model does not support image input",
      "Image inputs are not supported by this model",
      "No endpoints found that support image input: unsupported image",
    ]
  ) {
    const way = after(earlier, told);
    assert.deepEqual(
      [JSON.stringify(way?.request.messages).includes("cat.png"), way?.learned.isBlind],
      [false, true],
      told,
    );
    assert.equal(after(earlier, told, told), undefined);
  }
  const now = sampleRequest({ messages: [{ role: "user", parts: [text, picture] }] });
  assert.equal(after(now, "This model does not support image input"), undefined);
  assert.equal(after(earlier, "Could not download the image"), undefined);
});

Deno.test("a model that cannot be made to call a tool is told in words which it is to call", () => {
  const tools = [{ type: "function" as const, name: "look", parameters: {} }];
  const asked = (toolChoice: ToolChoice, more: Partial<ChatRequest> = {}) =>
    sampleRequest({ tools, toolChoice, ...more });
  for (
    const told of [
      "Thinking mode does not support this tool_choice",
      "deepseek-reasoner does not support this tool_choice",
      "The tool_choice parameter does not support being set to required or object in thinking mode",
    ]
  ) {
    const named = after(asked({ mode: "tool", name: "look" }), told);
    assert.deepEqual([named?.request.toolChoice, named?.learned.choosesFreely], [{ mode: "auto" }, "thinking"]);
    assert.match(JSON.stringify(named?.request.messages[0]), /calling the tool look/);
    assert.match(JSON.stringify(after(asked({ mode: "required" }), told)?.request.messages[0]), /one of the tools/);
    assert.equal(after(asked({ mode: "auto" }), told), undefined);
    assert.equal(after(asked({ mode: "required" }), told, told), undefined);
  }
  for (
    const told of [
      'tool_choice: type "tool" and "any" are not supported for this model.',
      "tool_choice forces tool use is not compatible with this model",
    ]
  ) {
    const unthinking = after(asked({ mode: "required" }, { reasoning: { effort: "none" } }), told);
    assert.deepEqual([unthinking?.request.toolChoice, unthinking?.learned.choosesFreely], [{ mode: "auto" }, "always"]);
  }
  const effort = (choosesFreely: "thinking" | "always", effort: "none" | "high") => {
    const request = asked({ mode: "required" }, { reasoning: { effort } });
    return firstWay(request, { ...NOTHING, choosesFreely }, {}).request.toolChoice?.mode;
  };
  assert.deepEqual([effort("thinking", "none"), effort("thinking", "high")], ["required", "auto"]);
  assert.equal(effort("always", "none"), "auto");
});

/** What is told of a limit of 64,000 tokens, the limit that is asked for then, and whether it is remembered. */
const LIMITS: [told: string, limit: number | undefined, isLasting: boolean][] = [
  [
    "max_tokens: 128001 > 64000, which is the maximum allowed number of output tokens for claude-opus-4-5",
    undefined,
    false,
  ],
  ["max_tokens: 64000 > 8192, which is the maximum allowed number of output tokens for claude-3-5", 8192, true],
  [
    "max_tokens is too large: 64000. This model supports at most 16384 completion tokens, whereas you provided",
    16384,
    true,
  ],
  [
    "The parameter max_tokens is not valid: integer above maximum value, expected a value <= 32768, but got 64000",
    32768,
    true,
  ],
  ["Invalid max_tokens value, the valid range of max_tokens is [1, 8192]", 8192, true],
  ["Range of max_tokens should be [1, 8192]", 8192, true],
  ["`max_tokens` must be less than or equal to `8192`, the maximum value for `max_tokens`", 8192, true],
  ["max_tokens must be between 1 and 16384", 16384, true],
  [
    "Unable to submit request because it has a maxOutputTokens value of 64000 but the supported range is from 1 (inclusive) to 8193 (exclusive). Update the value and try again.",
    8192,
    true,
  ],
  ["input length and `max_tokens` exceed context limit: 190000 + 64000 > 200000, decrease input length", 10000, false],
  [
    "This model's maximum context length is 128000 tokens. However, you requested 182000 tokens (118000 in the messages, 64000 in the completion).",
    10000,
    false,
  ],
  [
    "'max_tokens' is too large: 64000. This model's maximum context length is 16384 tokens and your request has 5000 input tokens",
    11384,
    false,
  ],
];

for (const [told, limit, isLasting] of LIMITS) {
  Deno.test(`a limit that is refused by "${told.slice(0, 60)}…" is ${limit ?? "the client's to mend"}`, () => {
    const way = after(sampleRequest({ maxTokens: 64_000 }), told);
    assert.deepEqual([way?.request.maxTokens, way?.learned.maxOutput], [limit, isLasting ? limit : undefined]);
    const lost = [{ path: "maxTokens", reason: `clamped to ${limit}, the most it gives` }];
    assert.deepEqual(way?.lost, limit === undefined ? undefined : lost);
  });
}

Deno.test("a limit that is refused without a number is left to the model, and what is not about it left alone", () => {
  const way = after(sampleRequest({ maxTokens: 64_000 }), "Invalid max_tokens param");
  assert.deepEqual([way !== undefined, way?.request.maxTokens], [true, undefined]);
  assert.deepEqual(way?.lost, [{ path: "maxTokens", reason: "left to the model, which refused it" }]);
  assert.equal(
    after(sampleRequest({ maxTokens: 64_000 }), "prompt is too long: 215000 tokens > 200000 maximum"),
    undefined,
  );
  assert.equal(after(sampleRequest({}), "Range of max_tokens should be [1, 8192]"), undefined);
  assert.equal(after(sampleRequest({ maxTokens: 9 }), "max_tokens must be at least 16"), undefined);
  assert.equal(after(sampleRequest({ maxTokens: 9 }), "context limit: 190000 + 9 > 180000 max_tokens"), undefined);
});

Deno.test("descriptions that are too long are cut, and told whole as an instruction", () => {
  const description = "x".repeat(2_000);
  const tools = [{ type: "function" as const, name: "look", description }, { type: "function" as const, name: "see" }];
  const told =
    "Invalid 'tools[0].function.description': string too long. Expected a string with maximum length 1024, but got";
  const way = after(sampleRequest({ tools }), told);
  const [look, see] = way?.request.tools ?? [];
  assert.deepEqual([look?.type === "function" && look.description?.length, see], [1024, tools[1]]);
  const [first] = way?.request.messages ?? [];
  assert.deepEqual([first?.role, JSON.stringify(first).includes(description)], ["system", true]);
  assert.deepEqual([way?.lost, way?.learned.maxDescription], [[], 1024]);
  assert.equal(after(sampleRequest({ tools }), told, told), undefined);
  assert.equal(after(sampleRequest({ tools: [tools[1]!] }), told), undefined);
});

const say = (role: "system" | "user" | "assistant", text: string): Message => ({
  ...{ role, parts: [{ type: "text", text }] },
} as Message);

Deno.test("Mistral, which wants its own words between a result and the user's, is given some from then on", () => {
  const call: Message = { role: "assistant", parts: [{ type: "tool-call", id: "1", name: "look", json: "{}" }] };
  const result: Message = { role: "tool", callId: "1", parts: [{ type: "text", text: "A cat" }] };
  const asked = sampleRequest({
    messages: [say("system", "Be brief"), say("user", "a"), call, result, say("user", "b")],
  });
  const way = after(asked, "Unexpected role 'user' after role 'tool'");
  const roles = ({ request }: Way) => request.messages.map(({ role }) => role);
  assert.deepEqual(way && roles(way), ["system", "user", "assistant", "tool", "assistant", "user"]);
  assert.deepEqual(roles(firstWay(asked, way?.learned ?? NOTHING, {})), way && roles(way));
});

Deno.test("turns are told as a model's template wants them: one instruction, user and assistant in turn", () => {
  const call: Message = { role: "assistant", parts: [{ type: "tool-call", id: "1", name: "look", json: "{}" }] };
  const result: Message = { role: "tool", callId: "1", parts: [{ type: "text", text: "A cat" }] };
  const messages = [
    ...[
      say("system", "Be brief"),
      say("assistant", "Hello"),
      say("user", "a"),
      say("system", "Be kind"),
      say("user", "b"),
    ],
    ...[say("assistant", "c"), call, result, say("user", "d")],
  ];
  const shape = (way: Way | undefined) =>
    way?.request.messages.map(({ role, parts }) =>
      `${role}: ${parts.map((part) => part.type === "text" ? part.text : part.type).join("")}`
    );
  const alternate =
    "Jinja Exception: After the optional system message, conversation roles must alternate user and assistant";
  const turns = [
    "assistant: Hello",
    "user: a\n\nb",
    "assistant: ctool-call",
    "tool: A cat",
    "assistant: OK.",
    "user: d",
  ];
  assert.deepEqual(shape(after(sampleRequest({ messages }), alternate)), [
    "system: Be brief\n\nBe kind",
    ...["user: Go on.", ...turns],
  ]);
  const unsystematic = ["user: Be brief\n\nBe kind\n\nGo on.", ...turns];
  assert.deepEqual(shape(after(sampleRequest({ messages }), alternate, alternate)), unsystematic);
  for (
    const told of [
      "System role not supported",
      "Only user, assistant and tool roles are supported, got system.",
      "Developer instruction is not enabled for models/gemma-3-27b-it",
      "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
    ]
  ) assert.deepEqual(shape(after(sampleRequest({ messages }), told)), unsystematic, told);
  assert.equal(after(sampleRequest({ messages }), alternate, alternate, alternate), undefined);
});

Deno.test("what another vendor's search found is left out where a refusal is about it, and about nothing else", () => {
  const found = [{ type: "web_search_result", url: "https://a.example", title: "A", encrypted_content: "" }];
  const use = { type: "server_tool_use", id: "srv_1", name: "web_search", input: { query: "a" } };
  const result = { type: "web_search_tool_result", tool_use_id: "srv_1", content: found };
  const asked = sampleRequest({
    messages: [say("user", "Search"), {
      role: "assistant",
      parts: [
        { type: "opaque", dialect: "anthropic", value: use },
        { type: "opaque", dialect: "anthropic", value: result },
        { type: "text", text: "It is A" },
      ],
    }, say("user", "And?")],
  });
  const way = after(asked, "messages.1.content.1.web_search_tool_result.content.0.encrypted_content: Invalid value");
  assert.deepEqual(way?.request.messages[1]?.parts, [{ type: "text", text: "It is A" }]);
  assert.deepEqual(way?.lost, [{ path: "messages", reason: "only Anthropic's own searches are taken back" }]);
  assert.equal(after(asked, "messages: at least one message is required"), undefined);
});
