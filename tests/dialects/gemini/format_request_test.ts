import assert from "node:assert/strict";
import fc from "fast-check";
import type { JsonObject } from "../../../chat/json.ts";
import { alterRequest, type ChatRequest, type ReasoningRequest, type ServerTool } from "../../../chat/request.ts";
import { gemini } from "../../../dialects/gemini/mod.ts";
import { foreignRequest, request, target, user } from "./support.ts";

function format(members: Partial<ChatRequest>, model?: string, facts = {}) {
  const { body, lost } = gemini.formatRequest(foreignRequest(members), target(model, facts));
  return { body, lost: lost.map(({ path }) => path) };
}

const configOf = (members: Partial<ChatRequest>, model?: string, facts = {}) =>
  format(members, model, facts).body.generationConfig as JsonObject | undefined;

Deno.test("R10 the client's own JSON goes to an upstream of this dialect as it is", () => {
  const text = '{ "contents" : [{"parts":[{"text":"Hi"}]}], "n": 1.0, "n": 12345678901234567890 }';
  assert.equal(gemini.relayRequest(text, request(), target()), text);
});

Deno.test("R5 sampling, limits and their like, cut to what the API takes", () => {
  const { body, lost } = format({
    maxTokens: 10,
    temperature: 2.5,
    topP: 0.5,
    topK: 3,
    presencePenalty: 1,
    frequencyPenalty: -1,
    seed: 4,
    stop: ["", "a", "b", "c", "d", "e", "f"],
    n: 2,
    logprobs: true,
    topLogprobs: 5,
    serviceTier: "default",
  });
  assert.deepEqual(body, {
    contents: [{ role: "user", parts: [{ text: "Hi" }] }],
    generationConfig: {
      maxOutputTokens: 10,
      temperature: 2,
      topP: 0.5,
      topK: 3,
      presencePenalty: 1,
      frequencyPenalty: -1,
      seed: 4,
      stopSequences: ["a", "b", "c", "d", "e"],
      candidateCount: 2,
      responseLogprobs: true,
      logprobs: 5,
    },
    serviceTier: "standard",
  });
  assert.deepEqual(lost, ["temperature", "stop[5]"]);
});

Deno.test("R11 how many probabilities is said only where they are asked for", () => {
  assert.equal(configOf({ topLogprobs: 5 }), undefined);
});

Deno.test("G14 R11 what the API has no field for is left out and named", () => {
  const { body, lost } = format({
    minP: 0.1,
    repetitionPenalty: 1.1,
    logitBias: { "5": 1 },
    verbosity: "low",
    user: "u",
    metadata: { a: "b" },
    cacheKey: "k",
    parallelToolCalls: false,
    serviceTier: "ultrafast",
    extra: { stream_options: {}, web_search_options: {} },
  });
  assert.deepEqual(body, { contents: [{ role: "user", parts: [{ text: "Hi" }] }] });
  assert.deepEqual(lost, [
    "serviceTier",
    "minP",
    "repetitionPenalty",
    "logitBias",
    "verbosity",
    "user",
    "metadata",
    "cacheKey",
    "parallelToolCalls",
    "stream_options",
    "web_search_options",
  ]);
});

const TYPES: [extension: string, type: string][] = [
  ["png", "image/png"],
  ["jpg", "image/jpeg"],
  ["JPEG", "image/jpeg"],
  ["webp", "image/webp"],
  ["gif", "image/gif"],
  ["heic", "image/heic"],
  ["heif", "image/heif"],
  ["pdf", "application/pdf"],
  ["txt", "text/plain"],
  ["md", "text/markdown"],
  ["html", "text/html"],
  ["csv", "text/csv"],
  ["mp3", "audio/mp3"],
  ["wav", "audio/wav"],
  ["ogg", "audio/ogg"],
  ["flac", "audio/flac"],
  ["mp4", "video/mp4"],
  ["mpeg", "video/mpeg"],
  ["mov", "video/quicktime"],
  ["webm", "video/webm"],
];

for (const [extension, mimeType] of TYPES) {
  Deno.test(`G17 an address that ends in .${extension} is of the type ${mimeType}`, () => {
    const fileUri = `https://a.example/b.c.${extension}?d=e.f`;
    const { body, lost } = format({
      messages: [{ role: "user", parts: [{ type: "file", source: { kind: "url", url: fileUri } }] }],
    });
    assert.deepEqual([body.contents, lost], [[{ role: "user", parts: [{ fileData: { fileUri, mimeType } }] }], []]);
  });
}

