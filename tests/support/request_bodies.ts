/** A rich body for each route that answers: every kind of part, turn, tool and setting that its dialect knows. */

import type { JsonObject } from "../../chat/json.ts";
import { anthropic } from "../../dialects/anthropic/mod.ts";
import type { Dialect } from "../../dialects/dialect.ts";
import { gemini } from "../../dialects/gemini/mod.ts";
import { ollama, ollamaGenerate } from "../../dialects/ollama/mod.ts";
import { openaiChat } from "../../dialects/openai_chat/mod.ts";
import { openaiCompletions } from "../../dialects/openai_completions/mod.ts";
import { openaiResponses } from "../../dialects/openai_responses/mod.ts";

export interface RichBody {
  dialect: Dialect;
  body: JsonObject;
  /** What the path says. */
  route?: JsonObject;
}

const PNG = "iVBORw0KGgo=";
const DATA_URL = `data:image/png;base64,${PNG}`;
const SCHEMA = {
  type: "object",
  properties: { city: { type: ["string", "null"], enum: ["Bern"] }, near: { anyOf: [{ $ref: "#/$defs/p" }, {}] } },
  required: ["city"],
  $defs: { p: { type: "array", items: { type: "number", minimum: 0 } } },
  additionalProperties: false,
};
const FUNCTION = { name: "get_weather", description: "The weather", parameters: SCHEMA, strict: true };
const CALLED = { name: "get_weather", arguments: '{"city":"Bern"}' };

