/** What is read of the bodies of the Responses API: strict with a client where it protects, tolerant with an upstream. */

import * as z from "zod";
import { lazy } from "../lazy.ts";
import {
  anyJson,
  filledText,
  json,
  maybe,
  maybeCount,
  maybeObject,
  maybeText,
  maybeWhole,
  object,
  optional,
  place,
} from "../schema.ts";
import { other, typed } from "./typed_schema.ts";

// ── What a client sends ──────────────────────────────────────────────────────────────────────────────────────────────

const TEXT_TYPES = ["input_text", "output_text", "text"] as const;

const part = lazy(() =>
  typed(z.discriminatedUnion("type", [
    z.looseObject({ type: z.literal(TEXT_TYPES), text: z.string() }),
    z.looseObject({ type: z.literal("refusal"), refusal: z.string() }),
    z.looseObject({
      type: z.literal("input_image"),
      image_url: optional.text,
      file_id: optional.text,
      detail: optional.text,
    }),
    z.looseObject({
      type: z.literal("input_file"),
      file_data: optional.text,
      file_url: optional.text,
      file_id: optional.text,
      filename: optional.text,
    }),
    z.looseObject({
      type: z.literal("input_audio"),
      input_audio: z.looseObject({ data: z.string(), format: z.string() }),
    }),
    other(),
  ]))
);

const callId = filledText;
const name = filledText;
const text = lazy(() => z.looseObject({ text: z.string() }));
const output = lazy(() => z.union([z.string(), z.array(part())]));

const functionSchema = lazy(() =>
  z.looseObject({
    name,
    description: optional.text,
    parameters: optional.object,
    strict: optional.flag,
  })
);

const tool = lazy(() =>
  typed(z.discriminatedUnion("type", [
    functionSchema().extend({ type: z.literal("function") }),
    z.looseObject({
      type: z.literal("custom"),
      name,
      description: optional.text,
      format: optional.object,
    }),
    other(),
  ]))
);

const item = lazy(() =>
  typed(
    z.discriminatedUnion("type", [
      z.looseObject({
        type: z.literal("message"),
        role: z.enum(["user", "assistant", "system", "developer"]),
        content: z.union([z.string(), z.array(part())]),
      }),
      z.looseObject({ type: z.literal("function_call"), call_id: callId, name, arguments: json }),
      z.looseObject({ type: z.literal("function_call_output"), call_id: callId, output: output() }),
      z.looseObject({ type: z.literal("custom_tool_call"), call_id: callId, name, input: z.string() }),
      z.looseObject({ type: z.literal("custom_tool_call_output"), call_id: callId, output: output() }),
      z.looseObject({
        type: z.literal("reasoning"),
        summary: z.array(text()).nullish(),
        content: z.array(text()).nullish(),
        encrypted_content: optional.text,
      }),
      z.looseObject({ type: z.literal("item_reference"), id: z.string() }),
      z.looseObject({ type: z.literal("additional_tools"), tools: z.array(tool()) }),
      other(),
    ]),
    "message",
  )
);

const toolChoice = lazy(() =>
  z.union([
    z.enum(["auto", "none", "required"]),
    typed(z.discriminatedUnion("type", [
      z.looseObject({ type: z.literal("function"), name }),
      z.looseObject({ type: z.literal("custom"), name }),
      z.looseObject({
        type: z.literal("allowed_tools"),
        mode: z.enum(["auto", "required"]),
        tools: z.array(z.looseObject({ name: optional.text })),
      }),
      other(),
    ])),
  ])
);

const textFormat = lazy(() =>
  z.discriminatedUnion("type", [
    z.looseObject({ type: z.literal("text") }),
    z.looseObject({ type: z.literal("json_object") }),
    z.looseObject({
      type: z.literal("json_schema"),
      name: optional.text,
      description: optional.text,
      schema: object,
      strict: optional.flag,
    }),
  ])
);

export const requestSchema = lazy(() =>
  z.looseObject({
    model: filledText,
    input: z.union([z.string(), z.array(item()).min(1)]),
    instructions: optional.text,
    stream: optional.flag,
    tools: z.array(tool()).nullish(),
    tool_choice: toolChoice().nullish(),
    parallel_tool_calls: optional.flag,
    max_output_tokens: optional.limit,
    temperature: optional.number,
    top_p: optional.number,
    top_logprobs: z.int().min(0).nullish(),
    text: z.looseObject({ format: textFormat().nullish(), verbosity: optional.text }).nullish(),
    reasoning: z.looseObject({
      effort: optional.text,
      summary: optional.text,
      /** The older name of `summary`. */
      generate_summary: optional.text,
    }).nullish(),
    include: z.array(z.string()).nullish(),
    user: optional.text,
    safety_identifier: optional.text,
    metadata: optional.object,
    service_tier: optional.text,
    prompt_cache_key: optional.text,
    store: optional.flag,
  })
);

export type RequestBody = z.infer<ReturnType<typeof requestSchema>>;
export type RequestItem = z.infer<ReturnType<typeof item>>;
export type RequestPart = z.infer<ReturnType<typeof part>>;
export type RequestTool = z.infer<ReturnType<typeof tool>>;

// ── What an upstream answers ─────────────────────────────────────────────────────────────────────────────────────────

const word = maybeText;
const texts = lazy(() => maybe(z.array(z.object({ type: word, text: word }))));

/** A frame of a stream: the members of all event types in one, as no two types use one name for different things. */
export const frameSchema = lazy(() =>
  z.object({
    type: word,
    sequence_number: maybeCount,
    output_index: place,
    item_id: word,
    content_index: place,
    summary_index: place,
    delta: word,
    text: word,
    refusal: word,
    arguments: word,
    input: word,
    item: maybeObject,
    part: maybe(z.object({ type: word })),
    response: maybeObject,
    annotation: maybeObject,
    logprobs: maybe(z.array(anyJson)),
  })
);

export const outputItemSchema = lazy(() =>
  z.object({
    type: word,
    id: word,
    call_id: word,
    name: word,
    namespace: word,
    arguments: json,
    input: word,
    content: maybe(z.array(z.object({
      type: word,
      text: word,
      refusal: word,
      annotations: maybe(z.array(object)),
      logprobs: maybe(z.array(anyJson)),
    }))),
    summary: texts(),
    encrypted_content: word,
    /** An image as base64, and its subtype. */
    result: word,
    output_format: word,
  })
);

export const responseSchema = lazy(() =>
  z.object({
    id: word,
    model: word,
    created_at: maybeWhole,
    status: word,
    output: maybe(z.array(object)),
    incomplete_details: maybe(z.object({ reason: word })),
    error: maybeObject,
    usage: json,
  })
);

export type StreamFrame = z.infer<ReturnType<typeof frameSchema>>;
export type OutputItem = z.infer<ReturnType<typeof outputItemSchema>>;
export type ResponseBody = z.infer<ReturnType<typeof responseSchema>>;
