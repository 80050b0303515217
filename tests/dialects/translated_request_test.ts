/** Tests of what a client of one dialect says, as an upstream of another is told of it. */

import assert from "node:assert/strict";
import type { Json, JsonObject } from "../../chat/json.ts";
import type { DialectName } from "../../chat/event.ts";
import type { Quirks } from "../../dialects/dialect.ts";
import { isObject } from "../../dialects/json.ts";
import { DIALECTS } from "../support/dialects.ts";

const ROUTE = { model: "m", verb: "generateContent", sse: false };
const HI = { role: "user", content: "Hi" };

function dialectOf(name: DialectName) {
  return DIALECTS.find(({ dialect }) => dialect.name === name)!.dialect;
}

function translate(from: DialectName, body: JsonObject, to: DialectName, quirks: Quirks = {}) {
  const request = dialectOf(from).parseRequest(from === "gemini" ? body : { model: "m", ...body }, {
    text: JSON.stringify(body),
    ...(from === "gemini" && { route: ROUTE }),
  });
  const target = { model: to === "gemini" ? "gemini-3-pro" : "m", stream: false, facts: {}, quirks };
  return dialectOf(to).formatRequest(request, target);
}

/** The value at a path of members and places, `messages.0.content`. */
function at(value: Json, path: string): Json | undefined {
  return path.split(".").reduce<Json | undefined>(
    (found, key) => Array.isArray(found) ? found.at(Number(key)) : isObject(found) ? found[key] : undefined,
    value,
  );
}

interface Row {
  name: string;
  from: DialectName;
  body: JsonObject;
  to: DialectName;
  quirks?: Quirks;
  /** What the upstream is sent, by its place. */
  sent: Record<string, Json | undefined>;
  /** Paths that are named as lost, and with a `!` before them those that are not. */
  lost?: string[];
}

