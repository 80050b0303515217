/** Embeddings of the Gemini API: `models/<model>:batchEmbedContents`. */

import type { JsonObject } from "../../chat/json.ts";
import { geminiModelName } from "../gemini_model_name.ts";
import { isObject } from "../json.ts";
import { PURPOSES } from "./client_words.ts";
import { type EmbeddingCodec, formatAnswer } from "./codec.ts";
import { type EmbeddingRequest, textsOf } from "./parse_request.ts";
import { geminiAnswerSchema } from "./schema.ts";

/** More in one batch are refused: https://github.com/lancedb/lancedb/pull/3618 (2026-07-03). */
const BATCH = 100;

export const geminiEmbeddings: EmbeddingCodec = { format, parse };

function format(request: EmbeddingRequest): JsonObject[] {
  const { model, dimensions, body: { [PURPOSES]: purposes } } = request;
  const purposeOf = (at: number) => Array.isArray(purposes) && isObject(purposes[at]) ? purposes[at] : {};
  const requests = textsOf(request).map((text, at): JsonObject => ({
    model: geminiModelName(model),
    content: { parts: [{ text }] },
    ...purposeOf(at),
    ...(dimensions !== undefined && { outputDimensionality: dimensions }),
  }));
  const starts = Array.from({ length: Math.ceil(requests.length / BATCH) }, (_, batch) => batch * BATCH);
  return starts.map((start) => ({ requests: requests.slice(start, start + BATCH) }));
}

function parse(answers: readonly unknown[], { model, inputs, dimensions }: EmbeddingRequest): JsonObject | undefined {
  const read = answers.map((answer) => geminiAnswerSchema().safeParse(answer).data);
  const vectors = read.flatMap((answer) => answer?.embeddings ?? []).map(({ values }) => values);
  if (vectors.length !== inputs.length) return undefined;
  const counts = read.map((answer) => answer?.usageMetadata?.promptTokenCount ?? NaN);
  const tokens = counts.reduce((sum, count) => sum + count, 0);
  const embeddings = dimensions === undefined ? vectors : vectors.map(normalize);
  return formatAnswer(model, embeddings, Number.isNaN(tokens) ? undefined : tokens);
}

/**
 * OpenAI's clients rely on vectors of length 1, which these are not where dimensions were cut off:
 * https://ai.google.dev/gemini-api/docs/embeddings#quality-for-smaller-dimensions
 */
function normalize(vector: readonly number[]): number[] {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? [...vector] : vector.map((value) => value / length);
}
