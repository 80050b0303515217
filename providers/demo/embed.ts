/** The demo model that embeds: vectors without meaning, but the same text always has the same one. */

import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { GatewayError } from "../../chat/error.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { ModelFacts } from "../../chat/model.ts";
import { formatAnswer } from "../../dialects/embeddings/codec.ts";
import { parseEmbeddingRequest } from "../../dialects/embeddings/parse_request.ts";

export const EMBEDDER = "embed";
export const EMBEDDER_FACTS: ModelFacts = { contextWindow: 8192 };

/**
 * In the words of OpenAI: vectors of length 1, of 32 dimensions or of fewer where fewer are asked for.
 *
 * @throws {GatewayError} `invalid-request` for any other model
 */
export function embedTexts(body: JsonObject): JsonObject {
  const { model, inputs, dimensions } = parseEmbeddingRequest(body);
  if (model !== EMBEDDER) {
    throw new GatewayError("invalid-request", `Cannot embed with "${model}" as of the demo only ${EMBEDDER} does`, {
      param: "model",
    });
  }
  return formatAnswer(model, inputs.map((input) => vectorOf(JSON.stringify(input), dimensions)), undefined);
}

function vectorOf(text: string, dimensions: number | undefined): number[] {
  const bytes = [...sha256(utf8ToBytes(text))].slice(0, dimensions);
  // Off the middle of the range, so that no vector is all zeros.
  const values = bytes.map((byte) => byte - 127.5);
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}
