/** What is read of the bodies of Anthropic Messages: strict with a client where it protects, tolerant with an upstream. */

import * as z from "zod";
import type { JsonObject } from "../../chat/json.ts";
import { lazy } from "../lazy.ts";
import { filledText, json, maybe, maybeObject, maybeText, maybeWhole, object, optional } from "../schema.ts";

const cache_control = optional.object;

// ── What a client sends ──────────────────────────────────────────────────────────────────────────────────────────────

const textBlock = lazy(() => z.looseObject({ type: z.literal("text"), text: z.string(), cache_control }));

const imageSource = lazy(() =>
  z.discriminatedUnion("type", [
    z.looseObject({ type: z.literal("base64"), media_type: z.string(), data: z.string() }),
    z.looseObject({ type: z.literal("url"), url: z.string() }),
    z.looseObject({ type: z.literal("file"), file_id: z.string() }),
  ])
);

const imageBlock = lazy(() => z.looseObject({ type: z.literal("image"), source: imageSource(), cache_control }));

/** A block of the vendor's own is carried to upstreams of this dialect, so only its having a type is asked for. */
function otherThan(known: { options: readonly { shape: { type: { value: string } } }[] }) {
  const types = new Set(known.options.map((option) => option.shape.type.value));
  return z.looseObject({ type: z.string().refine((type) => !types.has(type), { error: "a block of that type" }) })
    .transform((value) => ({ type: "other" as const, value: value as JsonObject }));
}

const inDocument = lazy(() => z.discriminatedUnion("type", [textBlock(), imageBlock()]));

const documentSource = lazy(() =>
  z.discriminatedUnion("type", [
    ...imageSource().options,
    z.looseObject({ type: z.literal("text"), data: z.string() }),
    z.looseObject({
      type: z.literal("content"),
      content: z.union([z.string(), z.array(z.union([inDocument(), otherThan(inDocument())]))]),
    }),
  ])
);

const documentBlock = lazy(() =>
  z.looseObject({
    type: z.literal("document"),
    source: documentSource(),
    title: optional.text,
    context: optional.text,
    citations: z.looseObject({ enabled: optional.flag }).nullish(),
    cache_control,
  })
);

const knownResultPart = lazy(() => z.discriminatedUnion("type", [textBlock(), imageBlock(), documentBlock()]));

const knownBlock = lazy(() =>
  z.discriminatedUnion("type", [
    ...knownResultPart().options,
    z.looseObject({
      type: z.literal("tool_use"),
      id: filledText,
      name: filledText,
      input: json,
      cache_control,
    }),
    z.looseObject({
      type: z.literal("tool_result"),
      tool_use_id: filledText,
      content: z.union([z.string(), z.array(z.union([knownResultPart(), otherThan(knownResultPart())]))]).nullish(),
      is_error: optional.flag,
      cache_control,
    }),
    z.looseObject({ type: z.literal("thinking"), thinking: z.string(), signature: optional.text }),
    z.looseObject({ type: z.literal("redacted_thinking"), data: z.string() }),
  ])
);

const content = lazy(() => z.union([z.string(), z.array(z.union([knownBlock(), otherThan(knownBlock())]))]));
const textContent = lazy(() => z.union([z.string(), z.array(textBlock())]));

/** Claude Code and older clients leave `type` out, or say `custom` (CASES T17); any other type runs at the vendor. */
const tool = lazy(() =>
  z.union([
    z.looseObject({
      type: z.literal("custom").nullish(),
      name: filledText,
      description: optional.text,
      input_schema: object,
      strict: optional.flag,
      cache_control,
    }).transform((value) => ({ ...value, type: "function" as const })),
    z.looseObject({ type: z.string().refine((type) => type !== "custom", { error: "a tool with an input_schema" }) })
      .transform((value) => ({ type: "server" as const, value: value as JsonObject })),
  ])
);

