/** Embeddings of OpenAI and of all who are compatible: the client's own words, and the upstream's. */

import { isObject } from "../json.ts";
import type { EmbeddingCodec } from "./codec.ts";
import { openaiAnswerSchema } from "./schema.ts";

export const openaiEmbeddings: EmbeddingCodec = {
  format: ({ body }) => [body],
  parse: ([answer]) => isObject(answer) && openaiAnswerSchema().safeParse(answer).success ? answer : undefined,
};
