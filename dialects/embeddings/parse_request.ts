/** Reads a request for embeddings, in the words of OpenAI's `/v1/embeddings`. */

import { GatewayError } from "../../chat/error.ts";
import type { JsonObject } from "../../chat/json.ts";
import { fieldError } from "../field_error.ts";
import { given } from "../given.ts";
import { isObject } from "../json.ts";
import { requestSchema } from "./schema.ts";

export interface EmbeddingRequest {
  model: string;
  /** What is to be embedded, one by one: texts, or the tokens that a client made of them. */
  inputs: (string | number[])[];
  dimensions?: number;
  /** How the client wants the numbers: as they are, or as the base64 of 32-bit floats, the first byte the lowest. */
  encoding: "float" | "base64";
  /** The client's own words. */
  body: JsonObject;
}

/** @throws {GatewayError} `invalid-request` naming the field */
export function parseEmbeddingRequest(body: unknown): EmbeddingRequest {
  const parsed = requestSchema().safeParse(body);
  // `isObject` says to the compiler what the schema has checked.
  if (!parsed.success || !isObject(body)) throw fieldError(parsed.error?.issues ?? [], body);
  const { model, input, dimensions, encoding_format } = parsed.data;
  return { model, inputs: inputsOf(input), encoding: encoding_format ?? "float", ...given({ dimensions }), body };
}

/** A list of numbers is one input, any other list is one input each. */
function inputsOf(input: string | string[] | number[] | number[][]): (string | number[])[] {
  if (typeof input === "string") return [input];
  return input.every((item) => typeof item === "number") ? [input] : input;
}

/** @throws {GatewayError} `invalid-request` where they are tokens: they mean something to one vendor's models alone */
export function textsOf({ inputs }: EmbeddingRequest): string[] {
  return inputs.map((input) => {
    if (typeof input === "string") return input;
    throw new GatewayError("invalid-request", "Cannot embed tokens as the model takes text only", { param: "input" });
  });
}