const text = (text: string) => ({ type: "text", text });
const PNG = "data:image/png;base64,iVBO";
const PICTURE = { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBO" } };
const DOCUMENT = {
  type: "document",
  title: "A",
  context: "From the archive.",
  citations: { enabled: true },
  source: { type: "text", media_type: "text/plain", data: "Hello" },
};
const SOUND = { type: "input_audio", input_audio: { data: "UklG", format: "wav" } };
const FOREIGN_VIDEO = { type: "video_url", video_url: { url: "https://x.example/a.mp4" } };
const UNHEARD = "[Here is a video that this model cannot be given]";
const CLOSED = { type: "object", properties: { a: { type: "string" } }, required: ["a"], additionalProperties: false };
const GRAMMAR = { syntax: "lark", definition: "start: X" };

const ROWS: Row[] = [
  {
    name: "a grammar of a chat's free-text tool stands beside its type in the Responses API",
    from: "openai_chat",
    body: {
      messages: [HI],
      tools: [{ type: "custom", custom: { name: "sh", format: { type: "grammar", grammar: GRAMMAR } } }],
    },
    to: "openai_responses",
    sent: { "tools.0.format": { type: "grammar", ...GRAMMAR } },
  },
  {
    name: "a grammar of a response's free-text tool is a member of its own in a chat with OpenAI",
    from: "openai_responses",
    body: { input: "Hi", tools: [{ type: "custom", name: "sh", format: { type: "grammar", ...GRAMMAR } }] },
    to: "openai_chat",
    quirks: { customTools: true },
    sent: { "tools.0.custom.format": { type: "grammar", grammar: GRAMMAR } },
  },
  {
    name:
      "a free-text tool is a function of one text in a chat with any other vendor, and its grammar is told in words",
    from: "openai_responses",
    body: { input: "Hi", tools: [{ type: "custom", name: "sh", format: { type: "grammar", ...GRAMMAR } }] },
    to: "openai_chat",
    sent: {
      "tools.0.type": "function",
      "tools.0.function.description": "The input is free text that follows this lark grammar:\n\nstart: X",
      "tools.0.function.parameters.required": ["input"],
    },
    lost: ["tools[0]"],
  },
  ...["gemini", "anthropic", "openai_chat", "ollama"].map((to): Row => ({
    name: `sound that a tool gave back is shown to ${to}, or named as lost`,
    from: "openai_responses",
    body: {
      input: [
        { role: "user", content: "Hi" },
        { type: "function_call", call_id: "c", name: "f", arguments: "{}" },
        { type: "function_call_output", call_id: "c", output: [SOUND] },
      ],
    },
    to: to as DialectName,
    sent: to === "openai_chat"
      ? { "messages.3.content.0": SOUND }
      : to === "gemini"
      ? { "contents.-1.parts.0.inlineData": { mimeType: "audio/wav", data: "UklG" } }
      : {},
    lost: [to === "anthropic" || to === "ollama" ? "messages[2].content[0]" : "!messages[2].content[0]"],
  })),
  {
    name: "texts of one message do not run into each other",
    from: "anthropic",
    body: {
      system: [{ type: "text", text: "Be brief." }, { type: "text", text: "Be kind." }],
      messages: [
        HI,
        { role: "assistant", content: [{ type: "tool_use", id: "c", name: "f", input: {} }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "c", content: [text("one"), text("two")] }] },
        { role: "system", content: [text("now"), text("then")] },
      ],
    },
    to: "gemini",
    sent: {
      "systemInstruction.parts": [{ text: "Be brief.\n\nBe kind." }],
      "contents.2.parts.0.functionResponse.response": { output: "one\n\ntwo" },
      "contents.3.parts": [{ text: "<system-reminder>\nnow\n\nthen\n</system-reminder>" }],
    },
  },
  ...(["openai_chat", "ollama"] as const).map((to): Row => ({
    name: `a turn of which nothing can be told is no empty turn to ${to}`,
    from: "anthropic",
    body: {
      messages: [
        HI,
        { role: "assistant", content: [{ type: "server_tool_use", id: "s", name: "web_search", input: {} }] },
        { role: "user", content: [{ type: "container_upload", file_id: "f" }] },
      ],
    },
    to,
    sent: {
      messages: [
        { role: "user", content: "Hi" },
        { role: "user", content: "[Here is something that this model cannot be given]" },
      ],
    },
    lost: [to === "ollama" ? "messages[1].content[0]" : "messages[1]"],
  })),
  ...([
    ["anthropic", "messages.2", { role: "user", content: [text(UNHEARD)] }],
    ["openai_responses", "input.2", {
      type: "message",
      role: "user",
      content: [{ type: "input_text", text: UNHEARD }],
    }],
    ["ollama", "messages.2", { role: "user", content: UNHEARD }],
  ] satisfies [DialectName, string, JsonObject][]).map(([to, place, sent]): Row => ({
    name: `a question of which nothing can be told is no other question to ${to}: the one before, or the instructions`,
    from: "openai_chat",
    body: { messages: [HI, { role: "assistant", content: "Arr" }, { role: "user", content: [FOREIGN_VIDEO] }] },
    to,
    sent: { [place]: sent },
  })),
  {
    name: "a question that is a foreign file alone is none of the instructions to gemini",
    from: "openai_responses",
    body: { instructions: "Be brief", input: [{ role: "user", content: [{ type: "input_file", file_id: "file-1" }] }] },
    to: "gemini",
    sent: {
      "systemInstruction.parts": [{ text: "Be brief" }],
      contents: [{ role: "user", parts: [{ text: "[Here is a file that this model cannot be given]" }] }],
    },
  },
  {
    name: "a picture's type is written as Anthropic knows it",
    from: "openai_chat",
    body: {
      messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "data:image/JPG;base64,iVBO" } }] }],
    },
    to: "anthropic",
    sent: { "messages.0.content.0.source.media_type": "image/jpeg" },
  },
  {
    name: "a file of text is told a chat's upstream as text, which takes no such file",
    from: "openai_responses",
    body: {
      input: [{
        role: "user",
        content: [{ type: "input_file", filename: "a.csv", file_data: "data:text/csv;base64,YSxi" }],
      }],
    },
    to: "openai_chat",
    sent: { "messages.0.content": "a,b" },
  },
  {
    name: "metadata of what a vendor stores is not told to a chat's, which is asked to store nothing",
    from: "openai_responses",
    body: { input: "Hi", metadata: { a: "b" } },
    to: "openai_chat",
    sent: { metadata: undefined },
    lost: ["metadata"],
  },
  ...(["openai_chat", "openai_responses"] as const).map((to): Row => ({
    name: `a strict tool of Claude's with members that are not required is no strict one to ${to}`,
    from: "anthropic",
    body: {
      messages: [HI],
      tools: [
        { name: "open", strict: true, input_schema: { type: "object", properties: { a: {} } } },
        { name: "closed", strict: true, input_schema: { ...CLOSED } },
      ],
    },
    to,
    sent: to === "openai_chat"
      ? { "tools.0.function.strict": undefined, "tools.1.function.strict": true }
      : { "tools.0.strict": false, "tools.1.strict": true },
    lost: ["tools[0].strict", "!tools[1].strict"],
  })),
  {
    name: "what Claude does not take in a strict tool's schema becomes words",
    from: "openai_chat",
    body: {
      messages: [HI],
      tools: [{
        type: "function",
        function: {
          name: "f",
          strict: true,
          parameters: { ...CLOSED, properties: { a: { type: "integer", minimum: 0 } } },
        },
      }],
    },
    to: "anthropic",
    sent: {
      "tools.0.input_schema.properties.a": { type: "integer", description: "{minimum: 0}" },
      "tools.0.strict": true,
    },
  },
  {
    name: "a form with a map is asked for in words of Claude, for which it would be an object without members",
    from: "openai_chat",
    body: {
      messages: [HI],
      response_format: {
        type: "json_schema",
        json_schema: {
          name: "a",
          schema: { type: "object", properties: { of: { type: "object", additionalProperties: { type: "number" } } } },
        },
      },
    },
    to: "anthropic",
    sent: { output_config: undefined },
    lost: ["output"],
  },
  {
    name: "a tier that only Anthropic names so is told in OpenAI's words",
    from: "anthropic",
    body: { messages: [HI], service_tier: "standard_only" },
    to: "openai_chat",
    sent: { service_tier: "default" },
  },
  {
    name: "a tier that only Anthropic names so stays its own",
    from: "anthropic",
    body: { messages: [HI], service_tier: "standard_only" },
    to: "anthropic",
    sent: { service_tier: "standard_only" },
  },
  {
    name: "thinking that is switched on and no more leaves it to the model how much",
    from: "openai_chat",
    body: { messages: [HI], reasoning: { enabled: true } },
    to: "ollama",
    sent: { think: true },
  },
  {
    name: "a model that cannot be kept from thinking is named as such",
    from: "openai_chat",
    body: { messages: [HI], reasoning_effort: "none" },
    to: "gemini",
    sent: { "generationConfig.thinkingConfig": { thinkingLevel: "LOW", includeThoughts: false } },
    lost: ["reasoning"],
  },
  {
    name: "an empty stop string does not end every answer of Ollama's",
    from: "openai_chat",
    body: { messages: [HI], stop: "" },
    to: "ollama",
    sent: { options: undefined },
  },
  {
    name: "an empty list of stop strings, which a chat refuses, is left out",
    from: "ollama",
    body: { messages: [HI], options: { stop: [] } },
    to: "openai_chat",
    sent: { stop: undefined },
  },
  {
    name: "a reasoning of OpenRouter's stays whole in a chat that is written anew",
    from: "openai_chat",
    body: { messages: [HI], reasoning: { max_tokens: 2000, exclude: true } },
    to: "openai_chat",
    sent: { reasoning: { max_tokens: 2000, exclude: true }, reasoning_effort: undefined },
  },
  {
    name: "a chat's safety identifier is the user to others",
    from: "openai_chat",
    body: { messages: [HI], safety_identifier: "s1", user: "u1" },
    to: "anthropic",
    sent: { metadata: { user_id: "s1" } },
    lost: ["!safety_identifier"],
  },
  {
    name: "a chat's two names for its user stay as they are in a chat",
    from: "openai_chat",
    body: { messages: [HI], safety_identifier: "s1", user: "u1" },
    to: "openai_chat",
    sent: { safety_identifier: "s1", user: "u1" },
  },
  ...(["openai_chat", "openai_responses"] as const).map((from): Row => ({
    name: `what ${from} says of the prompt cache holds in OpenAI's other API`,
    from,
    body: { messages: [HI], input: "Hi", prompt_cache_retention: "24h", prompt_cache_options: { mode: "explicit" } },
    to: from === "openai_chat" ? "openai_responses" : "openai_chat",
    sent: { prompt_cache_retention: "24h", prompt_cache_options: { mode: "explicit" } },
    lost: ["!prompt_cache_retention"],
  })),
  ...(["openai_chat", "openai_responses", "gemini", "ollama"] as const).map((to): Row => ({
    name: `what Anthropic alone has is named as lost to ${to}`,
    from: "anthropic",
    body: {
      system: [{ ...text("Be brief."), cache_control: { type: "ephemeral" } }],
      messages: [HI],
      output_config: { effort: "low", task_budget: { type: "tokens", total: 20_000 } },
    },
    to,
    sent: {},
    lost: ["cache", "output_config"],
  })),
  {
    name: "what only the Responses API says of reasoning is named as lost",
    from: "openai_responses",
    body: { input: "Hi", reasoning: { effort: "low", context: "all_turns", mode: null } },
    to: "openai_chat",
    sent: { reasoning_effort: "low" },
    lost: ["reasoning"],
  },
  ...(["openai_chat", "openai_responses", "gemini", "ollama"] as const).map((to): Row => ({
    name: `the notes on a document are named as lost to ${to}`,
    from: "anthropic",
    body: { messages: [{ role: "user", content: [DOCUMENT, text("Well?")] }] },
    to,
    sent: {},
    lost: ["filename", "context", "citations"].map((member) => `messages[0].content[0].${member}`),
  })),
  {
    name: "an image within a document stands behind its text",
    from: "anthropic",
    body: {
      messages: [{
        role: "user",
        content: [{ type: "document", source: { type: "content", content: [PICTURE, text("one"), text("two")] } }],
      }],
    },
    to: "openai_chat",
    sent: { "messages.0.content": [text("one\ntwo"), { type: "image_url", image_url: { url: PNG } }] },
  },
  {
    name: "a sound at an address is no document",
    from: "gemini",
    body: {
      contents: [{ parts: [{ text: "Hi" }, { fileData: { fileUri: "https://a.b/c.mp3", mimeType: "audio/mp3" } }] }],
    },
    to: "anthropic",
    sent: { "messages.0.content": [text("Hi")] },
    lost: ["messages[0].content[1]"],
  },
  {
    name: "an image of a kind that Messages does not take is named as lost",
    from: "gemini",
    body: { contents: [{ parts: [{ text: "Hi" }, { inlineData: { mimeType: "image/heic", data: "AAAA" } }] }] },
    to: "anthropic",
    sent: { "messages.0.content": [text("Hi")] },
    lost: ["messages[0].content[1]"],
  },
  {
    name: "a file of text is its text to Ollama",
    from: "openai_chat",
    body: {
      messages: [{
        role: "user",
        content: [{ type: "file", file: { filename: "a.md", file_data: "data:text/markdown;base64,IyBI" } }],
      }],
    },
    to: "ollama",
    sent: { "messages.0.content": "# H" },
    lost: ["!messages[0].content[0]"],
  },
  {
    name: "an answer that was begun for a model that takes none is told as such",
    from: "anthropic",
    body: { messages: [HI, { role: "assistant", content: "{" }] },
    to: "gemini",
    sent: { "contents.-1": { role: "user", parts: [{ text: "Continue." }] } },
    lost: ["messages"],
  },
  ...(["gemini", "openai_chat", "openai_responses", "ollama"] as const).map((to): Row => ({
    name: `what only Messages knows of a tool is named as lost to ${to}, as far as it says something`,
    from: "anthropic",
    body: {
      messages: [HI],
      tools: [
        {
          ...{ name: "f", input_schema: { type: "object" }, eager_input_streaming: true },
          ...{ input_examples: [{ a: 1 }], allowed_callers: ["code_execution_20250825"], defer_loading: true },
        },
        {
          ...{ name: "g", input_schema: { type: "object" } },
          ...{ input_examples: [], allowed_callers: ["direct"], defer_loading: false },
        },
      ],
    },
    to,
    sent: {},
    lost: [
      ...["tools[0].input_examples", "tools[0].allowed_callers", "tools[0].defer_loading"],
      ...["!tools[0].eager_input_streaming", "!tools[1].input_examples"],
      ...["!tools[1].allowed_callers", "!tools[1].defer_loading"],
    ],
  })),
  {
    name: "the schema of what a function of Gemini's gives back is named as lost",
    from: "gemini",
    body: {
      contents: [{ parts: [{ text: "Hi" }] }],
      tools: [{ functionDeclarations: [{ name: "f", response: { type: "STRING" } }] }],
    },
    to: "openai_chat",
    sent: { "tools.0.function": { name: "f" } },
    lost: ["tools[0].response"],
  },
  {
    name: "a tool of a response that is loaded when it is searched for is a tool like any other elsewhere",
    from: "openai_responses",
    body: { input: "Hi", tools: [{ type: "function", name: "f", defer_loading: true }] },
    to: "anthropic",
    sent: { "tools.0.name": "f", "tools.0.defer_loading": undefined },
    lost: ["tools[0].defer_loading"],
  },
  {
    name: "a picture among Gemini's instructions is shown by the user before all else",
    from: "gemini",
    body: {
      systemInstruction: { parts: [{ text: "Be brief." }, { inlineData: { mimeType: "image/png", data: "iVBO" } }] },
      contents: [{ role: "user", parts: [{ text: "Hi" }] }],
    },
    to: "openai_chat",
    sent: {
      "messages.0": { role: "system", content: "Be brief." },
      "messages.1.content.0": { type: "image_url", image_url: { url: PNG } },
      "messages.-1.content": "Hi",
    },
  },
];

for (const { name, from, body, to, quirks, sent, lost = [] } of ROWS) {
  Deno.test(name, () => {
    const written = translate(from, body, to, quirks);
    for (const [path, value] of Object.entries(sent)) assert.deepEqual(at(written.body, path), value, path);
    const paths = written.lost.map(({ path }) => path);
    for (const path of lost) {
      assert.equal(paths.includes(path.replace("!", "")), !path.startsWith("!"), `${path} in ${paths.join(", ")}`);
    }
  });
}
