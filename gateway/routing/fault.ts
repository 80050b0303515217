/** Whose fault a failed attempt is: what is benched for it, and what may do better. */

import { type ErrorKind, HELD_ELSEWHERE, SEES_NO_PICTURES } from "../../chat/error.ts";

/**
 * - `provider`: it failed, and may do better next time or elsewhere.
 * - `key`, `limit`: it refused or limited one key; any other may be served.
 * - `candidate`: this upstream cannot be asked for this at all; another may.
 * - `context`: the request is too long for this model; one with a larger window may take it.
 * - `request`: the client's own, and no upstream would see it otherwise. Also all that is no upstream's doing.
 */
export type Fault = "provider" | "key" | "limit" | "candidate" | "context" | "request";

const FAULTS = {
  "invalid-request": "request",
  "context-length": "context",
  "unauthorized": "request",
  "forbidden": "candidate",
  "unknown-model": "candidate",
  "unknown-route": "request",
  "not-found": "request",
  "method-not-allowed": "request",
  "websocket": "request",
  "request-timeout": "request",
  "conflict": "request",
  "too-large": "request",
  "unsupported-media-type": "request",
  "unprocessable": "request",
  "rate-limit": "limit",
  "quota": "request",
  "client-gone": "request",
  "internal": "request",
  "upstream-auth": "key",
  "upstream-quota": "key",
  "upstream-unreachable": "provider",
  "upstream-failure": "provider",
  "upstream-malformed": "provider",
  "upstream-empty": "provider",
  "upstream-cut": "provider",
  "overloaded": "provider",
  "configuration": "candidate",
  "shutting-down": "request",
  "upstream-timeout": "provider",
} as const satisfies Record<ErrorKind, Fault>;

export function faultOf({ kind, code }: { kind: ErrorKind; code?: string | undefined }): Fault {
  if (code === SEES_NO_PICTURES || code === HELD_ELSEWHERE) return "candidate";
  // The request's own deadline: it ran out over all that was tried.
  return code === "total_timeout" ? "request" : FAULTS[kind];
}