/** A turn of instructions may change the tools (beta `mid-conversation-tool-changes-2026-07-01`). */
const instructions = lazy(() =>
  z.union([
    z.string(),
    z.array(z.union([
      textBlock(),
      z.looseObject({
        type: z.literal("tool_addition"),
        tool: z.looseObject({ type: z.literal("tool_definition"), definition: tool() }),
      }),
      otherThan({ options: [textBlock()] }),
    ])),
  ])
);

const message = lazy(() =>
  z.discriminatedUnion("role", [
    z.looseObject({ role: z.literal("user"), content: content() }),
    z.looseObject({ role: z.literal("assistant"), content: content() }),
    // One that only sets the effort says nothing (beta `mid-conversation-system-clear-at-2026-08-21` for `clear_at`).
    z.looseObject({
      role: z.literal("system"),
      content: instructions().nullish(),
      clear_at: optional.text,
      output_config: z.looseObject({ effort: optional.text }).nullish(),
    }),
  ])
);

const parallel = { disable_parallel_tool_use: optional.flag };

const toolChoice = lazy(() =>
  z.discriminatedUnion("type", [
    z.looseObject({ type: z.literal("auto"), ...parallel }),
    z.looseObject({ type: z.literal("any"), ...parallel }),
    z.looseObject({ type: z.literal("tool"), name: filledText, ...parallel }),
    z.looseObject({ type: z.literal("none") }),
  ])
);

const thinking = lazy(() =>
  z.looseObject({
    type: z.string(),
    budget_tokens: z.int().nullish(),
    display: optional.text,
  })
);

const outputFormat = lazy(() => z.looseObject({ type: z.string(), schema: optional.object }));
const number = optional.number;

export const requestSchema = lazy(() =>
  z.looseObject({
    model: filledText,
    messages: z.array(message()).min(1),
    system: textContent().nullish(),
    // 0 fills the prompt's cache, and asks for no answer.
    max_tokens: optional.limitOrNone,
    stream: optional.flag,
    temperature: number,
    top_p: number,
    top_k: number,
    stop_sequences: z.array(z.string()).nullish(),
    tools: z.array(tool()).nullish(),
    tool_choice: toolChoice().nullish(),
    thinking: thinking().nullish(),
    output_config: z.looseObject({ effort: optional.text, format: outputFormat().nullish() }).nullish(),
    /** The name of `output_config.format` while it was a beta. */
    output_format: outputFormat().nullish(),
    metadata: z.looseObject({ user_id: optional.text }).nullish(),
    service_tier: optional.text,
  })
);

export type RequestBody = z.infer<ReturnType<typeof requestSchema>>;
export type RequestMessage = z.infer<ReturnType<typeof message>>;
export type RequestBlock = Exclude<z.infer<ReturnType<typeof content>>, string>[number];
export type RequestTool = z.infer<ReturnType<typeof tool>>;
export type MediaBlock = z.infer<ReturnType<typeof knownResultPart>>;
export type DocumentSource = z.infer<ReturnType<typeof documentSource>>;

// ── What an upstream answers ─────────────────────────────────────────────────────────────────────────────────────────

const text = maybeText;

const delta = lazy(() =>
  z.object({
    type: text,
    text,
    thinking: text,
    signature: text,
    partial_json: text,
    citation: maybeObject,
    stop_reason: text,
    stop_sequence: text,
  })
);

export const answerSchema = lazy(() =>
  z.object({
    type: text,
    id: text,
    model: text,
    content: maybe(z.array(object)),
    stop_reason: text,
    stop_sequence: text,
    usage: maybeObject,
  })
);

export const eventSchema = lazy(() =>
  z.object({
    type: text,
    index: maybeWhole,
    message: maybe(answerSchema()),
    content_block: maybeObject,
    delta: maybe(delta()),
    usage: maybeObject,
    error: json,
  })
);

export type Answer = z.infer<ReturnType<typeof answerSchema>>;
export type StreamEvent = z.infer<ReturnType<typeof eventSchema>>;
export type StreamDelta = z.infer<ReturnType<typeof delta>>;
