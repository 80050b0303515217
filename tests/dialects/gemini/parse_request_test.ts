import assert from "node:assert/strict";
import type { GatewayError } from "../../../chat/error.ts";
import type { JsonObject } from "../../../chat/json.ts";
import type { Message } from "../../../chat/request.ts";
import { gemini } from "../../../dialects/gemini/mod.ts";
import { request, ROUTE } from "./support.ts";

const messagesOf = (contents: JsonObject[]): Message[] => request({ contents }).messages;
const said = (text: string) => ({ role: "user", parts: [{ text }] });

function refusal(body: unknown, route: JsonObject = ROUTE): GatewayError {
  try {
    gemini.parseRequest(body, { text: JSON.stringify(body), route });
  } catch (error) {
    return error as GatewayError;
  }
  assert.fail("the body was not refused");
}

Deno.test("the model and the stream are what the path says", () => {
  const asked = request({ model: "models/other" }, { model: "a/b:c", verb: "streamGenerateContent", sse: true });
  assert.deepEqual([asked.model, asked.stream, asked.includeUsage], ["a/b:c", true, true]);
  assert.deepEqual(asked.extra, {});
  assert.equal(request().stream, false);
});

Deno.test("both spellings of the fields mean the same", () => {
  const camel = {
    systemInstruction: { parts: [{ text: "Be brief" }] },
    contents: [
      { role: "user", parts: [{ inlineData: { mimeType: "image/png", data: "AAAA" } }] },
      { role: "model", parts: [{ functionCall: { name: "do_it", args: { some_key: 1 } }, thoughtSignature: "ab==" }] },
      { role: "user", parts: [{ functionResponse: { name: "do_it", response: { other_key: 2 } } }] },
    ],
    tools: [{
      functionDeclarations: [{
        name: "do_it",
        parameters: { type: "OBJECT", properties: { some_key: { anyOf: [{ type: "STRING", minLength: "2" }] } } },
      }],
    }, { googleSearch: {} }],
    toolConfig: { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["do_it"] } },
    generationConfig: { maxOutputTokens: 5, thinkingConfig: { thinkingBudget: 7 }, responseModalities: ["TEXT"] },
    safetySettings: [{ category: "X", threshold: "Y" }],
  };
  const snake = {
    system_instruction: { parts: { text: "Be brief" } },
    contents: [
      { role: "user", parts: { inline_data: { mime_type: "image/png", data: "AAAA" } } },
      {
        role: "model",
        parts: [{ function_call: { name: "do_it", args: { some_key: 1 } }, thought_signature: "ab==" }],
      },
      { role: "user", parts: [{ function_response: { name: "do_it", response: { other_key: 2 } } }] },
    ],
    tools: [{
      function_declarations: {
        name: "do_it",
        parameters: { type: "OBJECT", properties: { some_key: { any_of: [{ type: "STRING", min_length: "2" }] } } },
      },
    }, { google_search: {} }],
    tool_config: { function_calling_config: { mode: "any", allowed_function_names: "do_it" } },
    generation_config: { max_output_tokens: 5, thinking_config: { thinking_budget: 7 }, response_modalities: ["TEXT"] },
    safety_settings: [{ category: "X", threshold: "Y" }],
  };
  const { source: _, ...one } = request(camel);
  const { source, ...other } = request(snake);
  assert.deepEqual(other, one);
  assert.deepEqual(source.body.generation_config, snake.generation_config, "the client's own words are kept");
});

Deno.test("keys that the client's own program reads stay as they are", () => {
  const schema = { type: "object", properties: { a_b: { type: "string", enum: ["c_d"] } }, required: ["a_b"] };
  const asked = request({
    tools: [{ functionDeclarations: [{ name: "f", parametersJsonSchema: schema }] }],
    generationConfig: { responseMimeType: "application/json", responseJsonSchema: schema },
    labels: { my_label: "x" },
  });
  assert.deepEqual(asked.tools?.[0], { type: "function", name: "f", parameters: schema });
  assert.deepEqual(asked.output, { type: "schema", schema });
  assert.deepEqual(asked.extra, { labels: { my_label: "x" } });
  const named = {
    type: "OBJECT",
    properties: { a_b: { type: "STRING" }, parts: { type: "STRING" }, args: { type: "STRING", min_length: "1" } },
  };
  assert.deepEqual(request({ tools: [{ functionDeclarations: [{ name: "f", parameters: named }] }] }).tools?.[0], {
    type: "function",
    name: "f",
    parameters: {
      type: "object",
      properties: { a_b: { type: "string" }, parts: { type: "string" }, args: { type: "string", minLength: 1 } },
    },
  });
});

