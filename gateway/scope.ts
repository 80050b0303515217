/** The life of one request: what it opens ends when the client leaves, the deadline passes, or the answer is complete. */

import { GatewayError, timeoutError } from "../chat/error.ts";
import { alarm } from "../streaming/timer.ts";

export interface Scope {
  /** Handed to everything the request opens. */
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
  /** The client may leave, and what the request opened goes on; who calls this ends it. */
  outliveClient(): void;
  /** The answer is complete: releases the deadline and the listener. Later aborts of the request's signal mean nothing. */
  release(): void;
}

/**
 * Opens a scope with a controller of its own. `request.signal` itself is never handed to a fetch: it also fires after a
 * good answer, and ended the process with an unhandled rejection under a disconnect storm (DESIGN.md §3).
 */
export function openScope(request: Request, { total, closing }: { total: number; closing: AbortSignal }): Scope {
  const controller = new AbortController();
  const close = () => controller.abort(closing.reason);
  const leave = () => controller.abort(clientGone());
  const deadline = alarm(total, () => controller.abort(timeoutError("total", total)));
  request.signal.addEventListener("abort", leave, { once: true });
  closing.addEventListener("abort", close, { once: true });
  deadline.arm();
  if (request.signal.aborted) leave();
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    outliveClient: () => request.signal.removeEventListener("abort", leave),
    release() {
      deadline.stop();
      request.signal.removeEventListener("abort", leave);
      closing.removeEventListener("abort", close);
    },
  };
}

export function clientGone(cause?: unknown): GatewayError {
  return new GatewayError("client-gone", "Cannot answer as the client closed the connection", { cause });
}
