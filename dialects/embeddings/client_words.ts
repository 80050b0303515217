/** The contract of a client's own words for embeddings; between all of them stand OpenAI's. Pure and synchronous. */

import type { JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";

export interface ClientWords {
  /**
   * The body in OpenAI's words, which a parser of these has yet to read. `model` where it stands in the path.
   *
   * @throws {GatewayError} `invalid-request` naming the client's own field
   */
  read(body: unknown, model?: string): unknown;
  /** An answer in OpenAI's words, whose embeddings are numbers, in the client's; `model` as the client called it. */
  write(answer: JsonObject, model: string): JsonObject;
}

/** The member that says what each input is embedded for, `{ taskType, title }`: Gemini alone has words for it. */
export const PURPOSES = "gemini_purposes";

export const openaiWords: ClientWords = { read: (body) => body, write: (answer) => answer };

/** The vectors of an answer in OpenAI's words, in the order of the inputs, which the answer need not have. */
export function vectorsOf({ data }: JsonObject) {
  const items = (Array.isArray(data) ? data : []).filter(isObject);
  const placeOf = ({ index }: JsonObject, at: number) => typeof index === "number" ? index : at;
  return items.map((item, at) => ({ place: placeOf(item, at), vector: item.embedding ?? [] }))
    .sort((one, other) => one.place - other.place)
    .map(({ vector }) => vector);
}

/** The tokens of the inputs. */
export function tokensOf({ usage }: JsonObject): number | undefined {
  const count = isObject(usage) ? usage.prompt_tokens : undefined;
  return typeof count === "number" ? count : undefined;
}
