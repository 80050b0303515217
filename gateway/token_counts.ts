/** How many input tokens a request has: from its upstream where that can count, or else by a vocabulary of our own. */

import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { type ErrorKind, type GatewayError, timeoutError, toGatewayError } from "../chat/error.ts";
import { estimateInput } from "../chat/estimate_usage.ts";
import type { ChatRequest } from "../chat/request.ts";
import type { Provider, Timeouts } from "../providers/provider.ts";
import { within } from "../streaming/timer.ts";
import type { ResolvedCandidate } from "./catalog/mod.ts";
import type { Log } from "./log.ts";
import { textCounter } from "./text_counter.ts";
import { createTurnstile, type Turnstile } from "./turnstile.ts";

export interface TokenQuestion {
  /** As its upstream would be sent it. */
  request: ChatRequest;
  candidate: Pick<ResolvedCandidate, "provider" | "model" | "facts"> & { config: { timeouts: Timeouts } };
  /** The client's body as it came. */
  text: string;
  /** The request's id, for logs. */
  id: string;
  /** The client key's name. */
  key: string | undefined;
}

export interface TokenCount {
  tokens: number;
  /** Counted by us: the upstream may come to another number. */
  estimated: boolean;
}

export interface TokenCountsOptions {
  /** Milliseconds since the epoch. */
  now: () => number;
  log: Pick<Log, "debug" | "warn">;
}

export type CountTokens = (question: TokenQuestion) => Promise<TokenCount>;

/** How many counts are remembered, and for how many milliseconds. */
const REMEMBERED = 1000;
const MINUTE = 60_000;

/** A client that counts all its tools as it starts is answered by the upstream for the first, and by us for the rest. */
const FEW = { width: 4, pause: 1000 };

/** Milliseconds an upstream may take: clients wait for a count before they ask their question. */
const PATIENCE = 5000;

/** Failures that are about the one request; all others may be expected of the next one, too. */
const OF_REQUEST: ReadonlySet<ErrorKind> = new Set(["invalid-request", "context-length", "too-large", "unprocessable"]);

/**
 * Counts, never failing for an upstream's sake. A burst of counts neither burns an upstream's rate limit nor is lost in it
 * (CASES Q3): the same question is asked once a minute, a few questions at a time, and none for a while after a failure.
 */
export function createTokenCounts({ now, log }: TokenCountsOptions): CountTokens {
  // Above a resolution of 0 the cache would remember the time, and set a timer to forget it.
  const clock = { ttl: MINUTE, ttlResolution: 0, perf: { now } };
  const turnstiles = new WeakMap<Provider, Turnstile>();
  const resting = new LRUCache<string, true>({ max: REMEMBERED, ...clock });
  const counts = new LRUCache<string, TokenCount, TokenQuestion>({
    max: REMEMBERED,
    ...clock,
    // A count that is crowded out while it is under way is still given to who waits for it.
    ignoreFetchAbort: true,
    fetchMethod: (_key, _stale, { context }) => count(context),
  });

  async function count(question: TokenQuestion): Promise<TokenCount> {
    const told = await askUpstream(question);
    const tokens = told ?? estimateInput(question.request, { countText: await textCounter() });
    const { id, key, candidate: { provider, model } } = question;
    const estimated = told === undefined;
    log.debug("count", { id, key, provider: provider.name, upstream_model: model, input_tokens: tokens, estimated });
    return { tokens, estimated };
  }

  async function askUpstream(question: TokenQuestion): Promise<number | undefined> {
    const { request, candidate: { provider, model, facts, config: { timeouts } } } = question;
    const name = nameOf(question);
    if (provider.countTokens === undefined || resting.has(name)) return undefined;
    const leave = turnstileOf(provider)();
    if (leave === undefined) return undefined;
    const abort = new AbortController();
    const call = { signal: abort.signal, requestId: question.id, stream: false, facts, timeouts };
    try {
      const asked = provider.countTokens({ ...request, model }, call);
      return await within(asked, PATIENCE, () => timeoutError("total", PATIENCE));
    } catch (thrown) {
      note(toGatewayError(thrown), question);
      return undefined;
    } finally {
      abort.abort();
      leave();
    }
  }

  function turnstileOf(provider: Provider): Turnstile {
    const turnstile = turnstiles.get(provider) ?? createTurnstile({ ...FEW, now });
    turnstiles.set(provider, turnstile);
    return turnstile;
  }

  function note(error: GatewayError, question: TokenQuestion): void {
    const { kind, code, retryAfter, detail } = error;
    if (!OF_REQUEST.has(kind)) resting.set(nameOf(question), true, { ttl: Math.max(retryAfter ?? 0, MINUTE) });
    log.warn("count", { id: question.id, upstream: nameOf(question), error: code ?? kind, detail });
  }

  return (question) => counts.forceFetch(keyOf(question), { context: question });
}

/** A relay may be able to count for one model and not for another. */
function nameOf({ candidate: { provider, model } }: TokenQuestion): string {
  return `${provider.name}/${model}`;
}

/** Equal for equal questions of one client: a digest, as bodies are large and nobody's business. */
function keyOf(question: TokenQuestion): string {
  const { dialect, headers } = question.request.source;
  const frame = JSON.stringify([question.key, nameOf(question), dialect, headers]);
  return createHash("sha256").update(frame).update(question.text).digest("base64");
}