Deno.test("R6 the instructions beside the contents come first, as a system message", () => {
  const asked = request({ systemInstruction: { role: "user", parts: [{ text: "One" }, { text: "Two" }] } });
  assert.deepEqual(asked.messages[0], {
    role: "system",
    parts: [{ type: "text", text: "One" }, { type: "text", text: "Two" }],
  });
});

Deno.test("T15 T22 calls without ids get unique ones, and the model's contents of one turn are one message", () => {
  const messages = messagesOf([
    said("Hi"),
    { role: "model", parts: [{ text: "Let " }] },
    { role: "model", parts: [{ text: "me see" }, { functionCall: { name: "get time", args: { zone: "CET" } } }] },
    { role: "model", parts: [{ functionCall: { name: "get time" } }] },
    {
      role: "user",
      parts: [
        { functionResponse: { name: "get time", response: { output: "ten" } } },
        { functionResponse: { name: "get time", response: { result: { hour: 11 } } } },
      ],
    },
    { role: "model", parts: [{ functionCall: { name: "get time" } }] },
    { role: "function", parts: [{ functionResponse: { name: "get time", response: { error: "too late" } } }] },
  ]);
  const name = "get time";
  assert.deepEqual(messages.slice(1), [
    {
      role: "assistant",
      parts: [
        { type: "text", text: "Let me see" },
        { type: "tool-call", id: "call_1_get_time", name, json: '{"zone":"CET"}' },
        { type: "tool-call", id: "call_2_get_time", name, json: "{}" },
      ],
    },
    { role: "tool", callId: "call_1_get_time", name, parts: [{ type: "text", text: "ten" }] },
    { role: "tool", callId: "call_2_get_time", name, parts: [{ type: "text", text: '{"hour":11}' }] },
    { role: "assistant", parts: [{ type: "tool-call", id: "call_3_get_time", name, json: "{}" }] },
    { role: "tool", callId: "call_3_get_time", name, parts: [{ type: "text", text: "too late" }], isError: true },
  ]);
});

Deno.test("G11 a result is matched by its id before its name, and learns the name of its call", () => {
  const call = (id: string, name: string) => ({ functionCall: { id, name, args: {} } });
  const messages = messagesOf([
    { role: "model", parts: [call("a", "f"), call("b", "f"), call("c", "g")] },
    {
      role: "user",
      parts: [
        { functionResponse: { id: "b", name: "wrong", response: { output: "B" } } },
        { functionResponse: { id: "c", response: { output: "C" } } },
        { functionResponse: { name: "f", response: { output: "A" } } },
      ],
    },
  ]);
  const results = messages.flatMap((message) =>
    message.role === "tool" ? [[message.callId, message.name, message.parts[0]]] : []
  );
  assert.deepEqual(results, [
    ["b", "f", { type: "text", text: "B" }],
    ["c", "g", { type: "text", text: "C" }],
    ["a", "f", { type: "text", text: "A" }],
  ]);
});

Deno.test("T15 an id that comes again in a later turn is another call", () => {
  const turn = [
    { role: "model", parts: [{ functionCall: { id: "call_f", name: "f", args: {} } }] },
    { role: "user", parts: [{ functionResponse: { id: "call_f", name: "f", response: { output: "x" } } }] },
  ];
  const ids = messagesOf([...turn, ...turn]).flatMap((message) =>
    message.role === "tool"
      ? [message.callId]
      : message.parts.flatMap((part) => part.type === "tool-call" ? [part.id] : [])
  );
  assert.deepEqual(ids, ["call_f", "call_f", "call_2_f", "call_2_f"]);
});

Deno.test("T15 an id that is made is none that the client gave another call", () => {
  const call = (id?: string) => ({ functionCall: { name: "f", args: {}, ...(id !== undefined && { id }) } });
  const [asked] = messagesOf([said("Hi"), { role: "model", parts: [call("call_2_f"), call(), call()] }]).slice(1);
  const ids = asked?.role === "assistant" ? asked.parts.map((part) => part.type === "tool-call" && part.id) : [];
  assert.deepEqual(ids, ["call_2_f", "call_3_f", "call_4_f"]);
});

Deno.test("T20 results come before what the user says beside them", () => {
  const messages = messagesOf([
    { role: "model", parts: [{ functionCall: { name: "f" } }] },
    { role: "user", parts: [{ text: "And hurry" }, { functionResponse: { name: "f", response: { output: "x" } } }] },
  ]);
  assert.deepEqual(messages.slice(1).map(({ role }) => role), ["tool", "user"]);
});

