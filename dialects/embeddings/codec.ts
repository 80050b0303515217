/** The contract of one way to ask an upstream for embeddings; pure and synchronous. */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { EmbeddingRequest } from "./parse_request.ts";

export interface EmbeddingCodec {
  /**
   * The bodies to send, in turn: several where the upstream takes fewer inputs at a time than a client may send.
   *
   * @throws {GatewayError} `invalid-request` for what the upstream cannot embed
   */
  format(request: EmbeddingRequest): JsonObject[];
  /** The answers to these bodies as one, in the words of OpenAI; `undefined` where one of them is not understood. */
  parse(answers: readonly unknown[], request: EmbeddingRequest): JsonObject | undefined;
}

/** An answer in the words of OpenAI; without usage where the upstream told none. */
export function formatAnswer(model: string, embeddings: readonly Json[], tokens: number | undefined): JsonObject {
  return {
    object: "list",
    data: embeddings.map((embedding, index) => ({ object: "embedding", index, embedding })),
    model,
    ...(tokens !== undefined && { usage: { prompt_tokens: tokens, total_tokens: tokens } }),
  };
}