Deno.test("an address whose type a Gemini client left out goes on as it is", () => {
  const contents = [{ role: "user", parts: [{ fileData: { fileUri: "https://a.example/b" } }] }];
  assert.deepEqual(gemini.formatRequest(request({ contents }), target()), { body: { contents }, lost: [] });
});

Deno.test("fields of a Gemini client that have no other place come back where they were", () => {
  const body = {
    contents: [{ role: "user", parts: [{ text: "Hi" }] }],
    toolConfig: { functionCallingConfig: { mode: "ANY" }, retrievalConfig: { languageCode: "de" } },
    tools: [{ functionDeclarations: [{ name: "a.b:c" }] }, { googleSearch: {} }],
    generationConfig: { temperature: 1, responseModalities: ["TEXT"], speechConfig: { languageCode: "de" } },
    safetySettings: [{ category: "X", threshold: "Y" }],
    cachedContent: "cachedContents/x",
  };
  const formatted = gemini.formatRequest(request(body), target());
  assert.deepEqual(formatted, { body, lost: [] });
});

Deno.test("K12 thinking: a level for the third generation, a budget for 2.5, nothing for those before", () => {
  const FLASH = "gemini-2.5-flash";
  const PRO = "gemini-2.5-pro";
  const NEW = "gemini-3.8-flash";
  const NEW_PRO = "gemini-3.1-pro-preview";
  const THINKING: [string, ReasoningRequest, number | undefined, JsonObject | undefined][] = [
    [NEW, { effort: "none" }, undefined, { thinkingLevel: "MINIMAL", includeThoughts: false }],
    [NEW, { effort: "minimal" }, undefined, { thinkingLevel: "MINIMAL", includeThoughts: true }],
    [NEW, { effort: "low" }, undefined, { thinkingLevel: "LOW", includeThoughts: true }],
    [NEW, { effort: "medium" }, undefined, { thinkingLevel: "MEDIUM", includeThoughts: true }],
    [NEW, { effort: "max", show: false }, undefined, { thinkingLevel: "HIGH", includeThoughts: false }],
    [NEW, { budget: 3000 }, undefined, { thinkingLevel: "LOW", includeThoughts: true }],
    [NEW, { budget: -1 }, undefined, { includeThoughts: true }],
    [NEW, { show: true }, undefined, { includeThoughts: true }],
    [NEW_PRO, { effort: "none" }, undefined, { thinkingLevel: "LOW", includeThoughts: false }],
    ["gemini-flash-latest", { effort: "high" }, undefined, { thinkingLevel: "HIGH", includeThoughts: true }],
    ["gemini-4-argon", { effort: "high" }, undefined, { thinkingLevel: "HIGH", includeThoughts: true }],
    ["gemini-4-argon", { effort: "max" }, undefined, { thinkingLevel: "HIGH", includeThoughts: true }],
    ["gemini-4-argon", { effort: "minimal" }, undefined, { thinkingLevel: "LOW", includeThoughts: true }],
    ["gemini-4-neon", { effort: "max" }, undefined, { thinkingLevel: "XHIGH", includeThoughts: true }],
    ["gemini-4-neon", { effort: "none" }, undefined, { thinkingLevel: "LOW", includeThoughts: false }],
    ["gemini-flash-latest", { effort: "max" }, undefined, { thinkingLevel: "HIGH", includeThoughts: true }],
    [FLASH, { effort: "none" }, undefined, { thinkingBudget: 0, includeThoughts: false }],
    [FLASH, { effort: "low" }, undefined, { thinkingBudget: 4096, includeThoughts: true }],
    [FLASH, { effort: "max" }, undefined, { thinkingBudget: 24_576, includeThoughts: true }],
    [FLASH, { budget: -1 }, undefined, { thinkingBudget: -1, includeThoughts: true }],
    [FLASH, { effort: "high" }, 4000, { thinkingBudget: 2000, includeThoughts: true }],
    [FLASH, { budget: 1024 }, 4000, { thinkingBudget: 1024, includeThoughts: true }],
    [FLASH, { show: true }, undefined, { includeThoughts: true }],
    [PRO, { effort: "none" }, undefined, { thinkingBudget: 128, includeThoughts: false }],
    [PRO, { effort: "high" }, 100, { thinkingBudget: 128, includeThoughts: true }],
  ];
  for (const [model, reasoning, maxTokens, expected] of THINKING) {
    const config = configOf({ reasoning, ...(maxTokens !== undefined && { maxTokens }) }, model);
    assert.deepEqual(config?.thinkingConfig, expected, `${model} ${JSON.stringify(reasoning)}`);
  }
  assert.deepEqual(format({ reasoning: { effort: "high" } }, "gemini-2.0-flash"), {
    body: { contents: [{ role: "user", parts: [{ text: "Hi" }] }] },
    lost: ["reasoning"],
  });
  assert.deepEqual(configOf({ reasoning: { effort: "low" } }, "my-model", { thinking: "budget" }), {
    thinkingConfig: { thinkingBudget: 4096, includeThoughts: true },
  });
});

