/** Embeddings of OpenAI and of all who are compatible: the client's own words, and the upstream's. */

import { isObject } from "../json.ts";
import { PURPOSES } from "./client_words.ts";
import type { EmbeddingCodec } from "./codec.ts";
import { openaiAnswerSchema } from "./schema.ts";

export const openaiEmbeddings: EmbeddingCodec = {
  format({ body: { [PURPOSES]: _, ...body } }) {
    return [body];
  },
  parse: ([answer]) => isObject(answer) && openaiAnswerSchema().safeParse(answer).success ? answer : undefined,
};