Deno.test("G13 a result's object is text: its own JSON unless it is an envelope", () => {
  const RESPONSES: [unknown, string, boolean][] = [
    [{ output: "text" }, "text", false],
    [{ result: [1, 2] }, "[1,2]", false],
    [{ output: null }, "null", false],
    [{ error: "no" }, "no", true],
    [{ error: "no", code: 5 }, '{"error":"no","code":5}', false],
    [{ temperature: 20 }, '{"temperature":20}', false],
    [{ name: "f", content: "text" }, "text", false],
    [{ name: "f", error: "no" }, "no", true],
    [{ name: "f" }, '{"name":"f"}', false],
    [{ name: "f", output: "text" }, '{"name":"f","output":"text"}', false],
    [{ name: "another", content: "text" }, '{"name":"another","content":"text"}', false],
    [{ content: "text" }, '{"content":"text"}', false],
    [{}, "", false],
    [undefined, "", false],
    ["bare", "bare", false],
  ];
  for (const [response, text, isError] of RESPONSES) {
    const functionResponse = { name: "f", ...(response !== undefined && { response }) } as JsonObject;
    const [, message] = messagesOf([
      { role: "model", parts: [{ functionCall: { name: "f" } }] },
      { role: "user", parts: [{ functionResponse }] },
    ]);
    assert.deepEqual(message?.parts, [{ type: "text", text }]);
    assert.equal(message?.role === "tool" && (message.isError ?? false), isError);
  }
});

Deno.test("media by their type, inline and at an address", () => {
  const inline = (mimeType: string) => ({ inlineData: { mimeType, data: "AAAA" } });
  const file = (fileUri: string, mimeType?: string) => ({ fileData: { fileUri, ...(mimeType && { mimeType }) } });
  const base64 = (mediaType: string) => ({ kind: "base64", mediaType, data: "AAAA" });
  const parts = [
    [inline("image/png"), { type: "image", source: base64("image/png") }],
    [{ ...inline("image/png"), mediaResolution: { level: "MEDIA_RESOLUTION_HIGH" } }, {
      type: "image",
      source: base64("image/png"),
      detail: "high",
    }],
    [inline("audio/mpeg"), { type: "audio", data: "AAAA", format: "mp3" }],
    [inline("audio/x-wav;rate=16000"), { type: "audio", data: "AAAA", format: "wav" }],
    [inline("video/mp4"), { type: "video", source: base64("video/mp4") }],
    [inline("application/pdf"), { type: "file", source: base64("application/pdf") }],
    [file("https://a.example/b.PNG?c=d.e"), {
      type: "image",
      source: { kind: "url", url: "https://a.example/b.PNG?c=d.e" },
    }],
    [file("https://a.example/b", "image/webp"), {
      type: "image",
      source: { kind: "url", url: "https://a.example/b", mediaType: "image/webp" },
    }],
    [file("https://www.youtube.com/watch?v=x"), {
      type: "video",
      source: { kind: "url", url: "https://www.youtube.com/watch?v=x" },
    }],
    [file("https://a.example/b"), { type: "file", source: { kind: "url", url: "https://a.example/b" } }],
  ];
  const [message] = messagesOf([{ role: "user", parts: parts.map(([part]) => part as JsonObject) }]);
  assert.deepEqual(message?.parts, parts.map(([, expected]) => expected));
});

Deno.test("what only this API can say is kept for it", () => {
  const parts = [
    { fileData: { fileUri: "https://generativelanguage.googleapis.com/v1beta/files/x", mimeType: "image/png" } },
    { fileData: { fileUri: "gs://bucket/x", mimeType: "image/png" } },
    { fileData: { fileUri: "https://youtu.be/x" }, videoMetadata: { startOffset: "5s" } },
  ];
  const drawn = { inlineData: { mimeType: "image/png", data: "AAAA" }, thoughtSignature: "ab==" };
  const code = { executableCode: { language: "PYTHON", code: "1" } };
  const [asked, answered] = messagesOf([{ role: "user", parts }, { role: "model", parts: [code, drawn] }]);
  const opaque = (value: JsonObject) => ({ type: "opaque", dialect: "gemini", value });
  assert.deepEqual(asked?.parts, parts.map(opaque));
  assert.deepEqual(answered?.parts, [opaque(code), opaque(drawn)]);
});

