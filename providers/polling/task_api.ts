/** The HTTP calls to a task API: what it says with which status, each call with its own clock and its own end. */

import { GatewayError, timeoutError } from "../../chat/error.ts";
import type { Json } from "../../chat/json.ts";
import { upstreamError } from "../../dialects/upstream_error.ts";
import { readText } from "../../streaming/read_text.ts";
import { within } from "../../streaming/timer.ts";
import { checkAddress } from "../address_guard.ts";
import type { ProviderPorts, Timeouts } from "../provider.ts";
import { createReach } from "../reach.ts";
import { parseRetryAfter } from "../retry_after.ts";
import { cutOff, unreachable } from "../unreachable.ts";

export interface TaskApiOptions {
  /** The base URL that the paths are put behind, without a slash at its end. */
  endpoint: string;
  query: Readonly<Record<string, string>>;
  publicOnly: boolean;
}

export interface TaskCall {
  method: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  body?: Json;
  signal: AbortSignal;
  timeouts: Pick<Timeouts, "connect" | "headers">;
}

export interface TaskAnswer {
  status: number;
  text: string;
  /** Milliseconds. */
  retryAfter: number | undefined;
}

/** @throws {GatewayError} where no answer came, whole and in time; or the signal's reason */
export type TaskApi = (call: TaskCall) => Promise<TaskAnswer>;

/** An answer holds the whole text so far. More than any text is long bounds what a wild upstream costs. */
const BODY_LIMIT = 16 * 1024 * 1024;

export function createTaskApi(options: TaskApiOptions, ports: ProviderPorts): TaskApi {
  const reach = createReach(ports);
  const guard = { resolve: ports.resolveHost, publicOnly: options.publicOnly };

  const exchange = async ({ method, path, headers, body }: TaskCall, signal: AbortSignal): Promise<TaskAnswer> => {
    const url = urlOf(path, options);
    await checkAddress(url, guard);
    const response = await ports.fetch(url, {
      method: method.toUpperCase(),
      headers: {
        accept: "application/json",
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      // A redirect would carry the key to wherever it points.
      redirect: "manual",
      signal,
    });
    reach.answered();
    const retryAfter = parseRetryAfter(response.headers, ports.now());
    return { status: response.status, text: await readBody(response), retryAfter };
  };

  return async function callTaskApi(call) {
    const { signal, timeouts: { connect, headers } } = call;
    signal.throwIfAborted();
    // A call that is too late ends alone: the task may well be asked for again.
    const abort = new AbortController();
    const leave = () => abort.abort(signal.reason);
    signal.addEventListener("abort", leave, { once: true });
    try {
      const failure = reach.failure(options.endpoint, { limit: connect, signal: abort.signal });
      const answer = Promise.race([exchange(call, abort.signal), failure]);
      return await within(answer, headers, () => timeoutError("headers", headers));
    } catch (error) {
      throw signal.aborted ? signal.reason : unreachable(error);
    } finally {
      signal.removeEventListener("abort", leave);
      abort.abort();
    }
  };
}

function urlOf(path: string, { endpoint, query }: TaskApiOptions): URL {
  const url = new URL(endpoint + path);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

async function readBody({ body }: Response): Promise<string> {
  try {
    return await readText(body, { limit: BODY_LIMIT });
  } catch (error) {
    if (error instanceof GatewayError) throw upstreamError("upstream-malformed", error.message);
    throw cutOff(error);
  }
}
