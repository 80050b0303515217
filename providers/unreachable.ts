/** What a failed fetch means: our own errors as they are, everything else as a provider that cannot be reached. */

import { GatewayError } from "../chat/error.ts";
import { upstreamError } from "../dialects/upstream_error.ts";

export function unreachable(error: unknown): GatewayError {
  return thrown("upstream-unreachable", error);
}

/** The same for a body that broke off while it was read. */
export function cutOff(error: unknown): GatewayError {
  return thrown("upstream-cut", error);
}

function thrown(kind: "upstream-unreachable" | "upstream-cut", error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  return upstreamError(kind, error instanceof Error ? error.message : String(error), error);
}
