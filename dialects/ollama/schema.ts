/** What is read of Ollama's bodies: strict with a client where it protects, tolerant with an upstream. */

import { z } from "zod";
import { EFFORTS } from "../../chat/request.ts";
import { anyJson, json, maybe, object } from "../schema.ts";

// ── What a client sends ──────────────────────────────────────────────────────────────────────────────────────────────

const number = z.number().nullish();
const word = z.string().nullish();
const images = z.array(z.string()).nullish();

const toolCall = z.looseObject({
  id: word,
  function: z.looseObject({ name: z.string().min(1), arguments: json }),
});

const message = z.looseObject({
  // The server lower-cases it: https://github.com/ollama/ollama/blob/main/api/types.go (Message.UnmarshalJSON)
  role: z.string().toLowerCase().pipe(z.enum(["system", "developer", "user", "assistant", "tool"])),
  // ollama-ai-provider-v2 4.0.1 sends `[]` where a message has images and no text.
  content: z.union([z.string(), z.tuple([]).transform(() => "")]).nullish(),
  thinking: word,
  images,
  tool_calls: z.array(toolCall).nullish(),
  tool_name: word,
  tool_call_id: word,
  name: word,
});

const tool = z.looseObject({
  type: z.literal("function").nullish(),
  function: z.looseObject({ name: z.string().min(1), description: word, parameters: object.nullish() }),
});

const options = z.looseObject({
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
});

/** Old clients send an empty `format` for none. */
const format = z.preprocess(
  (value) => value === "" ? undefined : value,
  z.union([z.literal("json"), object]).nullish(),
);

/** What the two routes have in common. */
const shared = {
  model: z.string().min(1),
  stream: z.boolean().nullish(),
  format,
  think: z.union([z.boolean(), z.enum(EFFORTS)]).nullish(),
  options: options.nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).nullish(),
};

export const chatSchema = z.looseObject({
  ...shared,
  messages: z.array(message).nullish(),
  tools: z.array(tool).nullish(),
});

export const generateSchema = z.looseObject({ ...shared, prompt: word, system: word, images });

export type ChatBody = z.infer<typeof chatSchema>;
export type GenerateBody = z.infer<typeof generateSchema>;
export type RequestMessage = z.infer<typeof message>;
export type RequestTool = z.infer<typeof tool>;
export type RequestToolCall = z.infer<typeof toolCall>;
export type OptionsBody = z.infer<typeof options>;

// ── What an upstream answers ─────────────────────────────────────────────────────────────────────────────────────────

const text = maybe(z.string());
const count = maybe(z.int().nonnegative());

const said = z.object({
  content: text,
  thinking: text,
  images: maybe(z.array(z.string())),
  tool_calls: maybe(z.array(z.object({ id: text, function: maybe(z.object({ name: text, arguments: json })) }))),
});

/** A line of a stream, or a whole answer, of either route: `message` is chat's, the members beside it are generate's. */
export const answerSchema = z.object({
  model: text,
  created_at: text,
  message: maybe(said),
  response: text,
  thinking: text,
  image: text,
  tool_calls: said.shape.tool_calls,
  done: maybe(z.boolean()),
  done_reason: text,
  prompt_eval_count: count,
  prompt_eval_cached_count: count,
  eval_count: count,
  logprobs: maybe(z.array(anyJson)),
});

export type Answer = z.infer<typeof answerSchema>;
export type Said = z.infer<typeof said>;
