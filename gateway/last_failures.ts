/** The last failures of each provider, as this instance saw them: what a person looks for when one does not answer. */

import { ERROR_KINDS, type ErrorKind } from "../chat/error.ts";
import type { AttemptNote } from "./observation.ts";
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

/** Not the provider's doing: ours, or the client's, who asked for what there is not. */
const OTHERS: ReadonlySet<string> = new Set<ErrorKind>([
  ...["client-gone", "shutting-down", "internal"] as const,
  ...["context-length", "too-large"] as const,
]);

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
        const failure = failureOf(attempt, now);
        if (failure !== undefined) note(attempt.provider, failure);
      }
    },
  };
}

/** It failed, or its stream did, of which all is known at the request's end only. */
function failureOf(attempt: AttemptNote, now: number): ProviderFailure | undefined {
  const { outcome, broke, startedAt, milliseconds, model, detail } = attempt;
  const kind = broke ?? (isErrorKind(outcome) ? outcome : undefined);
  if (kind === undefined) return undefined;
  const at = broke === undefined ? startedAt + milliseconds : now;
  return { at, kind, model, ...(detail !== undefined && { detail }) };
}

function isErrorKind(outcome: AttemptNote["outcome"]): outcome is ErrorKind {
  return Object.hasOwn(ERROR_KINDS, outcome);
}
