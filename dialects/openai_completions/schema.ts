/** What is read of the bodies of Completions: strict with a client where it protects, tolerant with an upstream. */

import * as z from "zod";
import { lazy } from "../lazy.ts";
import { filledText, json, maybe, maybeText, maybeWhole, optional, place } from "../schema.ts";

const number = optional.number;
const limit = optional.limit;

/** One answer is for one prompt, in text: tokens are one vendor's numbers. */
const prompt = lazy(() =>
  z.union([
    filledText,
    z.array(filledText).refine((list) => list.length === 1, "an array that holds one prompt")
      .transform(([only = ""]) => only),
  ])
);

export const requestSchema = lazy(() =>
  z.looseObject({
    model: filledText,
    prompt: prompt(),
    stream: optional.flag,
    stream_options: z.looseObject({ include_usage: optional.flag }).nullish(),
    max_tokens: limit,
    temperature: number,
    top_p: number,
    n: limit,
    stop: z.union([z.string(), z.array(z.string())]).nullish(),
    presence_penalty: number,
    frequency_penalty: number,
    seed: z.int().nullish(),
    /** How many of the likeliest tokens are told beside each. */
    logprobs: z.int().min(0).nullish(),
    logit_bias: optional.object,
    echo: optional.flag,
    user: optional.text,
  })
);

/** A chunk, or a whole answer. */
export const answerSchema = lazy(() =>
  z.object({
    id: maybeText,
    model: maybeText,
    created: maybeWhole,
    choices: maybe(z.array(z.object({
      index: place,
      text: maybeText,
      finish_reason: maybeText,
    }))),
    usage: maybe(z.object({ prompt_tokens: z.int().nonnegative(), completion_tokens: z.int().nonnegative() })),
    error: json,
  })
);

export type RequestBody = z.infer<ReturnType<typeof requestSchema>>;
export type Answer = z.infer<ReturnType<typeof answerSchema>>;
