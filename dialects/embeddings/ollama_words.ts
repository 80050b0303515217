/** What Ollama's clients say for embeddings: `/api/embed`, and the older `/api/embeddings` with one prompt. */

import { fieldError } from "../field_error.ts";
import { given } from "../given.ts";
import { type ClientWords, tokensOf, vectorsOf } from "./client_words.ts";
import { ollamaPromptSchema, ollamaRequestSchema } from "./schema.ts";

/** https://docs.ollama.com/api/embed; how long the model stays loaded, and that long inputs are cut, is the upstream's matter. */
export const ollamaWords: ClientWords = {
  read(body) {
    const { data, error } = ollamaRequestSchema().safeParse(body);
    if (data === undefined) throw fieldError(error.issues, body);
    return given({ model: data.model, input: data.input, dimensions: data.dimensions });
  },
  write: (answer, model) => ({
    model,
    embeddings: vectorsOf(answer),
    prompt_eval_count: tokensOf(answer) ?? 0,
  }),
};

export const ollamaPromptWords: ClientWords = {
  read(body) {
    const { data, error } = ollamaPromptSchema().safeParse(body);
    if (data === undefined) throw fieldError(error.issues, body);
    return { model: data.model, input: data.prompt };
  },
  write: (answer) => ({ embedding: vectorsOf(answer)[0] ?? [] }),
};
