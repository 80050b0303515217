/** One HTTP call to an upstream, whatever it answers: address guarded, connecting watched, redirects not followed. */

import { GatewayError, timeoutError } from "../chat/error.ts";
import { readText } from "../streaming/read_text.ts";
import { within } from "../streaming/timer.ts";
import { checkAddress } from "./address_guard.ts";
import type { ProviderPorts, Timeouts } from "./provider.ts";
import { createReach } from "./reach.ts";
import { cutOff, unreachable } from "./unreachable.ts";

export interface HttpBase {
  /** The base URL that paths are put behind, without a slash at its end. */
  endpoint: string;
  query: Readonly<Record<string, string>>;
  /** The endpoint was entered by someone who does not run the gateway: it must not lead into its network. */
  publicOnly?: boolean;
}

export interface HttpCall {
  /** GET without one. */
  method?: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
  timeouts: Pick<Timeouts, "connect" | "headers">;
  signal: AbortSignal;
}

/**
 * The response, of any status. Whoever called aborts the signal when the body is no longer wanted.
 *
 * @throws {GatewayError} `forbidden` for the address, or the clock that ran out; and whatever the fetch throws
 */
export type CallHttp = (path: string, call: HttpCall) => Promise<Response>;

/**
 * The response of each signal, alive as long as somebody can abort it. Aborting a fetch no longer ends a body that is being
 * read once its response was collected as garbage (measured on Deno 2.9.6): it would be read for ever.
 */
const inReach = new WeakMap<AbortSignal, Response>();

export function createHttpCaller({ endpoint, query, publicOnly = false }: HttpBase, ports: ProviderPorts): CallHttp {
  const { fetchAt } = ports;
  const reach = createReach(ports);
  const guard = { resolve: ports.resolveHost, publicOnly };
  const isPlain = /^http:/i.test(endpoint);
  let isChecked = false;

  /**
   * The host is the endpoint's whatever the path: only what a name resolves to may be another each time. Resolves to the
   * address to connect to, where the name must not be looked up again: TLS tells another host by its certificate.
   */
  async function check(url: string): Promise<string | undefined> {
    const address = await checkAddress(new URL(url), guard);
    isChecked = !publicOnly;
    return isPlain ? address : undefined;
  }

  return async function callHttp(path, { timeouts: { connect, headers }, signal, ...call }) {
    const url = withQuery(endpoint + path, query);
    const limit = connect > 0 ? connect : headers;
    const address = isChecked ? undefined : await within(check(url), limit, () => timeoutError("connect", limit));
    // A redirect would carry the key to wherever it points.
    const init: RequestInit = { ...call, redirect: "manual", signal };
    const isNamed = address === undefined || fetchAt === undefined;
    const sent = isNamed ? ports.fetch(url, init) : fetchAt(address, url, init);
    const failure = reach.failure(isNamed ? url : withHost(url, address), { limit: connect, signal });
    const answered = failure === undefined ? sent : Promise.race([sent, failure]);
    const response = await within(answered, headers, () => timeoutError("headers", headers));
    reach.answered();
    inReach.set(signal, response);
    return response;
  };
}

function withHost(url: string, address: string): string {
  const moved = new URL(url);
  moved.hostname = address.includes(":") ? `[${address}]` : address;
  return moved.href;
}

function withQuery(url: string, query: Readonly<Record<string, string>>): string {
  const members = Object.entries(query);
  if (members.length === 0) return url;
  const extended = new URL(url);
  for (const [name, value] of members) extended.searchParams.set(name, value);
  return extended.href;
}

/**
 * Runs a call whose connection ends with it, however it ends: nothing is left behind.
 *
 * @throws {GatewayError} or the signal's reason
 */
export async function untilEnd<T>(signal: AbortSignal, run: (own: AbortSignal) => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const end = new AbortController();
  const leave = () => end.abort(signal.reason);
  signal.addEventListener("abort", leave, { once: true });
  try {
    return await run(end.signal);
  } catch (error) {
    throw signal.aborted ? signal.reason : unreachable(error);
  } finally {
    signal.removeEventListener("abort", leave);
    end.abort();
  }
}

/** @throws {GatewayError} for a body that broke off, or that is larger than its kind can be: the next would be no smaller */
export async function readWhole(response: Response, limit: number): Promise<string> {
  try {
    return await readText(response, { limit });
  } catch (error) {
    if (!(error instanceof GatewayError)) throw cutOff(error);
    throw new GatewayError("upstream-malformed", `Cannot answer as the provider sent more than ${limit} bytes`, {
      cause: error,
      retryable: false,
    });
  }
}
