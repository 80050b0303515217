/** What is read of the bodies that clients of Chat Completions send: strict where it protects. */

import * as z from "zod";
import type { JsonObject } from "../../chat/json.ts";
import { lazy } from "../lazy.ts";
import { filledText, json, optional } from "../schema.ts";

const textPart = lazy(() =>
  z.looseObject({ type: z.literal("text"), text: z.string(), cache_control: optional.object })
);

const knownPart = lazy(() =>
  z.discriminatedUnion("type", [
    textPart(),
    z.looseObject({ type: z.literal("refusal"), refusal: z.string() }),
    z.looseObject({
      type: z.literal("image_url"),
      image_url: z.union([z.string(), z.looseObject({ url: z.string(), detail: optional.text })]),
      cache_control: optional.object,
    }),
    z.looseObject({
      type: z.literal("input_audio"),
      input_audio: z.looseObject({ data: z.string(), format: z.string() }),
    }),
    z.looseObject({
      type: z.literal("file"),
      file: z.looseObject({
        file_data: optional.text,
        file_id: optional.text,
        filename: optional.text,
      }),
      cache_control: optional.object,
    }),
    z.looseObject({
      type: z.literal("video_url"),
      video_url: z.union([z.string(), z.looseObject({ url: z.string() })]),
    }),
  ])
);

const knownTypes = lazy(() => new Set(knownPart().options.map((option) => option.shape.type.value as string)));

/** A part of a vendor's own is carried to upstreams of this dialect, so only its having a type is asked for. */
const otherPart = lazy(() =>
  z.looseObject({ type: z.string().refine((type) => !knownTypes().has(type)) })
    .transform((value) => ({ type: "other" as const, value: value as JsonObject }))
);

const part = lazy(() => z.union([knownPart(), otherPart()]));
const content = lazy(() => z.union([z.string(), z.array(part())]).nullish());
const textContent = lazy(() => z.union([z.string(), z.array(textPart())]).nullish());
const name = optional.text;

const toolCall = lazy(() =>
  z.looseObject({
    id: filledText,
    function: z.looseObject({ name: filledText, arguments: json }).nullish(),
    custom: z.looseObject({ name: filledText, input: z.string() }).nullish(),
    extra_content: optional.object,
    cache_control: optional.object,
  })
);

const message = lazy(() =>
  z.discriminatedUnion("role", [
    z.looseObject({ role: z.literal("system"), content: textContent(), name }),
    z.looseObject({ role: z.literal("developer"), content: textContent(), name }),
    z.looseObject({ role: z.literal("user"), content: content(), name }),
    z.looseObject({
      role: z.literal("assistant"),
      content: content(),
      name,
      refusal: optional.text,
      tool_calls: z.array(toolCall()).nullish(),
      function_call: z.looseObject({ name: filledText, arguments: json }).nullish(),
      images: z.array(part()).nullish(),
    }),
    z.looseObject({
      role: z.literal("tool"),
      content: content(),
      tool_call_id: filledText,
      name,
      cache_control: optional.object,
    }),
    z.looseObject({ role: z.literal("function"), content: content(), name: filledText }),
  ])
);

const functionSchema = lazy(() =>
  z.looseObject({
    name: filledText,
    description: optional.text,
    parameters: optional.object,
    strict: optional.flag,
  })
);

const tool = lazy(() =>
  z.union([
    z.looseObject({
      type: z.literal("function").nullish(),
      function: functionSchema(),
      cache_control: optional.object,
    }).transform((value) => ({ ...value, type: "function" as const })),
    z.looseObject({
      type: z.literal("custom"),
      custom: z.looseObject({ name: filledText, description: optional.text, format: optional.object }),
    }),
    /** The flat form of the Responses API, which its users bring along. */
    functionSchema().extend({ type: z.literal("function").nullish() })
      .transform((value) => ({ type: "function" as const, function: value, cache_control: undefined })),
    z.looseObject({ type: z.string().refine((type) => type !== "function" && type !== "custom") })
      .transform((value) => ({ type: "server" as const, value: value as JsonObject })),
  ])
);

const named = lazy(() => z.looseObject({ name: filledText }));

const toolChoice = lazy(() =>
  z.union([
    z.enum(["auto", "none", "required"]),
    /** Mistral's word, which its clients bring along. */
    z.literal("any").transform(() => "required" as const),
    z.looseObject({ type: z.literal("function"), function: named() }),
    z.looseObject({ type: z.literal("custom"), custom: named() }),
    z.looseObject({
      type: z.literal("allowed_tools"),
      allowed_tools: z.looseObject({
        mode: z.enum(["auto", "required"]),
        tools: z.array(z.looseObject({ function: named().nullish(), custom: named().nullish() })),
      }),
    }),
  ])
);

const responseFormat = lazy(() =>
  z.discriminatedUnion("type", [
    z.looseObject({ type: z.literal("text") }),
    z.looseObject({ type: z.literal("json_object") }),
    z.looseObject({
      type: z.literal("json_schema"),
      json_schema: z.looseObject({
        name: optional.text,
        description: optional.text,
        schema: optional.object,
        strict: optional.flag,
      }),
    }),
  ])
);

const number = optional.number;
const limit = optional.limit;

export const requestSchema = lazy(() =>
  z.looseObject({
    // Absent, it means the catalogue's default, as LangFast's older proxy had one.
    model: z.string().nullish(),
    messages: z.array(message()).min(1),
    stream: optional.flag,
    stream_options: z.looseObject({ include_usage: optional.flag }).nullish(),
    tools: z.array(tool()).nullish(),
    tool_choice: toolChoice().nullish(),
    parallel_tool_calls: optional.flag,
    functions: z.array(functionSchema()).nullish(),
    function_call: z.union([z.enum(["auto", "none"]), named()]).nullish(),
    max_tokens: limit,
    max_completion_tokens: limit,
    temperature: number,
    top_p: number,
    top_k: number,
    min_p: number,
    presence_penalty: number,
    frequency_penalty: number,
    repetition_penalty: number,
    seed: number,
    stop: z.union([z.string(), z.array(z.string())]).nullish(),
    n: limit,
    logprobs: optional.flag,
    top_logprobs: z.int().min(0).nullish(),
    logit_bias: optional.object,
    reasoning_effort: optional.text,
    reasoning: z.looseObject({
      effort: optional.text,
      max_tokens: z.int().nullish(),
      exclude: optional.flag,
      enabled: optional.flag,
    }).nullish(),
    response_format: responseFormat().nullish(),
    verbosity: optional.text,
    user: optional.text,
    safety_identifier: optional.text,
    metadata: optional.object,
    service_tier: optional.text,
    prompt_cache_key: optional.text,
    web_search_options: json.nullish(),
  })
);

export type RequestBody = z.infer<ReturnType<typeof requestSchema>>;
export type RequestMessage = z.infer<ReturnType<typeof message>>;
export type RequestPart = z.infer<ReturnType<typeof part>>;
export type RequestTool = z.infer<ReturnType<typeof tool>>;
export type RequestToolCall = z.infer<ReturnType<typeof toolCall>>;
