/** Tests of writing a body for an upstream. */

import assert from "node:assert/strict";
import type { JsonObject } from "../../../chat/json.ts";
import { alterRequest, type ChatRequest } from "../../../chat/request.ts";
import type { Target, WebSearchWords } from "../../../dialects/dialect.ts";
import { openaiChat } from "../../../dialects/openai_chat/mod.ts";
import { request, TARGET, untouched, USER } from "./support.ts";

function format(given: ChatRequest, target: Partial<Target> = {}) {
  return openaiChat.formatRequest(given, { ...TARGET, stream: false, ...target });
}

/** The fields of a body beside its model, messages and stream. */
function fields(body: JsonObject, target: Partial<Target> = {}): JsonObject {
  const { model: _, messages: __, stream: ___, ...rest } = format(request(body), target).body;
  return rest;
}

/** A request of a client of another dialect. */
function foreign(changes: Partial<ChatRequest>): ChatRequest {
  return { ...request(), ...changes, source: { dialect: "anthropic", body: {} } };
}

Deno.test("the least request is model, messages and stream", () => {
  assert.deepEqual(format(request()), {
    body: { model: "upstream-model", messages: [USER], stream: false },
    lost: [],
  });
});

/** Bodies whose fields are the same when they were read and written again. */
const SAME: JsonObject[] = [
  { max_tokens: 5, temperature: 0, top_p: 0.5, top_k: 3, min_p: 0.1, seed: 7, n: 2 },
  { presence_penalty: 1, frequency_penalty: -1, repetition_penalty: 1.1 },
  { stop: ["a", "b"], logprobs: true, top_logprobs: 3, logit_bias: { 5: -100 } },
  { reasoning_effort: "xhigh", verbosity: "low" },
  { reasoning_effort: "ultra" },
  { response_format: { type: "text" } },
  { web_search_options: { search_context_size: "low" } },
  { response_format: { type: "json_object" } },
  { response_format: { type: "json_schema", json_schema: { name: "x", description: "d", schema: {}, strict: true } } },
  { user: "u", metadata: { a: "b" }, service_tier: "flex", prompt_cache_key: "k" },
  { safety_identifier: "x", chat_template_kwargs: { enable_thinking: false }, store: null },
];

for (const body of SAME) {
  Deno.test(`fields are written as they were read: ${Object.keys(body)}`, () => {
    assert.deepEqual(JSON.parse(JSON.stringify(fields(body))), body);
  });
}

Deno.test("O7 a stream is asked for with its counts, unless the upstream refuses the option", () => {
  assert.deepEqual(fields({}, { stream: true }), { stream_options: { include_usage: true } });
  assert.deepEqual(fields({}, { stream: true, quirks: { noStreamOptions: true } }), {});
  assert.equal(format(request(), { stream: true }).body.stream, true);
});

const LIMITS: [model: string, field: string][] = [
  ["gpt-4.1", "max_tokens"],
  ["gpt-5", "max_completion_tokens"],
  ["gpt-5.1-codex", "max_completion_tokens"],
  ["openai/gpt-5-mini", "max_completion_tokens"],
  ["o1-mini", "max_completion_tokens"],
  ["o3", "max_completion_tokens"],
  ["openai/o4-mini", "max_completion_tokens"],
  ["gpt-oss-120b", "max_tokens"],
  ["deepseek-chat", "max_tokens"],
  ["olmo-2", "max_tokens"],
];

Deno.test("R2 the limit has the name that the model wants, or the vendor", () => {
  for (const [model, field] of LIMITS) assert.deepEqual(fields({ max_tokens: 9 }, { model }), { [field]: 9 }, model);
  const quirks = { maxTokensField: "max_completion_tokens" } as const;
  assert.deepEqual(fields({ max_tokens: 9 }, { quirks }), { max_completion_tokens: 9 });
  assert.deepEqual(fields({ max_tokens: 9 }, { model: "gpt-5", quirks: { maxTokensField: "max_tokens" } }), {
    max_tokens: 9,
  });
});

Deno.test("R5 more stop strings than are taken are cut, and named as lost", () => {
  const { body, lost } = format(request({ stop: ["a", "b", "c", "d", "e"] }));
  assert.deepEqual(body.stop, ["a", "b", "c", "d"]);
  assert.deepEqual(lost.map(({ path }) => path), ["stop[4]"]);
});

Deno.test("K12 a budget of thinking tokens is told as an effort", () => {
  assert.equal(format(foreign({ reasoning: { budget: 10_000 } })).body.reasoning_effort, "high");
  assert.equal(format(foreign({ reasoning: { budget: 0 } })).body.reasoning_effort, "none");
  assert.ok(!("reasoning_effort" in format(foreign({ reasoning: { budget: -1 } })).body));
});

