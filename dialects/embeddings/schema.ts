/** What is read of requests for embeddings, strictly, and of the answers of upstreams, tolerantly. */

import * as z from "zod";
import { lazy } from "../lazy.ts";
import { filledText, optional } from "../schema.ts";

const tokens = lazy(() => z.array(z.int()).min(1));

export const requestSchema = lazy(() =>
  z.looseObject({
    model: filledText,
    input: z.union([z.string(), z.array(z.string()).min(1), tokens(), z.array(tokens()).min(1)]),
    dimensions: optional.limit,
    encoding_format: z.enum(["float", "base64"]).nullish(),
    user: optional.text,
  })
);

export const ollamaRequestSchema = lazy(() =>
  z.object({
    model: filledText,
    input: z.union([z.string(), z.array(z.string()).min(1)]),
    dimensions: optional.limit,
  })
);

export const ollamaPromptSchema = lazy(() => z.object({ model: filledText, prompt: z.string() }));

export const geminiRequestSchema = lazy(() =>
  z.object({
    content: z.object({ parts: z.array(z.object({ text: z.string() })).min(1) }),
    taskType: optional.text,
    title: optional.text,
    outputDimensionality: optional.limit,
  })
);

export const geminiBatchSchema = lazy(() => z.object({ requests: z.array(geminiRequestSchema()).min(1) }));

export type GeminiRequest = z.infer<ReturnType<typeof geminiRequestSchema>>;

const vector = lazy(() => z.array(z.number()).min(1));
const count = z.number().nonnegative().nullish().catch(undefined);

/** Numbers, or the base64 of them; what else a vendor may put there is its own. */
export const openaiAnswerSchema = lazy(() =>
  z.looseObject({
    data: z.array(z.looseObject({ embedding: z.unknown().refine((value) => value !== undefined) })),
  })
);

export const geminiAnswerSchema = lazy(() =>
  z.object({
    embeddings: z.array(z.object({ values: vector() })),
    usageMetadata: z.object({ promptTokenCount: count }).nullish().catch(undefined),
  })
);

export const ollamaAnswerSchema = lazy(() => z.object({ embeddings: z.array(vector()), prompt_eval_count: count }));
