/** What Gemini's clients say for embeddings: `embedContent` with one content, `batchEmbedContents` with several. */

import { GatewayError } from "../../chat/error.ts";
import type { JsonObject } from "../../chat/json.ts";
import { fieldError } from "../field_error.ts";
import { convertObject } from "../gemini_camel_case.ts";
import { given } from "../given.ts";
import { isObject } from "../json.ts";
import { type ClientWords, PURPOSES, tokensOf, vectorsOf } from "./client_words.ts";
import { geminiBatchSchema, type GeminiRequest, geminiRequestSchema } from "./schema.ts";

/** https://ai.google.dev/api/embeddings#method:-models.embedcontent */
export const geminiWords: ClientWords = {
  read(body, model) {
    const { data, error } = geminiRequestSchema().safeParse(isObject(body) ? convertObject(body) : body);
    if (data === undefined) throw fieldError(error.issues, body);
    return asked([data], model);
  },
  write: (answer) => ({ embedding: { values: vectorsOf(answer)[0] ?? [] }, ...formatUsage(answer) }),
};

/** https://ai.google.dev/api/embeddings#method:-models.batchembedcontents */
export const geminiBatchWords: ClientWords = {
  read(body, model) {
    const { data, error } = geminiBatchSchema().safeParse(isObject(body) ? convertObject(body) : body);
    if (data === undefined) throw fieldError(error.issues, body);
    return asked(data.requests, model);
  },
  write: (answer) => ({ embeddings: vectorsOf(answer).map((values) => ({ values })), ...formatUsage(answer) }),
};

/** @throws {GatewayError} `invalid-request` where the requests of a batch want different dimensions: OpenAI's have one word for all */
function asked(requests: readonly GeminiRequest[], model: string | undefined) {
  const [dimensions, ...others] = new Set(
    requests.map(({ outputDimensionality }) => outputDimensionality ?? undefined),
  );
  if (others.length > 0) {
    throw new GatewayError("invalid-request", "Cannot embed a batch as its requests want different dimensions", {
      param: "requests[].outputDimensionality",
    });
  }
  const purposes = requests.map(({ taskType, title }) => given({ taskType, title }));
  return given({
    model,
    input: requests.map(({ content }) => content.parts.map(({ text }) => text).join("\n")),
    dimensions,
    [PURPOSES]: purposes.some((purpose) => Object.keys(purpose).length > 0) ? purposes : undefined,
  });
}

function formatUsage(answer: JsonObject): JsonObject {
  const tokens = tokensOf(answer);
  return tokens === undefined ? {} : { usageMetadata: { promptTokenCount: tokens } };
}