Deno.test("R5 as many stop strings as are taken are no loss", () => {
  const stop = ["a", "b", "c", "d", "e"];
  assert.deepEqual(format({ stop }).lost, []);
  assert.deepEqual(configOf({ stop }), { stopSequences: stop });
});

const SAID: [own: JsonObject, altered: Partial<ChatRequest>, written: JsonObject][] = [
  [{ temperature: 1 }, { temperature: 0.5 }, { temperature: 0.5 }],
  [{ topP: 1 }, { topP: 0.5 }, { topP: 0.5 }],
  [{ topK: 1 }, { topK: 5 }, { topK: 5 }],
  [{ seed: 1 }, { seed: 5 }, { seed: 5 }],
  [{ presencePenalty: 1 }, { presencePenalty: 0.5 }, { presencePenalty: 0.5 }],
  [{ frequencyPenalty: 1 }, { frequencyPenalty: 0.5 }, { frequencyPenalty: 0.5 }],
  [{ stopSequences: ["a"] }, { stop: ["b"] }, { stopSequences: ["b"] }],
  [{ candidateCount: 1 }, { n: 2 }, { candidateCount: 2 }],
];

for (const [own, altered, written] of SAID) {
  Deno.test(`what a stage has altered of a Gemini client's settings is written anew: ${Object.keys(own)}`, () => {
    const generationConfig = { mediaResolution: "MEDIA_RESOLUTION_LOW", ...own };
    const { body } = gemini.formatRequest(alterRequest(request({ generationConfig }), altered), target());
    assert.deepEqual(body.generationConfig, { mediaResolution: "MEDIA_RESOLUTION_LOW", ...written });
  });
}

Deno.test("G16 a form of the answer is a type and a schema of the subset", () => {
  const schema = { type: "object", properties: { a: { const: "x" } }, additionalProperties: false };
  assert.deepEqual(configOf({ output: { type: "schema", schema, name: "n", strict: true } }), {
    responseMimeType: "application/json",
    responseSchema: { type: "OBJECT", properties: { a: { type: "STRING", enum: ["x"] } } },
  });
  assert.deepEqual(configOf({ output: { type: "json" } }), { responseMimeType: "application/json" });
  assert.equal(configOf({ output: { type: "text" } }), undefined);
});

Deno.test("G16 beside tools, models before the third generation are asked in words", () => {
  const tools = [{ type: "function" as const, name: "f" }];
  const members = {
    tools,
    output: { type: "schema" as const, schema: { type: "object", properties: { a: { type: "string" } } } },
  };
  const old = format(members, "gemini-2.5-pro");
  assert.equal(old.body.generationConfig, undefined);
  assert.match(JSON.stringify(old.body.systemInstruction), /answer with JSON only, valid for this JSON Schema/);
  assert.deepEqual(old.lost, ["output"]);
  const young = format(members, "gemini-3.8-flash");
  assert.deepEqual(young.body.generationConfig, {
    responseMimeType: "application/json",
    responseSchema: { type: "OBJECT", properties: { a: { type: "STRING" } } },
  });
  assert.deepEqual(young.lost, []);
  const none = format({ tools: [], output: { type: "json" } }, "gemini-2.5-pro");
  assert.deepEqual(none.body.generationConfig, { responseMimeType: "application/json" });
  assert.deepEqual(none.lost, []);
});

