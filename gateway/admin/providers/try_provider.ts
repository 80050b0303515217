/** Tries a provider out, and says in plain words what came of it. */

import { type ErrorKind, type GatewayError, timeoutError, toGatewayError } from "../../../chat/error.ts";
import type { TrialShape } from "../../../dashboard/providers/shapes.ts";
import { openaiChat } from "../../../dialects/openai_chat/mod.ts";
import type { Provider } from "../../../providers/provider.ts";
import { drain } from "../../../streaming/pull.ts";
import { within } from "../../../streaming/timer.ts";
import type { ProviderConfig } from "../../config/mod.ts";

export type TrialVerdict = keyof typeof SENTENCES;

/** A shape of the page's, whose verdict is one of ours. */
export type Trial = TrialShape & { verdict: TrialVerdict };

const SENTENCES = {
  "ok": "It can be reached, and answers",
  "no-models": "It can be reached, but lists no models: name those it has",
  "key-refused": "It can be reached, but refuses the key",
  "no-quota": "It can be reached, but the account has no quota left, or asks too fast",
  "wrong-path": "It can be reached, but has nothing at this path: look at the base URL",
  "no-api": "It can be reached, but does not answer as an API of this type: look at the type and the base URL",
  "unknown-model": "It can be reached, but does not know the model",
  "unreachable": "It cannot be reached: look at the base URL",
  "late": "It does not answer in time",
  "forbidden": "Its address is not allowed, as it is not known to be a public one",
  "failed": "It can be reached, but fails",
  "untried": "Name a model to try it with: it has no list to ask for",
} as const;

/** What a failure says about the provider. */
const VERDICTS = {
  "invalid-request": "failed",
  "context-length": "failed",
  "unauthorized": "key-refused",
  "forbidden": "forbidden",
  "unknown-model": "unknown-model",
  "unknown-route": "wrong-path",
  "not-found": "wrong-path",
  "method-not-allowed": "wrong-path",
  "websocket": "wrong-path",
  "request-timeout": "late",
  "conflict": "failed",
  "too-large": "failed",
  "unsupported-media-type": "no-api",
  "unprocessable": "failed",
  "rate-limit": "no-quota",
  "quota": "no-quota",
  "client-gone": "failed",
  "internal": "failed",
  "upstream-auth": "key-refused",
  "upstream-quota": "no-quota",
  "upstream-unreachable": "unreachable",
  "upstream-failure": "failed",
  "upstream-malformed": "no-api",
  "upstream-empty": "failed",
  "upstream-cut": "failed",
  "overloaded": "failed",
  "configuration": "failed",
  "shutting-down": "failed",
  "upstream-timeout": "late",
} as const satisfies Record<ErrorKind, TrialVerdict>;

/** Milliseconds in all. */
const PATIENCE = 20_000;

export interface TrialOptions {
  client: Provider;
  config: ProviderConfig;
  /** To ask a short question; without it, only a provider that has no list is asked one. */
  model: string | undefined;
  now: () => number;
  randomId: () => string;
}

export async function tryProvider(options: TrialOptions): Promise<Trial> {
  const startedAt = options.now();
  const abort = new AbortController();
  try {
    const found = await within(attempt(options, abort.signal), PATIENCE, () => timeoutError("total", PATIENCE));
    const { verdict, detail, ...rest } = found;
    const milliseconds = options.now() - startedAt;
    return { verdict, message: SENTENCES[verdict], milliseconds, ...rest, ...(detail !== undefined && { detail }) };
  } finally {
    abort.abort();
  }
}

type Found = Pick<Trial, "verdict" | "models" | "model" | "detail">;

async function attempt(options: TrialOptions, signal: AbortSignal): Promise<Found> {
  const { config, model } = options;
  if (config.type === "langfast" || config.type === "polling") {
    return await askWith(model ?? config.models[0], options, signal);
  }
  const listed = await list(options, signal);
  // There are APIs that answer and have no list.
  const chosen = model ?? (MISSING.has(listed.verdict) ? config.models[0] : undefined);
  if (chosen === undefined || FINAL.has(listed.verdict)) return listed;
  return { ...listed, ...await askWith(chosen, options, signal) };
}

const MISSING: ReadonlySet<TrialVerdict> = new Set(["wrong-path", "no-api", "no-models"]);
/** A question would come to the same. */
const FINAL: ReadonlySet<TrialVerdict> = new Set(["key-refused", "unreachable", "late", "forbidden"]);

async function list({ client }: TrialOptions, signal: AbortSignal): Promise<Found> {
  try {
    const { length } = await client.listModels(signal);
    return { verdict: length === 0 ? "no-models" : "ok", models: length };
  } catch (thrown) {
    const found = foundOf(toGatewayError(thrown));
    // No model was asked for: it is the list that is not there.
    return found.verdict === "unknown-model" ? { ...found, verdict: "wrong-path" } : found;
  }
}

async function askWith(model: string | undefined, options: TrialOptions, signal: AbortSignal): Promise<Found> {
  if (model === undefined) return { verdict: "untried" };
  const { client, config: { timeouts }, randomId } = options;
  const body = { model, max_tokens: 16, messages: [{ role: "user", content: "Say hi." }] };
  const request = openaiChat.parseRequest(body, { text: JSON.stringify(body) });
  try {
    const call = { signal, requestId: `test_${randomId()}`, stream: false, facts: {}, timeouts };
    const { beats } = await client.open(request, call);
    await drain(beats);
    return { verdict: "ok", model };
  } catch (thrown) {
    return { ...foundOf(toGatewayError(thrown)), model };
  }
}

function foundOf({ kind, detail }: GatewayError): Found {
  return { verdict: VERDICTS[kind], ...(detail !== undefined && { detail }) };
}
