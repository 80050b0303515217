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
  const reach = createReach(ports);
  const guard = { resolve: ports.resolveHost, publicOnly };

  return async function callHttp(path, { timeouts: { connect, headers }, signal, ...call }) {
    const url = new URL(endpoint + path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    await checkAddress(url, guard);
    // A redirect would carry the key to wherever it points.
    const sent = ports.fetch(url, { ...call, redirect: "manual", signal });
    const failure = reach.failure(url.href, { limit: connect, signal });
    const response = await within(Promise.race([sent, failure]), headers, () => timeoutError("headers", headers));
    reach.answered();
    inReach.set(signal, response);
    return response;
  };
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