Deno.test("G16 a form with an object of which no member is named is told as JSON Schema, as the subset refuses it", () => {
  const open: JsonObject[] = [
    { type: "object" },
    { type: "object", properties: { scores: { type: "object", additionalProperties: { type: "number" } } } },
    { $defs: { n: { type: "object", properties: { kid: { $ref: "#/$defs/n" } } } }, $ref: "#/$defs/n" },
  ];
  for (const schema of open) {
    const { body } = format({ output: { type: "schema", schema } }, "gemini-2.5-pro");
    const form = { responseMimeType: "application/json", responseJsonSchema: schema };
    assert.deepEqual(body.generationConfig, form, JSON.stringify(schema));
  }
});

Deno.test("G10 functions: without parameters none are written, and names are made legal", () => {
  const { body } = format({
    tools: [
      { type: "function", name: "f", parameters: { type: "object", properties: {} }, strict: true },
      { type: "function", name: "g", description: "Does g" },
      { type: "function", name: "a.b", parameters: { properties: { x: { type: "string" } }, $schema: "…" } },
    ],
    toolChoice: { mode: "tool", name: "a.b" },
  });
  const [{ functionDeclarations }] = body.tools as [{ functionDeclarations: JsonObject[] }];
  const name = functionDeclarations[2]?.name;
  assert.match(String(name), /^a_b_[0-9a-f]{8}$/);
  assert.deepEqual(functionDeclarations, [
    { name: "f" },
    { name: "g", description: "Does g" },
    { name, parameters: { type: "OBJECT", properties: { x: { type: "STRING" } } } },
  ]);
  assert.deepEqual(body.toolConfig, { functionCallingConfig: { mode: "ANY", allowedFunctionNames: [name] } });
});

Deno.test("G10 a function that takes an object of any keys goes out with its own schema, wherever the object is", () => {
  const anyKeys = { type: "object", description: "What the tool takes" };
  const OPEN: [string, JsonObject][] = [
    ["a property", { args: anyKeys }],
    ["a property without a type", { args: { description: "Whatever the script takes" } }],
    ["items", { all: { type: "array", items: anyKeys } }],
    ["a branch", { args: { anyOf: [{ type: "string" }, anyKeys] } }],
    ["deeper", { outer: { type: "object", properties: { args: anyKeys } } }],
  ];
  for (const [where, properties] of OPEN) {
    const parameters = { $schema: "https://json-schema.org/draft/2020-12/schema", type: "object", properties };
    const { body } = format({ tools: [{ type: "function", name: "f", parameters }] });
    assert.deepEqual(body.tools, [{ functionDeclarations: [{ name: "f", parametersJsonSchema: parameters }] }], where);
  }
});

Deno.test("T16 the choice among tools, and none where there are no tools", () => {
  const tools = [{ type: "function" as const, name: "f" }];
  const CHOICES: [ChatRequest["toolChoice"], JsonObject][] = [
    [{ mode: "auto" }, { mode: "AUTO" }],
    [{ mode: "none" }, { mode: "NONE" }],
    [{ mode: "required" }, { mode: "ANY" }],
    [{ mode: "tool", name: "f" }, { mode: "ANY", allowedFunctionNames: ["f"] }],
    [{ mode: "allowed", names: ["f", "g"], required: true }, { mode: "ANY", allowedFunctionNames: ["f", "g"] }],
    [{ mode: "allowed", names: ["f"], required: false }, { mode: "VALIDATED", allowedFunctionNames: ["f"] }],
  ];
  for (const [toolChoice, functionCallingConfig] of CHOICES) {
    assert.deepEqual(format({ tools, toolChoice: toolChoice! }).body.toolConfig, { functionCallingConfig });
    assert.equal(format({ tools: [], toolChoice: toolChoice! }).body.toolConfig, undefined);
  }
  const server: ServerTool = { type: "server", dialect: "anthropic", kind: "web-search", value: {} };
  assert.equal(format({ tools: [server], toolChoice: { mode: "required" } }).body.toolConfig, undefined);
});