Deno.test("K10 K11 thoughts, signed texts and signed calls of the history", () => {
  const [message] = messagesOf([{
    role: "model",
    parts: [
      { text: "Well", thought: true },
      { text: "", thought: true, thoughtSignature: "a-b_c==" },
      { text: "So" },
      { text: "", thoughtSignature: "d-e_f==" },
      { functionCall: { id: "x", name: "f", args: {} }, thoughtSignature: "g-h==" },
    ],
  }]);
  assert.deepEqual(message?.parts, [
    // Another vendor's, whose alphabet Python's client changed.
    { type: "reasoning", text: "Well", signature: "a+b/c==" },
    { type: "text", text: "So", signature: "d-e_f==" },
    { type: "tool-call", id: "x", name: "f", json: "{}", signature: "g-h==" },
  ]);
});

Deno.test("K11 a signed text ends there, and a part that says nothing is none", () => {
  const parts = [{ text: "a", thoughtSignature: "ab==" }, { text: "" }, { text: "b" }];
  assert.deepEqual(messagesOf([{ role: "model", parts }])[0]?.parts, [
    { type: "text", text: "a", signature: "ab==" },
    { type: "text", text: "b" },
  ]);
  const silent = { role: "model", parts: [{ text: "" }, { text: "", thought: true }] };
  assert.deepEqual(messagesOf([said("Hi"), silent, { role: "model", parts: [] }]).length, 1);
});

Deno.test("R5 sampling, limits and forms of the answer", () => {
  const asked = request({
    generationConfig: {
      maxOutputTokens: 100,
      temperature: 1.5,
      topP: 0.9,
      topK: 40,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      seed: 7,
      stopSequences: ["END"],
      candidateCount: 2,
      responseLogprobs: true,
      logprobs: 3,
      responseMimeType: "application/json",
      thinkingConfig: { includeThoughts: true, thinkingLevel: "low" },
      speechConfig: { languageCode: "de" },
    },
    serviceTier: "standard",
    cachedContent: "cachedContents/x",
  });
  const { messages: _, source: __, ...fields } = asked;
  assert.deepEqual(fields, {
    model: "gemini-2.5-flash",
    stream: false,
    includeUsage: true,
    maxTokens: 100,
    temperature: 1.5,
    topP: 0.9,
    topK: 40,
    presencePenalty: 0.1,
    frequencyPenalty: 0.2,
    seed: 7,
    stop: ["END"],
    n: 2,
    logprobs: true,
    topLogprobs: 3,
    output: { type: "json" },
    reasoning: { effort: "low", show: true },
    serviceTier: "default",
    extra: { cachedContent: "cachedContents/x", generationConfig: { speechConfig: { languageCode: "de" } } },
  });
});

Deno.test("G16 forms of the answer", () => {
  const outputOf = (generationConfig: JsonObject) => request({ generationConfig });
  const schema = { type: "OBJECT", properties: { a: { type: "STRING", nullable: true } } };
  assert.deepEqual(outputOf({ responseMimeType: "application/json", responseSchema: schema }).output, {
    type: "schema",
    schema: { type: "object", properties: { a: { type: ["string", "null"] } } },
  });
  assert.deepEqual(outputOf({ responseMimeType: "text/plain" }).output, { type: "text" });
  const words = { responseMimeType: "text/x.enum", responseSchema: { type: "STRING", enum: ["A", "B"] } };
  assert.deepEqual(outputOf(words).output, undefined);
  assert.deepEqual(outputOf(words).extra, { generationConfig: words });
});

Deno.test("T16 T18 functions, tools of the vendor, and the choice among them", () => {
  const asked = request({
    tools: [
      {
        functionDeclarations: [{
          name: "f",
          description: "Does f",
          parameters: { type: "OBJECT", properties: { a: { type: "INTEGER", format: "int32" } }, required: ["a"] },
        }, { name: "g" }],
        googleSearch: {},
      },
      { codeExecution: {} },
      { urlContext: {} },
      { googleMaps: {} },
    ],
    toolConfig: { retrievalConfig: { languageCode: "de" } },
  });
  const server = (kind: string, value: JsonObject) => ({ type: "server", dialect: "gemini", kind, value });
  assert.deepEqual(asked.tools, [
    {
      type: "function",
      name: "f",
      description: "Does f",
      parameters: { type: "object", properties: { a: { type: "integer", format: "int32" } }, required: ["a"] },
    },
    { type: "function", name: "g" },
    server("web-search", { googleSearch: {} }),
    server("code-execution", { codeExecution: {} }),
    server("url-context", { urlContext: {} }),
    server("other", { googleMaps: {} }),
  ]);
  assert.deepEqual(asked.extra, { toolConfig: { retrievalConfig: { languageCode: "de" } } });

  const CHOICES: [JsonObject, unknown][] = [
    [{ mode: "AUTO" }, { mode: "auto" }],
    [{ mode: "NONE" }, { mode: "none" }],
    [{ mode: "ANY" }, { mode: "required" }],
    [{ mode: "ANY", allowedFunctionNames: ["f"] }, { mode: "tool", name: "f" }],
    [{ mode: "ANY", allowedFunctionNames: ["f", "g"] }, { mode: "allowed", names: ["f", "g"], required: true }],
    [{ mode: "VALIDATED", allowedFunctionNames: ["f"] }, { mode: "allowed", names: ["f"], required: false }],
    [{ mode: "VALIDATED" }, { mode: "auto" }],
    [{ mode: "MODE_UNSPECIFIED" }, undefined],
    [{}, undefined],
  ];
  for (const [functionCallingConfig, expected] of CHOICES) {
    assert.deepEqual(request({ toolConfig: { functionCallingConfig } }).toolChoice, expected);
  }
});