export const RICH_BODIES: readonly RichBody[] = [
  {
    dialect: openaiChat,
    body: {
      model: "m",
      messages: [
        { role: "system", content: "Be brief.", name: "s" },
        { role: "developer", content: [{ type: "text", text: "In verse." }] },
        {
          role: "user",
          content: [
            { type: "text", text: "Hi" },
            { type: "image_url", image_url: { url: DATA_URL, detail: "low" } },
            { type: "input_audio", input_audio: { data: "AAAA", format: "wav" } },
            { type: "file", file: { file_data: "data:application/pdf;base64,AAAA", filename: "a.pdf" } },
          ],
        },
        {
          role: "assistant",
          content: null,
          reasoning_content: "Hm",
          reasoning_details: [{ type: "reasoning.text", text: "Hm", signature: "Ab==" }],
          tool_calls: [{ id: "c1", type: "function", function: CALLED }],
        },
        { role: "tool", tool_call_id: "c1", content: [{ type: "text", text: "Sun" }] },
      ],
      stream: true,
      stream_options: { include_usage: true },
      tools: [{ type: "function", function: FUNCTION }, { type: "custom", custom: { name: "sh" } }],
      tool_choice: { type: "function", function: { name: "get_weather" } },
      ...{ temperature: 0.5, top_p: 0.9, n: 2, seed: 1, max_tokens: 10, logprobs: true, top_logprobs: 1 },
      ...{ stop: ["END"], logit_bias: { "1": 2 }, reasoning_effort: "low", user: "u", metadata: { a: "b" } },
      response_format: { type: "json_schema", json_schema: { name: "n", schema: SCHEMA, strict: true } },
    },
  },
  {
    dialect: openaiCompletions,
    body: {
      ...{ model: "m", prompt: "Once", stream: true, stream_options: { include_usage: true }, echo: true, n: 2 },
      ...{ max_tokens: 5, temperature: 1, top_p: 1, stop: ["END"], logprobs: 1, suffix: "x", logit_bias: { "1": 1 } },
    },
  },
  {
    dialect: openaiResponses,
    body: {
      model: "m",
      instructions: "Be brief.",
      input: [
        { role: "user", content: [{ type: "input_text", text: "Hi" }, { type: "input_image", image_url: DATA_URL }] },
        { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "Hm" }], encrypted_content: "gAA" },
        { type: "function_call", id: "fc_1", call_id: "c1", ...CALLED },
        { type: "function_call_output", call_id: "c1", output: "Sun" },
        { type: "message", role: "assistant", content: [{ type: "output_text", text: "Yes", annotations: [] }] },
      ],
      tools: [{ type: "function", ...FUNCTION }, { type: "custom", name: "sh" }, { type: "web_search" }],
      tool_choice: { type: "function", name: "get_weather" },
      text: { format: { type: "json_schema", name: "n", schema: SCHEMA }, verbosity: "low" },
      reasoning: { effort: "low", summary: "auto" },
      ...{
        stream: true,
        store: false,
        max_output_tokens: 10,
        temperature: 1,
        include: ["reasoning.encrypted_content"],
      },
    },
  },
  {
    dialect: anthropic,
    body: {
      model: "m",
      max_tokens: 2000,
      system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "Hi" },
            { type: "image", source: { type: "base64", media_type: "image/png", data: PNG } },
            { type: "document", source: { type: "text", media_type: "text/plain", data: "x" }, title: "t" },
          ],
        },
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "Hm", signature: "Ab==" },
            { type: "redacted_thinking", data: "AAAA" },
            { type: "tool_use", id: "toolu_1", name: "get_weather", input: { city: "Bern" } },
          ],
        },
        {
          role: "user",
          content: [{ type: "tool_result", tool_use_id: "toolu_1", content: [{ type: "text", text: "Sun" }] }],
        },
      ],
      tools: [
        { name: "get_weather", description: "d", input_schema: SCHEMA },
        { type: "web_search_20250305", name: "web_search", max_uses: 1 },
      ],
      tool_choice: { type: "tool", name: "get_weather", disable_parallel_tool_use: true },
      thinking: { type: "enabled", budget_tokens: 1024 },
      output_config: { effort: "low", format: { type: "json_schema", schema: SCHEMA } },
      ...{ stream: true, temperature: 1, top_k: 5, stop_sequences: ["END"], metadata: { user_id: "u" } },
    },
  },
  {
    dialect: gemini,
    route: { model: "gemini-2.5-flash", verb: "streamGenerateContent", sse: true },
    body: {
      systemInstruction: { parts: [{ text: "Be brief." }] },
      contents: [
        { role: "user", parts: [{ text: "Hi" }, { inlineData: { mimeType: "image/png", data: PNG } }] },
        { role: "model", parts: [{ functionCall: { name: "get_weather", args: {} }, thoughtSignature: "AbC=" }] },
        { role: "user", parts: [{ functionResponse: { name: "get_weather", response: { result: "Sun" } } }] },
      ],
      tools: [{ functionDeclarations: [{ name: "get_weather", parameters: SCHEMA }] }, { googleSearch: {} }],
      toolConfig: { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["get_weather"] } },
      generationConfig: {
        ...{ temperature: 1, topK: 3, candidateCount: 2, stopSequences: ["END"], maxOutputTokens: 50 },
        ...{ responseMimeType: "application/json", responseSchema: SCHEMA },
        thinkingConfig: { includeThoughts: true, thinkingBudget: 64 },
      },
      safetySettings: [{ category: "A", threshold: "B" }],
    },
  },
  {
    dialect: ollama,
    body: {
      model: "m",
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Hi", images: [PNG] },
        { role: "assistant", content: "", tool_calls: [{ function: { name: "get_weather", arguments: { a: 1 } } }] },
        { role: "tool", content: "Sun", tool_name: "get_weather" },
      ],
      tools: [{ type: "function", function: FUNCTION }],
      format: SCHEMA,
      options: { temperature: 1, num_predict: 5, seed: 1, stop: ["END"], top_k: 3 },
      ...{ stream: true, think: "low", keep_alive: "5m", logprobs: true, top_logprobs: 1 },
    },
  },
  {
    dialect: ollamaGenerate,
    body: {
      ...{ model: "m", prompt: "Hi", system: "Be brief.", images: [PNG], format: "json", stream: true, think: true },
      options: { temperature: 1, stop: "END" },
    },
  },
];