Deno.test("R7 a schema of another dialect gets the name that is required here", () => {
  const { body } = format(foreign({ output: { type: "schema", schema: { type: "object" } } }));
  assert.deepEqual(JSON.parse(JSON.stringify(body.response_format)), {
    type: "json_schema",
    json_schema: { name: "response", schema: { type: "object" } },
  });
});

Deno.test("Q5 fields that only another dialect has are named as lost", () => {
  const { body, lost } = format(foreign({ extra: { context_management: {}, speed: "fast" } }));
  assert.ok(!("speed" in body));
  assert.deepEqual(lost.map(({ path }) => path), ["context_management", "speed"]);
});

// ── Tools ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const TOOL = {
  type: "function",
  function: { name: "f", description: "d", parameters: { type: "object" }, strict: true },
};

const SAME_TOOLS: { name: string; body: JsonObject }[] = [
  { name: "T24 a function with strict", body: { tools: [TOOL], tool_choice: "auto", parallel_tool_calls: false } },
  { name: "a function without parameters", body: { tools: [{ type: "function", function: { name: "f" } }] } },
  { name: "R12 a cache mark", body: { tools: [{ ...TOOL, cache_control: { type: "ephemeral" } }] } },
  {
    name: "a custom tool and its choice",
    body: {
      tools: [{ type: "custom", custom: { name: "sh", description: "d", format: { type: "text" } } }],
      tool_choice: { type: "custom", custom: { name: "sh" } },
    },
  },
  {
    name: "a tool that runs at the vendor",
    body: { tools: [{ type: "web_search_preview", search_context_size: "low" }] },
  },
  { name: "T16 a choice of one", body: { tools: [TOOL], tool_choice: { type: "function", function: { name: "f" } } } },
  { name: "T16 no choice", body: { tools: [TOOL], tool_choice: "none" } },
  { name: "T16 any", body: { tools: [TOOL], tool_choice: "required" } },
  {
    name: "T16 a choice of some",
    body: {
      tools: [TOOL],
      tool_choice: {
        type: "allowed_tools",
        allowed_tools: { mode: "required", tools: [{ type: "function", function: { name: "f" } }] },
      },
    },
  },
  {
    name: "T16 a choice of some, or of none",
    body: {
      tools: [TOOL],
      tool_choice: {
        type: "allowed_tools",
        allowed_tools: { mode: "auto", tools: [{ type: "function", function: { name: "f" } }] },
      },
    },
  },
];

for (const { name, body } of SAME_TOOLS) {
  Deno.test(`tools are written as they were read: ${name}`, () => {
    assert.deepEqual(JSON.parse(JSON.stringify(fields(body))), body);
  });
}

Deno.test("T16 a choice without tools is dropped, and so is the leave to call several", () => {
  assert.deepEqual(fields({ tool_choice: "auto", parallel_tool_calls: false, tools: [] }), {});
});

Deno.test("T17 tools without a type, and in the flat form of the Responses API, are functions", () => {
  const { function: flat } = TOOL;
  for (const tool of [{ function: flat }, flat, { type: "function", ...flat }]) {
    assert.deepEqual(JSON.parse(JSON.stringify(fields({ tools: [tool] }))), { tools: [TOOL] });
  }
});

Deno.test("T18 tools that another vendor runs are lost, and their choice with them", () => {
  const { body, lost } = format(foreign({
    tools: [{ type: "server", dialect: "anthropic", kind: "web-search", value: { type: "web_search_20250305" } }],
    toolChoice: { mode: "auto" },
  }));
  assert.ok(!("tools" in body) && !("tool_choice" in body));
  assert.deepEqual(lost.map(({ path }) => path), ["tools[0]"]);
});

/** What a vendor is asked for in place of Anthropic's search, and what is lost of where it was to look. */
const SEARCHES: [words: WebSearchWords, body: JsonObject, lost: string[]][] = [
  ["openrouter", {
    tools: [{
      type: "openrouter:web_search",
      parameters: { allowed_domains: ["deno.com"], user_location: { type: "approximate", city: "Bern" } },
    }],
  }, []],
  ["glm", { tools: [{ type: "web_search", web_search: { enable: true, search_result: true } }] }, ["tools[0]"]],
  ["qwen", { enable_search: true }, ["tools[0]"]],
];

for (const [webSearch, asked, losses] of SEARCHES) {
  Deno.test(`T18 a search of the web is asked for in the words of the vendor: ${webSearch}`, () => {
    const { body, lost } = format(
      foreign({
        tools: [{
          ...{ type: "server", dialect: "anthropic", kind: "web-search", value: { type: "web_search_20250305" } },
          scope: { allowed: ["deno.com"], location: { type: "approximate", city: "Bern" } },
        }],
        toolChoice: { mode: "tool", name: "web_search" },
      }),
      { quirks: { webSearch } },
    );
    const { tools, enable_search } = body;
    assert.deepEqual({ ...(tools && { tools }), ...(enable_search && { enable_search }) }, asked);
    assert.deepEqual(lost.map(({ path }) => path).filter((path) => path.startsWith("tools")), losses);
  });
}

