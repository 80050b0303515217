/** What is read of Ollama's bodies: strict with a client where it protects, tolerant with an upstream. */

import * as z from "zod";
import { EFFORTS } from "../../chat/request.ts";
import { lazy } from "../lazy.ts";
import { anyJson, filledText, json, maybe, maybeCount, maybeFlag, maybeText, object, optional } from "../schema.ts";

// ── What a client sends ──────────────────────────────────────────────────────────────────────────────────────────────

const number = optional.number;
const word = optional.text;
const images = lazy(() => z.array(z.string()).nullish());

const toolCall = lazy(() =>
  z.looseObject({
    id: word,
    function: z.looseObject({ name: filledText, arguments: json }),
  })
);

const message = lazy(() =>
  z.looseObject({
    // The server lower-cases it: https://github.com/ollama/ollama/blob/main/api/types.go (Message.UnmarshalJSON)
    role: z.string().toLowerCase().pipe(z.enum(["system", "developer", "user", "assistant", "tool"])),
    // ollama-ai-provider-v2 4.0.1 sends `[]` where a message has images and no text.
    content: z.union([z.string(), z.tuple([]).transform(() => "")]).nullish(),
    thinking: word,
    images: images(),
    tool_calls: z.array(toolCall()).nullish(),
    tool_name: word,
    tool_call_id: word,
    name: word,
  })
);

const tool = lazy(() =>
  z.looseObject({
    type: z.literal("function").nullish(),
    function: z.looseObject({ name: filledText, description: word, parameters: optional.object }),
  })
);

const options = lazy(() =>
  z.looseObject({
    num_predict: z.int().nullish(),
    temperature: number,
    top_p: number,
    top_k: number,
    min_p: number,
    presence_penalty: number,
    frequency_penalty: number,
    repeat_penalty: number,
    seed: z.int().nullish(),
    stop: z.union([z.string(), z.array(z.string())]).nullish(),
  })
);

/** Old clients send an empty `format` for none. */
const format = lazy(() =>
  z.preprocess(
    (value) => value === "" ? undefined : value,
    z.union([z.literal("json"), object]).nullish(),
  )
);

/** What the two routes have in common. */
const shared = lazy(() => ({
  model: filledText,
  stream: optional.flag,
  format: format(),
  think: z.union([z.boolean(), z.enum(EFFORTS)]).nullish(),
  options: options().nullish(),
  logprobs: optional.flag,
  top_logprobs: z.int().min(0).nullish(),
}));

export const chatSchema = lazy(() =>
  z.looseObject({
    ...shared(),
    messages: z.array(message()).nullish(),
    tools: z.array(tool()).nullish(),
  })
);

export const generateSchema = lazy(() => z.looseObject({ ...shared(), prompt: word, system: word, images: images() }));

export type ChatBody = z.infer<ReturnType<typeof chatSchema>>;
export type GenerateBody = z.infer<ReturnType<typeof generateSchema>>;
export type RequestMessage = z.infer<ReturnType<typeof message>>;
export type RequestTool = z.infer<ReturnType<typeof tool>>;
export type RequestToolCall = z.infer<ReturnType<typeof toolCall>>;
export type OptionsBody = z.infer<ReturnType<typeof options>>;

// ── What an upstream answers ─────────────────────────────────────────────────────────────────────────────────────────

const text = maybeText;
const count = maybeCount;

const said = lazy(() =>
  z.object({
    content: text,
    thinking: text,
    images: maybe(z.array(z.string())),
    tool_calls: maybe(z.array(z.object({ id: text, function: maybe(z.object({ name: text, arguments: json })) }))),
  })
);

/** A line of a stream, or a whole answer, of either route: `message` is chat's, the members beside it are generate's. */
export const answerSchema = lazy(() =>
  z.object({
    model: text,
    created_at: text,
    message: maybe(said()),
    response: text,
    thinking: text,
    image: text,
    tool_calls: said().shape.tool_calls,
    done: maybeFlag,
    done_reason: text,
    prompt_eval_count: count,
    prompt_eval_cached_count: count,
    eval_count: count,
    logprobs: maybe(z.array(anyJson)),
  })
);

export type Answer = z.infer<ReturnType<typeof answerSchema>>;
export type Said = z.infer<ReturnType<typeof said>>;