Deno.test("a request to count tokens may hold the whole request", () => {
  const generateContentRequest = {
    model: "models/x",
    contents: [said("Hi")],
    systemInstruction: { parts: [{ text: "S" }] },
  };
  const route = { ...ROUTE, verb: "countTokens" };
  const asked = gemini.parseRequest({ generateContentRequest }, { text: "", route });
  const spelled = gemini.parseRequest({ generate_content_request: generateContentRequest }, { text: "", route });
  assert.deepEqual(spelled.messages, asked.messages);
  assert.deepEqual(asked.messages.map(({ role }) => role), ["system", "user"]);
  assert.equal(asked.stream, false);
});

const REFUSALS: [string, unknown, string, RegExp][] = [
  ["no contents", {}, "contents", /contents is missing, expected array/],
  ["empty contents", { contents: [] }, "contents", /an empty array, expected a non-empty array/],
  [
    "a role that is none",
    { contents: [{ role: "assistant", parts: [] }] },
    "contents[0].role",
    /"assistant", expected one of user, model, function/,
  ],
  [
    "a text that is none",
    { contents: [{ parts: [{ text: 7 }] }] },
    "contents[0].parts[0].text",
    /is 7, expected string/,
  ],
  [
    "a call without a name",
    { contents: [{ role: "model", parts: [{ functionCall: { args: {} } }] }] },
    "contents[0].parts[0].functionCall.name",
    /is missing/,
  ],
  [
    "a limit of nothing",
    { contents: [said("Hi")], generationConfig: { maxOutputTokens: 0 } },
    "generationConfig.maxOutputTokens",
    /is 0, expected at least 1/,
  ],
  [
    "a level that is no word",
    { contents: [said("Hi")], generationConfig: { thinkingConfig: { thinkingLevel: 7 } } },
    "generationConfig.thinkingConfig.thinkingLevel",
    /is 7, expected string/,
  ],
  ["a body that is no object", [1], "", /the body is an array, expected object/],
];

for (const [what, body, param, message] of REFUSALS) {
  Deno.test(`${what} is refused in words that name the field`, () => {
    const error = refusal(body);
    assert.equal(error.kind, "invalid-request");
    assert.equal(error.param ?? "", param);
    assert.match(error.message, message);
  });
}

Deno.test("a level that we do not know is no reason to refuse a client whose model may", () => {
  const effortOf = (thinkingLevel: string) =>
    request({ contents: [said("Hi")], generationConfig: { thinkingConfig: { thinkingLevel } } }).reasoning;
  assert.deepEqual(effortOf("xhigh"), { effort: "xhigh" });
  assert.equal(effortOf("DEEP"), undefined);
  assert.equal(effortOf("THINKING_LEVEL_UNSPECIFIED"), undefined);
});

Deno.test("roles are the same in capitals, and results may come from a tool", () => {
  const messages = messagesOf([
    { role: "USER", parts: [{ text: "Hi" }] },
    { role: "MODEL", parts: [{ functionCall: { id: "1", name: "look", args: {} } }] },
    { role: "tool", parts: [{ functionResponse: { id: "1", name: "look", response: { output: "x" } } }] },
  ]);
  assert.deepEqual(messages.map(({ role }) => role), ["user", "assistant", "tool"]);
});

Deno.test("H7 a body of another API is told where it belongs", () => {
  assert.match(refusal({ messages: [] }).message, /looks like one for \/v1\/chat\/completions/);
  assert.match(refusal({ input: "Hi" }).message, /looks like one for \/v1\/responses/);
});

Deno.test("a path without a model is refused", () => {
  assert.equal(refusal({ contents: [said("Hi")] }, { verb: "generateContent", sse: false }).param, "model");
});
