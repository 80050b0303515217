/** What a failed fetch means: our own errors as they are, everything else as a provider that cannot be reached. */

import { GatewayError } from "../chat/error.ts";

export function unreachable(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  return new GatewayError(
    "upstream-unreachable",
    "Cannot answer as the provider could not be reached: connection error",
    {
      cause: error,
      detail: error instanceof Error ? error.message : String(error),
    },
  );
}

/** The same for a body that broke off while it was read. */
export function cutOff(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  return new GatewayError(
    "upstream-cut",
    "Cannot finish the answer as a connection error ended the provider's stream",
    {
      cause: error,
      detail: error instanceof Error ? error.message : String(error),
    },
  );
}