Deno.test("T18 a server tool of another vendor becomes ours of the same kind, or is named as lost", () => {
  const server = (kind: ServerTool["kind"]): ServerTool => ({
    type: "server",
    dialect: "anthropic",
    kind,
    value: { type: "x" },
  });
  const { body, lost } = format({
    tools: [server("web-search"), server("code-execution"), server("url-context"), server("other")],
  });
  assert.deepEqual(body.tools, [{ googleSearch: {} }, { codeExecution: {} }, { urlContext: {} }]);
  assert.deepEqual(lost, ["tools[3]"]);
  const mixed = { tools: [server("web-search"), { type: "function" as const, name: "f" }] };
  const old = format(mixed, "gemini-2.5-flash");
  assert.deepEqual(old.body.tools, [{ functionDeclarations: [{ name: "f" }] }]);
  assert.deepEqual(old.lost, ["tools"]);
  const young = format(mixed, "gemini-3.8-flash");
  assert.deepEqual(young.body.tools, [{ functionDeclarations: [{ name: "f" }] }, { googleSearch: {} }]);
  assert.deepEqual(young.body.toolConfig, { includeServerSideToolInvocations: true });
});

Deno.test("a tool with free text takes an object with one text", () => {
  const { body, lost } = format({ tools: [{ type: "custom", name: "run", description: "Runs" }] });
  const [{ functionDeclarations: [tool] }] = body.tools as [{ functionDeclarations: [JsonObject] }];
  assert.deepEqual((tool.parameters as JsonObject).required, ["input"]);
  assert.deepEqual(lost, ["tools[0]"]);
});

Deno.test("R12 cache marks are named once", () => {
  const cache = { type: "ephemeral" };
  const { lost } = format({
    messages: [{ role: "user", parts: [{ type: "text", text: "a", cache }, { type: "text", text: "b", cache }] }],
    tools: [{ type: "function", name: "f", cache }],
  });
  assert.deepEqual(lost, ["cache"]);
});

Deno.test("a request comes back as it was: parse(format(request)) = request", () => {
  const text = fc.string({ minLength: 1 });
  const args = fc.dictionary(fc.string({ minLength: 1 }), fc.oneof(text, fc.integer(), fc.boolean()), { maxKeys: 3 });
  const name = fc.stringMatching(/^[a-z_]{1,12}$/);
  const part = fc.oneof(
    text.map((text) => ({ text })),
    text.map((data) => ({ inlineData: { mimeType: "image/png", data } })),
    text.map((data) => ({ inlineData: { mimeType: "application/pdf", data } })),
    fc.constant({ fileData: { fileUri: "https://a.example/b.png", mimeType: "image/png" } }),
  );
  const round = fc.tuple(
    fc.array(part, { minLength: 1, maxLength: 3 }),
    text,
    fc.array(fc.tuple(name, args), { maxLength: 3 }),
  )
    .map(([parts, said, calls]) => {
      const answer = [{ role: "user", parts }, { role: "model", parts: [{ text: said }] }];
      if (calls.length === 0) return answer;
      const called = calls.map(([name, args]) => ({ functionCall: { name, args } }));
      const results = calls.map(([name]) => ({ functionResponse: { name, response: { output: said } } }));
      return [...answer.slice(0, 1), { role: "model", parts: [{ text: said }, ...called] }, {
        role: "user",
        parts: results,
      }];
    });
  const body = fc.record({
    contents: fc.array(round, { minLength: 1, maxLength: 3 }).map((
      rounds,
    ) => [...rounds.flat(), { role: "user", parts: [{ text: "?" }] }]),
    systemInstruction: text.map((text) => ({ parts: [{ text }] })),
    generationConfig: fc.record({
      temperature: fc.double({ min: 0, max: 2, noNaN: true }).map((value) => value + 0),
      maxOutputTokens: fc.integer({ min: 100, max: 9999 }),
      candidateCount: fc.integer({ min: 1, max: 4 }),
      stopSequences: fc.array(text, { minLength: 1, maxLength: 5 }),
      responseModalities: fc.constant<string[]>(["TEXT"]),
      thinkingConfig: fc.record({ includeThoughts: fc.boolean(), thinkingBudget: fc.constantFrom(0, -1, 64) }),
    }, { requiredKeys: [] }),
    safetySettings: fc.constant<JsonObject[]>([{ category: "A", threshold: "B" }]),
  }, { requiredKeys: ["contents"] });
  fc.assert(fc.property(body, (asked) => {
    const parsed = request(asked as JsonObject);
    const { body, lost } = gemini.formatRequest(parsed, target());
    const again = request(body);
    assert.deepEqual({ ...again, source: parsed.source }, parsed);
    assert.deepEqual(lost, []);
  }));
});

