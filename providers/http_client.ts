/** One upstream's HTTP: addresses guarded, connecting watched, keys taken in turn, refusals read, redirects not followed. */

import { GatewayError, timeoutError, withRetryAfter } from "../chat/error.ts";
import { parseJson } from "../dialects/json.ts";
import { readText } from "../streaming/read_text.ts";
import { within } from "../streaming/timer.ts";
import { checkAddress } from "./address_guard.ts";
import { type AuthStyle, credentialHeaders } from "./auth.ts";
import type { ProviderPorts, Timeouts } from "./provider.ts";
import { createReach } from "./reach.ts";
import { parseRetryAfter } from "./retry_after.ts";
import { cutOff, unreachable } from "./unreachable.ts";

export interface HttpEndpoint {
  /** The base URL that paths are put behind, without a slash at its end. */
  endpoint: string;
  /** The key pool; taken in turn. */
  apiKeys: readonly string[];
  auth: AuthStyle;
  /** Sent with every call, after the dialect's own. */
  headers: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  /** The endpoint was entered by someone who does not run the gateway: it must not lead into its network. */
  publicOnly?: boolean;
}

export interface HttpClientOptions extends HttpEndpoint {
  /** What a bad answer means; `body` is parsed JSON, or text where it was none. */
  parseError: (status: number, body: unknown) => GatewayError;
}

export interface HttpRequest {
  /** JSON; without one it is a GET. */
  body?: string;
  accept?: string;
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

/** An upstream's error body is read to here: more says nothing more. */
const ERROR_BODY_LIMIT = 65_536;

export function createHttpClient(options: HttpClientOptions, ports: ProviderPorts): HttpClient {
  const reach = createReach(ports);
  const guard = { resolve: ports.resolveHost, publicOnly: options.publicOnly ?? false };
  let turn = 0;

  const url = (path: string): string => {
    const query = new URLSearchParams(options.query).toString();
    const mark = path.includes("?") ? "&" : "?";
    return options.endpoint + path + (query === "" ? "" : mark + query);
  };

  const headersOf = ({ body, accept = "application/json", headers }: HttpRequest): Record<string, string> => ({
    ...(body !== undefined && { "content-type": "application/json" }),
    accept,
    ...options.headers,
    ...credentialHeaders(options.auth, options.apiKeys[turn++ % Math.max(options.apiKeys.length, 1)]),
    ...headers,
  });

  const refusal = async (response: Response): Promise<GatewayError> => {
    const text = await readText(response.body, { limit: ERROR_BODY_LIMIT }).catch(() => "");
    const error = options.parseError(response.status, parseJson(text) ?? text);
    return withRetryAfter(error, error.retryAfter ?? parseRetryAfter(response.headers, ports.now()));
  };

  const send = async (path: string, request: HttpRequest): Promise<Response> => {
    const { body, signal, timeouts: { connect, headers } } = request;
    const target = url(path);
    await checkAddress(new URL(target), guard);
    const sent = ports.fetch(target, {
      ...(body !== undefined && { method: "POST", body }),
      headers: headersOf(request),
      // A redirect would carry the key to wherever it points.
      redirect: "manual",
      signal,
    });
    const response = await within(
      Promise.race([sent, reach.failure(target, { limit: connect, signal })]),
      headers,
      () => timeoutError("headers", headers),
    );
    reach.answered();
    if (response.status >= 200 && response.status < 300) return response;
    throw await refusal(response);
  };

  const exchange = async (path: string, request: HttpRequest & { limit: number }): Promise<string> => {
    const { signal, limit, timeouts: { firstContent } } = request;
    signal.throwIfAborted();
    const abort = new AbortController();
    const leave = () => abort.abort(signal.reason);
    signal.addEventListener("abort", leave, { once: true });
    try {
      const response = await send(path, { ...request, signal: abort.signal });
      const text = readText(response.body, { limit }).catch((error) => {
        throw unreadable(error, limit);
      });
      return await within(text, firstContent, () => timeoutError("first_content", firstContent));
    } catch (error) {
      throw signal.aborted ? signal.reason : unreachable(error);
    } finally {
      signal.removeEventListener("abort", leave);
      abort.abort();
    }
  };

  return { send, exchange };
}

/** A body that broke off, or that is larger than its kind can be: the next one would be no smaller. */
function unreadable(error: unknown, limit: number): GatewayError {
  if (!(error instanceof GatewayError)) return cutOff(error);
  return new GatewayError("upstream-malformed", `Cannot answer as the provider sent more than ${limit} bytes`, {
    cause: error,
    retryable: false,
  });
}
