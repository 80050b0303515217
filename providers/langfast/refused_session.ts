/** The one refusal that a new session may help against: a 403 or a limit is about what a session may do, not whose it is. */

import { GatewayError } from "../../chat/error.ts";

const CODE = "session_refused";

export function refusedSession(detail: string): GatewayError {
  return new GatewayError("upstream-auth", "Cannot answer as the provider refused the gateway's session", {
    code: CODE,
    detail,
  });
}

export function isRefusedSession(error: unknown): boolean {
  return error instanceof GatewayError && error.code === CODE;
}
