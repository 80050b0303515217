/** What is read of the bodies that clients of Chat Completions send: strict where it protects. */

import * as z from "zod";
import type { JsonObject } from "../../chat/json.ts";
import { lazy } from "../lazy.ts";
import { json, object } from "../schema.ts";

const textPart = lazy(() =>
  z.looseObject({ type: z.literal("text"), text: z.string(), cache_control: object.nullish() })
);

const knownPart = lazy(() =>
  z.discriminatedUnion("type", [
    textPart(),
    z.looseObject({ type: z.literal("refusal"), refusal: z.string() }),
    z.looseObject({
      type: z.literal("image_url"),
      image_url: z.union([z.string(), z.looseObject({ url: z.string(), detail: z.string().nullish() })]),
      cache_control: object.nullish(),
    }),
    z.looseObject({
      type: z.literal("input_audio"),
      input_audio: z.looseObject({ data: z.string(), format: z.string() }),
    }),
    z.looseObject({
      type: z.literal("file"),
      file: z.looseObject({
        file_data: z.string().nullish(),
        file_id: z.string().nullish(),
        filename: z.string().nullish(),
      }),
      cache_control: object.nullish(),
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
const name = z.string().nullish();

const toolCall = lazy(() =>
  z.looseObject({
    id: z.string().min(1),
    function: z.looseObject({ name: z.string().min(1), arguments: json }).nullish(),
    custom: z.looseObject({ name: z.string().min(1), input: z.string() }).nullish(),
    extra_content: object.nullish(),
    cache_control: object.nullish(),
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
      refusal: z.string().nullish(),
      tool_calls: z.array(toolCall()).nullish(),
      function_call: z.looseObject({ name: z.string().min(1), arguments: json }).nullish(),
      images: z.array(part()).nullish(),
    }),
    z.looseObject({
      role: z.literal("tool"),
      content: content(),
      tool_call_id: z.string().min(1),
      name,
      cache_control: object.nullish(),
    }),
    z.looseObject({ role: z.literal("function"), content: content(), name: z.string().min(1) }),
  ])
);

const functionSchema = lazy(() =>
  z.looseObject({
    name: z.string().min(1),
    description: z.string().nullish(),
    parameters: object.nullish(),
    strict: z.boolean().nullish(),
  })
);

const tool = lazy(() =>
  z.union([
    z.looseObject({
      type: z.literal("function").nullish(),
      function: functionSchema(),
      cache_control: object.nullish(),
    }).transform((value) => ({ ...value, type: "function" as const })),
    z.looseObject({
      type: z.literal("custom"),
      custom: z.looseObject({ name: z.string().min(1), description: z.string().nullish(), format: object.nullish() }),
    }),
    /** The flat form of the Responses API, which its users bring along. */
    functionSchema().extend({ type: z.literal("function").nullish() })
      .transform((value) => ({ type: "function" as const, function: value, cache_control: undefined })),
    z.looseObject({ type: z.string().refine((type) => type !== "function" && type !== "custom") })
      .transform((value) => ({ type: "server" as const, value: value as JsonObject })),
  ])
);

const named = lazy(() => z.looseObject({ name: z.string().min(1) }));

const toolChoice = lazy(() =>
  z.union([
    z.enum(["auto", "none", "required"]),
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
        name: z.string().nullish(),
        description: z.string().nullish(),
        schema: object.nullish(),
        strict: z.boolean().nullish(),
      }),
    }),
  ])
);

const number = z.number().nullish();
const limit = z.int().min(1).nullish();

export const requestSchema = lazy(() =>
  z.looseObject({
    // Absent, it means the catalogue's default, as LangFast's older proxy had one.
    model: z.string().default(""),
    messages: z.array(message()).min(1),
    stream: z.boolean().nullish(),
    stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
    tools: z.array(tool()).nullish(),
    tool_choice: toolChoice().nullish(),
    parallel_tool_calls: z.boolean().nullish(),
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
    logprobs: z.boolean().nullish(),
    top_logprobs: z.int().min(0).nullish(),
    logit_bias: object.nullish(),
    reasoning_effort: z.string().nullish(),
    reasoning: z.looseObject({
      effort: z.string().nullish(),
      max_tokens: z.int().nullish(),
      exclude: z.boolean().nullish(),
      enabled: z.boolean().nullish(),
    }).nullish(),
    response_format: responseFormat().nullish(),
    verbosity: z.string().nullish(),
    user: z.string().nullish(),
    safety_identifier: z.string().nullish(),
    metadata: object.nullish(),
    service_tier: z.string().nullish(),
    prompt_cache_key: z.string().nullish(),
    web_search_options: json.nullish(),
  })
);

export type RequestBody = z.infer<ReturnType<typeof requestSchema>>;
export type RequestMessage = z.infer<ReturnType<typeof message>>;
export type RequestPart = z.infer<ReturnType<typeof part>>;
export type RequestTool = z.infer<ReturnType<typeof tool>>;
export type RequestToolCall = z.infer<ReturnType<typeof toolCall>>;