Deno.test("any neutral request is written without a throw, as a body that parses", () => {
  const text = fc.string();
  const part = fc.oneof(
    fc.record({ type: fc.constant("text" as const), text }),
    fc.record({ type: fc.constant("refusal" as const), text }),
    fc.record({ type: fc.constant("reasoning" as const), text, signature: text }),
    fc.record({
      type: fc.constant("tool-call" as const),
      id: fc.constantFrom("a", "b", "c"),
      name: fc.constantFrom("f", "g.h"),
      json: fc.oneof(text, fc.json()),
    }),
  );
  const message = fc.oneof(
    fc.array(text).map((texts) => ({
      role: "system" as const,
      parts: texts.map((text) => ({ type: "text" as const, text })),
    })),
    text.map(user),
    fc.array(part, { maxLength: 4 }).map((parts) => ({ role: "assistant" as const, parts })),
    fc.record({
      role: fc.constant("tool" as const),
      callId: fc.constantFrom("a", "b", "c", "d"),
      parts: fc.array(fc.record({ type: fc.constant("text" as const), text })),
      isError: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(
      fc.array(message, { minLength: 1 }),
      fc.constantFrom("gemini-2.5-flash", "gemini-3.8-flash"),
      (messages, model) => {
        const { body } = gemini.formatRequest(foreignRequest({ messages: [...messages, user("?")] }), target(model));
        checkContents(body.contents as JsonObject[]);
        request(body);
      },
    ),
  );
});

/** What the API wants of contents: parts in each, calls answered at once and alone, the user first and last. */
function checkContents(contents: JsonObject[]): void {
  const isResult = (part: JsonObject) => part.functionResponse !== undefined;
  assert.equal(contents[0]?.role, "user");
  assert.equal(contents.at(-1)?.role, "user");
  contents.forEach((content, at) => {
    const parts = content.parts as JsonObject[];
    assert.ok(parts.length > 0 && parts.every((part) => part.text !== "" || part.thoughtSignature !== undefined));
    assert.ok(parts.every(isResult) || !parts.some(isResult), "results stand alone");
    const calls = parts.flatMap((part) =>
      part.functionCall === undefined ? [] : [(part.functionCall as JsonObject).id]
    );
    const next = contents[at + 1]?.parts as JsonObject[] | undefined;
    const answered = (next ?? []).filter(isResult).map((part) => (part.functionResponse as JsonObject).id);
    assert.deepEqual([...answered].sort(), [...calls].sort());
    assert.equal(new Set(calls).size, calls.length);
  });
}

Deno.test("Q5 a client's own body stays in its words where no stage altered what they say", () => {
  const body = {
    system_instruction: { parts: [{ text: "Be brief." }, { text: "Be kind." }] },
    contents: [{ role: "user", parts: [{ inlineData: { mimeType: "image/png", data: "AA", displayName: "a.png" } }] }],
    tools: [{ functionDeclarations: [{ name: "f", behavior: "NON_BLOCKING", response: { type: "STRING" } }] }],
    toolConfig: { functionCallingConfig: { mode: "VALIDATED" } },
    generationConfig: {
      maxOutputTokens: 100_000,
      responseMimeType: "application/json",
      responseJsonSchema: { $ref: "#/$defs/A", $defs: { A: { type: "string" } } },
      mediaResolution: "MEDIA_RESOLUTION_LOW",
    },
    cachedContent: "cachedContents/1",
  };
  const route = { model: "m", verb: "generateContent", sse: false };
  const request = gemini.parseRequest(body, { text: JSON.stringify(body), route });
  const target = { model: "gemini-2.5-pro", stream: false, facts: {}, quirks: {} };
  const { system_instruction: systemInstruction, ...others } = body;
  const own = { ...others, systemInstruction };
  assert.deepEqual(gemini.formatRequest(alterRequest(request, { maxTokens: 50 }), target), {
    body: { ...own, generationConfig: { ...body.generationConfig, maxOutputTokens: 50 } },
    lost: [],
  });
  const told = gemini.formatRequest(alterRequest(request, { messages: [user("Hi")] }), target).body;
  assert.deepEqual(told, { ...others, contents: [{ role: "user", parts: [{ text: "Hi" }] }] });
});
