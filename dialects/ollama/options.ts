/** `options`: the sampling fields under Ollama's names, both ways; what else stands there is carried as it is. */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import { given } from "../given.ts";
import { isObject } from "../json.ts";
import type { OptionsBody } from "./schema.ts";

/** The fields that differ in their name alone. */
const NAMES = {
  temperature: "temperature",
  topP: "top_p",
  topK: "top_k",
  minP: "min_p",
  presencePenalty: "presence_penalty",
  frequencyPenalty: "frequency_penalty",
  repetitionPenalty: "repeat_penalty",
  seed: "seed",
} as const satisfies { readonly [name in keyof ChatRequest]?: keyof OptionsBody };

type Sampling = Pick<ChatRequest, keyof typeof NAMES | "maxTokens" | "stop">;

const FIELDS = Object.keys(NAMES) as (keyof typeof NAMES)[];
const READ: ReadonlySet<string> = new Set([...Object.values(NAMES), "num_predict", "stop"]);

/** The fields, and the options that have no place among them: `num_ctx`, `mirostat`, …. */
export function parseOptions(options: OptionsBody | null | undefined): { sampling: Sampling; rest: JsonObject } {
  const { num_predict: limit, stop } = options ?? {};
  // Below 0 it says how to go without a limit: -1 to the end, -2 to the end of the context.
  const hasLimit = typeof limit === "number" && limit > 0;
  const sampling: Sampling = given({
    ...Object.fromEntries(FIELDS.map((field) => [field, options?.[NAMES[field]]])),
    maxTokens: hasLimit ? limit : undefined,
    stop: typeof stop === "string" ? [stop] : stop,
  });
  const rest = Object.entries(options ?? {}).filter((entry): entry is [string, Json] =>
    !READ.has(entry[0]) || (entry[0] === "num_predict" && !hasLimit)
  );
  return { sampling, rest: Object.fromEntries(rest) };
}

/** The options of a request; `rest` are those a client of this dialect sent besides. */
export function formatOptions(request: ChatRequest, rest: Json | undefined): JsonObject | undefined {
  const options: JsonObject = {
    ...(isObject(rest) ? rest : {}),
    ...given({
      ...Object.fromEntries(FIELDS.map((field) => [NAMES[field], request[field]])),
      num_predict: request.maxTokens,
      stop: stopOf(request),
    }),
  };
  return Object.keys(options).length === 0 ? undefined : options;
}

/** The server finds an empty string in the first token, and ends the answer there. */
function stopOf({ stop = [] }: ChatRequest): string[] | undefined {
  const strings = stop.filter((text) => text !== "");
  return strings.length === 0 ? undefined : strings;
}
