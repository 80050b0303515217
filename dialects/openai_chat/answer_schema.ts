/** What is read of the answers of upstreams of Chat Completions: tolerant, and no more than is needed. */

import * as z from "zod";
import { lazy } from "../lazy.ts";
import { anyJson, json, maybe, maybeObject, maybeText, maybeWhole, object, place } from "../schema.ts";

const text = maybeText;
const calledFunction = lazy(() => maybe(z.object({ name: text, arguments: json })));

const answerMessage = lazy(() =>
  z.object({
    role: text,
    content: json,
    refusal: text,
    reasoning_content: json,
    reasoning: json,
    reasoning_text: json,
    thinking: json,
    reasoning_details: json,
    thinking_blocks: json,
    tool_calls: maybe(z.array(z.object({
      index: place,
      id: text,
      function: calledFunction(),
      custom: maybe(z.object({ name: text, input: text })),
      extra_content: maybeObject,
    }))),
    function_call: calledFunction(),
    annotations: maybe(z.array(object)),
    images: maybe(z.array(object)),
    audio: maybeObject,
  })
);

const answerChoice = lazy(() =>
  z.object({
    index: place,
    delta: maybe(answerMessage()),
    message: maybe(answerMessage()),
    finish_reason: text,
    native_finish_reason: text,
    /** vLLM: the stop string that was hit. */
    stop_reason: text,
    logprobs: maybe(z.object({ content: maybe(z.array(anyJson)), refusal: maybe(z.array(anyJson)) })),
  })
);

/** A chunk, or a whole answer: they differ in `delta` and `message` alone. */
export const answerSchema = lazy(() =>
  z.object({
    id: text,
    model: text,
    created: maybeWhole,
    choices: maybe(z.array(answerChoice())),
    usage: json,
    x_groq: maybe(z.object({ usage: json })),
    error: json,
  })
);

export type Answer = z.infer<ReturnType<typeof answerSchema>>;
export type AnswerChoice = z.infer<ReturnType<typeof answerChoice>>;
export type AnswerMessage = z.infer<ReturnType<typeof answerMessage>>;
