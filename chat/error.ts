/** The one error of the gateway: a closed kind, from which each dialect derives its wire shape. */

/** Every kind with the HTTP status a client gets for it, and whether another attempt may succeed. */
export const ERROR_KINDS = {
  "invalid-request": { status: 400, retryable: false },
  "context-length": { status: 400, retryable: false },
  "unauthorized": { status: 401, retryable: false },
  "forbidden": { status: 403, retryable: false },
  "unknown-model": { status: 404, retryable: false },
  "unknown-route": { status: 404, retryable: false },
  /** What was asked for by its id is not there, or not for this client. */
  "not-found": { status: 404, retryable: false },
  "method-not-allowed": { status: 405, retryable: false },
  "request-timeout": { status: 408, retryable: false },
  "conflict": { status: 409, retryable: false },
  /** Asked over a WebSocket what is answered over HTTP. */
  "websocket": { status: 426, retryable: false },
  "too-large": { status: 413, retryable: false },
  "unsupported-media-type": { status: 415, retryable: false },
  "unprocessable": { status: 422, retryable: false },
  "rate-limit": { status: 429, retryable: true },
  "quota": { status: 429, retryable: false },
  "client-gone": { status: 499, retryable: false },
  "internal": { status: 500, retryable: false },
  /** Our key was refused by the vendor: never a 401, as the caller's key is fine. */
  "upstream-auth": { status: 502, retryable: false },
  /** Our account at the vendor is out of money or quota. */
  "upstream-quota": { status: 502, retryable: false },
  "upstream-unreachable": { status: 502, retryable: true },
  "upstream-failure": { status: 502, retryable: true },
  /** Bytes that are not the upstream's dialect: HTML, half a JSON, an unknown frame. */
  "upstream-malformed": { status: 502, retryable: true },
  /** A well-formed answer that says nothing. */
  "upstream-empty": { status: 502, retryable: true },
  /** The stream ended before the upstream said that it was done. */
  "upstream-cut": { status: 502, retryable: true },
  "overloaded": { status: 503, retryable: true },
  "configuration": { status: 503, retryable: false },
  "shutting-down": { status: 503, retryable: false },
  "upstream-timeout": { status: 504, retryable: true },
} as const satisfies Record<string, { status: number; retryable: boolean }>;

export type ErrorKind = keyof typeof ERROR_KINDS;

/** Which of the five clocks ran out; named in the code of an `upstream-timeout`. */
export type TimeoutPhase = "connect" | "headers" | "first_content" | "idle" | "total";

export interface GatewayErrorOptions {
  cause?: unknown;
  /** Milliseconds after which the upstream said another attempt makes sense. */
  retryAfter?: number;
  /** The request field at fault, as a path in the client's own words: `messages[0].role`. */
  param?: string;
  /** A stable machine-readable code, where it says more than the kind. */
  code?: string;
  /** Overrides the kind's default, for example a 500 that must not be repeated. */
  retryable?: boolean;
  /** For logs only: what the upstream said. Never sent to a client. */
  detail?: string;
}

/**
 * What went wrong, in our own words. `message` is safe for clients (sentence case, action then state, no upstream
 * text, no secret); `detail` and `cause` are for logs.
 */
export class GatewayError extends Error {
  override name = "GatewayError" as const;
  readonly kind: ErrorKind;
  readonly status: number;
  readonly retryable: boolean;
  readonly retryAfter: number | undefined;
  readonly param: string | undefined;
  readonly code: string | undefined;
  readonly detail: string | undefined;

  constructor(kind: ErrorKind, message: string, options: GatewayErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.status = ERROR_KINDS[kind].status;
    this.retryable = options.retryable ?? ERROR_KINDS[kind].retryable;
    this.retryAfter = options.retryAfter;
    this.param = options.param;
    this.code = options.code;
    this.detail = options.detail;
  }
}

/** The same error, with the time after which the upstream said to come back. */
export function withRetryAfter(error: GatewayError, retryAfter: number | undefined): GatewayError {
  return retryAfter === undefined ? error : changed(error, { retryAfter });
}

/** The code of a refusal that is about the request's pictures: another model may see them. */
export const SEES_NO_PICTURES = "model_sees_no_pictures";

/** The code of a refusal that is about contents which another vendor holds. */
export const HELD_ELSEWHERE = "contents_held_elsewhere";

function changed(error: GatewayError, changes: GatewayErrorOptions): GatewayError {
  const { param, code, detail, retryable, retryAfter, cause } = error;
  return new GatewayError(error.kind, error.message, {
    retryable,
    ...(retryAfter !== undefined && { retryAfter }),
    ...(param !== undefined && { param }),
    ...(code !== undefined && { code }),
    ...(detail !== undefined && { detail }),
    ...(cause !== undefined && { cause }),
    ...changes,
  });
}

/** The error as it is, or any other thrown value wrapped as `internal`, so that no foreign text reaches a client. */
export function toGatewayError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  return new GatewayError("internal", "Cannot answer the request as the gateway failed", { cause: thrown });
}

/** An `upstream-timeout` whose code and message name the clock that ran out after `milliseconds`. */
export function timeoutError(phase: TimeoutPhase, milliseconds: number): GatewayError {
  const what = {
    connect: "the provider could not be reached",
    headers: "the provider did not begin to answer",
    first_content: "the provider sent no content",
    idle: "the provider sent nothing more",
    total: "the answer was not complete",
  } as const satisfies Record<TimeoutPhase, string>;
  const message = `Cannot answer as the request timed out: ${what[phase]} within ${milliseconds} ms`;
  return new GatewayError("upstream-timeout", message, { code: `${phase}_timeout` });
}