Deno.test("T18 without a wish for domains nothing is lost of a search, and a client's own words stay", () => {
  const server = { type: "server", kind: "web-search", value: { type: "web_search" } } as const;
  for (const webSearch of ["openrouter", "glm", "qwen"] as const) {
    const { body, lost } = format(foreign({ tools: [{ ...server, dialect: "gemini" }] }), { quirks: { webSearch } });
    assert.ok("tools" in body || "enable_search" in body);
    assert.deepEqual(lost, []);
    const own = format(foreign({ tools: [{ ...server, dialect: "openai_chat" }] }), { quirks: { webSearch } }).body;
    assert.deepEqual([own.tools, own.enable_search], [[{ type: "web_search" }], undefined]);
  }
});

Deno.test("T18 what a vendor's tool does is known by its type", () => {
  const kindOf = (type: string) => {
    const [tool] = request({ tools: [{ type }] }).tools ?? [];
    return tool?.type === "server" && tool.kind;
  };
  assert.equal(kindOf("web_search_preview"), "web-search");
  assert.equal(kindOf("openrouter:web_search"), "web-search");
  assert.equal(kindOf("code_interpreter"), "code-execution");
  assert.equal(kindOf("url_context"), "url-context");
  assert.equal(kindOf("mcp"), "other");
});

Deno.test("the older functions are tools", () => {
  const { function: flat } = TOOL;
  assert.deepEqual(JSON.parse(JSON.stringify(fields({ functions: [flat], function_call: { name: "f" } }))), {
    tools: [TOOL],
    tool_choice: { type: "function", function: { name: "f" } },
  });
  assert.equal(fields({ functions: [flat], function_call: "none" }).tool_choice, "none");
});

Deno.test("T16 Mistral's word for a call that there has to be is everybody's", () => {
  assert.equal(fields({ tools: [TOOL], tool_choice: "any" }).tool_choice, "required");
});

/** What only some vendors know of a part or a tool: https://docs.vllm.ai/en/latest/features/multimodal_inputs/ has `uuid`, Qwen `fps`. */
const SEEN = {
  role: "user",
  content: [
    { type: "image_url", image_url: { url: "https://x.example/a.png", min_pixels: 4 }, uuid: "a" },
    { type: "video_url", video_url: { url: "https://x.example/a.mp4" }, fps: 2 },
  ],
};
const SEARCH = { type: "function", function: { name: "search", parameters: {}, cached: true }, strict_mode: 1 };

Deno.test("R10 what no stage has altered is written as the client wrote it, with all that only its vendor knows", () => {
  const asked = untouched({ messages: [SEEN, USER], tools: [SEARCH], temperature: 1 });
  const lead = { role: "system" as const, parts: [{ type: "text" as const, text: "Be brief" }] };
  const { messages, tools, temperature } =
    format(alterRequest(asked, { messages: [lead, ...asked.messages], temperature: 0.5 })).body;
  assert.deepEqual(messages, [{ role: "system", content: "Be brief" }, SEEN, USER]);
  assert.deepEqual(tools, [SEARCH]);
  assert.equal(temperature, 0.5);
});

Deno.test("what a stage has altered is written anew, whatever the body said", () => {
  const asked = untouched({ messages: [SEEN, USER], tools: [SEARCH] });
  const [seen, user] = asked.messages;
  const [tool] = asked.tools ?? [];
  const said = { ...user!, parts: [{ type: "text" as const, text: "Bye" }] } as typeof asked.messages[number];
  const { messages, tools } = format(alterRequest(asked, { messages: [seen!, said], tools: [tool!] })).body;
  assert.deepEqual(messages, [SEEN, { role: "user", content: "Bye" }]);
  assert.deepEqual(tools, [{ type: "function", function: { name: "search", parameters: {} } }]);
});

Deno.test("R6 R9 a vendor's wishes hold for messages that are written as they came", () => {
  const messages = [{ role: "developer", content: "Be brief", x: 1 }, {
    role: "user",
    content: [{ type: "text", text: "Hi" }],
  }];
  const { body } = format(untouched({ messages }), { quirks: { flatContent: true } });
  assert.deepEqual(body.messages, [{ role: "system", content: "Be brief", x: 1 }, USER]);
});

Deno.test("what a client says of its own stream is kept beside the counts that are asked for", () => {
  const stream_options = { include_obfuscation: false };
  const { body } = format(request({ stream: true, stream_options }), { stream: true });
  assert.deepEqual(body.stream_options, { include_obfuscation: false, include_usage: true });
  assert.deepEqual(format(foreign({}), { stream: true }).body.stream_options, { include_usage: true });
});
