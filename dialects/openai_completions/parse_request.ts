/** A client's body as a neutral request: its prompt is one user message. */

import { GatewayError } from "../../chat/error.ts";
import type { Json } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import { fieldError } from "../field_error.ts";
import { given } from "../given.ts";
import { isObject } from "../json.ts";
import { lazy } from "../lazy.ts";
import { requestSchema } from "./schema.ts";

const knownFields = lazy((): ReadonlySet<string> => new Set(Object.keys(requestSchema().shape)));

/** What has no place, `suffix` and `best_of` above all, is `extra`, and so a loss wherever it goes. */
export function parseRequest(body: unknown, { text }: { text: string }): ChatRequest {
  refuseChat(body);
  const parsed = requestSchema().safeParse(body);
  // `isObject` says to the compiler what the schema has checked.
  if (!parsed.success || !isObject(body)) throw fieldError(parsed.error?.issues ?? [], body);
  const { data } = parsed;
  const stream = data.stream ?? false;
  return {
    model: data.model,
    messages: [{ role: "user", parts: [{ type: "text", text: data.prompt }] }],
    stream,
    includeUsage: stream && data.stream_options?.include_usage === true,
    ...given({
      maxTokens: data.max_tokens,
      temperature: data.temperature,
      topP: data.top_p,
      n: data.n,
      stop: typeof data.stop === "string" ? [data.stop] : data.stop,
      presencePenalty: data.presence_penalty,
      frequencyPenalty: data.frequency_penalty,
      seed: data.seed,
      logprobs: typeof data.logprobs === "number" ? true : undefined,
      topLogprobs: data.logprobs,
      logitBias: data.logit_bias,
      user: data.user,
    }),
    extra: Object.fromEntries(
      Object.entries(body).filter((entry): entry is [string, Json] => !knownFields().has(entry[0])),
    ),
    source: { dialect: "openai_completions", body, text },
  };
}

/** A body of the newer route, sent here by a client that was set up wrong, is told so (CASES H7). */
function refuseChat(body: unknown): void {
  if (!isObject(body) || body.prompt !== undefined || body.messages === undefined) return;
  throw new GatewayError(
    "invalid-request",
    "Cannot read the request as prompt is missing, and the body looks like one for /v1/chat/completions",
    { param: "prompt" },
  );
}

/** The prompt, where the client wants it back before the answer. */
export function echoOf({ source: { dialect, body }, messages: [message] }: ChatRequest): string {
  if (dialect !== "openai_completions" || body.echo !== true) return "";
  const [part] = message?.parts ?? [];
  return part?.type === "text" ? part.text : "";
}
