/** The two encodings of an embedding: its numbers, or the base64 of its 32-bit floats, the first byte the lowest. */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";
import type { EmbeddingRequest } from "./parse_request.ts";

/**
 * The answer with all embeddings in the encoding that the client asked for. Many compatible vendors always answer with
 * numbers, and many clients take what comes for what they asked for.
 */
export function encodeAnswer(answer: JsonObject, encoding: EmbeddingRequest["encoding"]): JsonObject {
  const encode = encoding === "base64" ? toBase64 : toNumbers;
  const data = Array.isArray(answer.data) ? answer.data : [];
  return {
    ...answer,
    data: data.map((item) =>
      isObject(item) && item.embedding !== undefined ? { ...item, embedding: encode(item.embedding) } : item
    ),
  };
}

function toBase64(embedding: Json): Json {
  if (!Array.isArray(embedding) || !embedding.every((value) => typeof value === "number")) return embedding;
  const bytes = new DataView(new ArrayBuffer(embedding.length * 4));
  embedding.forEach((value, at) => bytes.setFloat32(at * 4, value, true));
  return new Uint8Array(bytes.buffer).toBase64();
}

function toNumbers(embedding: Json): Json {
  if (typeof embedding !== "string") return embedding;
  const bytes = readBase64(embedding);
  if (bytes === undefined) return embedding;
  const floats = new DataView(bytes.buffer);
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, at) => floats.getFloat32(at * 4, true));
}

function readBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.fromBase64(text);
  } catch {
    return undefined;
  }
}
