/** Embeddings of Ollama: `/api/embed`. */

import { type EmbeddingCodec, formatAnswer } from "./codec.ts";
import { textsOf } from "./parse_request.ts";
import { ollamaAnswerSchema } from "./schema.ts";

export const ollamaEmbeddings: EmbeddingCodec = {
  format(request) {
    const { model, dimensions } = request;
    return [{ model, input: textsOf(request), ...(dimensions !== undefined && { dimensions }) }];
  },

  parse([answer], { model, inputs }) {
    const { data } = ollamaAnswerSchema().safeParse(answer);
    if (data?.embeddings.length !== inputs.length) return undefined;
    return formatAnswer(model, data.embeddings, data.prompt_eval_count ?? undefined);
  },
};
