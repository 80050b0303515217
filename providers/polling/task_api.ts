/** The HTTP calls to a task API: what it says with which status, each call with its own clock and its own end. */

import { timeoutError } from "../../chat/error.ts";
import type { Json } from "../../chat/json.ts";
import { within } from "../../streaming/timer.ts";
import { createHttpCaller, type HttpBase, readWhole, untilEnd } from "../http_call.ts";
import type { ProviderPorts, Timeouts } from "../provider.ts";
import { parseRetryAfter } from "../retry_after.ts";

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

export function createTaskApi(base: HttpBase, ports: ProviderPorts): TaskApi {
  const callHttp = createHttpCaller(base, ports);

  const exchange = async ({ path, ...call }: TaskCall, signal: AbortSignal): Promise<TaskAnswer> => {
    const isGiven = call.body !== undefined;
    const response = await callHttp(path, {
      method: call.method.toUpperCase(),
      headers: {
        accept: "application/json",
        ...(isGiven && { "content-type": "application/json" }),
        ...call.headers,
      },
      ...(isGiven && { body: JSON.stringify(call.body) }),
      // The clock for headers runs until the whole answer is there.
      timeouts: { connect: call.timeouts.connect, headers: 0 },
      signal,
    });
    const retryAfter = parseRetryAfter(response.headers, ports.now());
    return { status: response.status, text: await readWhole(response, BODY_LIMIT), retryAfter };
  };

  // A call that is too late ends alone: the task may well be asked for again.
  return function callTaskApi(call) {
    const { signal, timeouts: { headers } } = call;
    return untilEnd(signal, (own) => within(exchange(call, own), headers, () => timeoutError("headers", headers)));
  };
}
