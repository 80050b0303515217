/** One upstream as a client of it: a key of the pool sent, refusals read, what is good handed on. */

import { type GatewayError, timeoutError, withRetryAfter } from "../chat/error.ts";
import { parseJson } from "../dialects/json.ts";
import { readStart } from "../streaming/read_start.ts";
import { within } from "../streaming/timer.ts";
import { type AuthStyle, credentialHeaders } from "./auth.ts";
import { createHttpCaller, type HttpBase, readWhole, untilEnd } from "./http_call.ts";
import type { ProviderPorts, Timeouts } from "./provider.ts";
import { parseRetryAfter } from "./retry_after.ts";

export interface HttpEndpoint extends HttpBase {
  /** The key pool. */
  apiKeys: readonly string[];
  auth: AuthStyle;
  /** Sent with every call, after the dialect's own. */
  headers: Readonly<Record<string, string>>;
}

export interface HttpClientOptions extends HttpEndpoint {
  /** What a bad answer means; `body` is parsed JSON, or text where it was none. */
  parseError: (status: number, body: unknown) => GatewayError;
}

export interface HttpRequest {
  /** JSON; without one it is a GET. */
  body?: string;
  accept?: string;
  /** The key's place in the pool; the next in turn where none is given. */
  key?: number | undefined;
  /** Sent over those of the endpoint. */
  headers?: Readonly<Record<string, string>>;
  timeouts: Pick<Timeouts, "connect" | "headers" | "firstContent">;
  signal: AbortSignal;
}

export interface HttpClient {
  /**
   * A response whose status is good. Whoever asked aborts the signal when the body is no longer wanted.
   *
   * @throws {GatewayError} what a bad status means, or the clock that ran out; and whatever the fetch throws
   */
  send(path: string, request: HttpRequest): Promise<Response>;
  /**
   * The text of a good response, read whole, up to `limit` bytes: nothing of the connection is left behind.
   *
   * @throws {GatewayError} or the signal's reason
   */
  exchange(path: string, request: HttpRequest & { limit: number }): Promise<string>;
}

/** Of an upstream's error body no more is read: it says nothing more, and some upstreams never end it. */
const ERROR_BODY = { limit: 65_536, patience: 2_000 };

export function createHttpClient(options: HttpClientOptions, ports: ProviderPorts): HttpClient {
  const call = createHttpCaller(options, ports);
  const credential = credentialHeaders(options.auth, options.apiKeys);
  // In one case of letters, or one that is set twice would be sent twice.
  const fixed = Object.fromEntries(Object.entries(options.headers).map(([name, value]) => [name.toLowerCase(), value]));

  const headersOf = ({ body, accept = "application/json", key, headers }: HttpRequest): Record<string, string> => ({
    ...(body !== undefined && { "content-type": "application/json" }),
    accept,
    ...fixed,
    ...credential(key),
    ...headers,
  });

  const refusal = async (response: Response): Promise<GatewayError> => {
    const text = await readStart(response, ERROR_BODY);
    const error = options.parseError(response.status, parseJson(text) ?? text);
    return withRetryAfter(error, error.retryAfter ?? parseRetryAfter(response.headers, ports.now()));
  };

  const send = async (path: string, request: HttpRequest): Promise<Response> => {
    const { body, timeouts, signal } = request;
    const posted = body === undefined ? {} : { method: "POST", body };
    const response = await call(path, { ...posted, headers: headersOf(request), timeouts, signal });
    if (response.ok) return response;
    throw await refusal(response);
  };

  const exchange = (path: string, request: HttpRequest & { limit: number }): Promise<string> =>
    untilEnd(request.signal, async (signal) => {
      const { limit, timeouts: { firstContent } } = request;
      const text = readWhole(await send(path, { ...request, signal }), limit);
      return await within(text, firstContent, () => timeoutError("first_content", firstContent));
    });

  return { send, exchange };
}
