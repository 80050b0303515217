/** The last failures of each provider, as this instance saw them: what a person looks for when one does not answer. */

import { ERROR_KINDS, type ErrorKind } from "../chat/error.ts";
import type { AttemptNote, Observation } from "./observation.ts";
import type { GatewayObserver } from "./observer.ts";
import type { Redact } from "./redact.ts";

export interface ProviderFailure {
  /** Milliseconds since the epoch. */
  at: number;
  kind: ErrorKind;
  /** The upstream's id of the model. */
  model?: string;
  /** What the upstream said. */
  detail?: string;
}

export interface LastFailures extends GatewayObserver {
  /** The newest first. */
  of(provider: string): readonly ProviderFailure[];
}

/** Of each provider. */
const KEPT = 5;
const DETAIL = 500;

/** Not the provider's doing. */
const OTHERS: ReadonlySet<string> = new Set<ErrorKind>(["client-gone", "shutting-down", "internal"]);

export function createLastFailures({ redact }: { redact: Redact }): LastFailures {
  const byProvider = new Map<string, ProviderFailure[]>();

  function note(provider: string, { detail, ...failure }: ProviderFailure): void {
    if (OTHERS.has(failure.kind)) return;
    const shown = detail === undefined ? failure : { ...failure, detail: redact(detail).slice(0, DETAIL) };
    byProvider.set(provider, [shown, ...byProvider.get(provider) ?? []].slice(0, KEPT));
  }

  return {
    of: (provider) => byProvider.get(provider) ?? [],
    started() {},
    finished(observation, now) {
      for (const attempt of observation.attempts) {
        const failure = failureOf(attempt);
        if (failure !== undefined) note(attempt.provider, failure);
      }
      const broken = brokenStream(observation, now);
      if (broken !== undefined && observation.provider !== undefined) note(observation.provider, broken);
    },
  };
}

function failureOf({ outcome, startedAt, milliseconds, model, detail }: AttemptNote): ProviderFailure | undefined {
  if (!isErrorKind(outcome)) return undefined;
  return { at: startedAt + milliseconds, kind: outcome, model, ...(detail !== undefined && { detail }) };
}

/** An attempt that began well is no failure by itself: how its stream ended is. */
function brokenStream({ attempts, error, upstreamModel }: Observation, now: number): ProviderFailure | undefined {
  const last = attempts.at(-1);
  if (error === undefined || last === undefined || isErrorKind(last.outcome)) return undefined;
  return {
    at: now,
    kind: error.kind,
    ...(upstreamModel !== undefined && { model: upstreamModel }),
    ...(error.detail !== undefined && { detail: error.detail }),
  };
}

function isErrorKind(outcome: AttemptNote["outcome"]): outcome is ErrorKind {
  return Object.hasOwn(ERROR_KINDS, outcome);
}
