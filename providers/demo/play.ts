/** Gives a composed answer in time: the only part of the demo that waits. */

import { timeoutError } from "../../chat/error.ts";
import type { Beat } from "../../chat/event.ts";
import { observe } from "../../streaming/observe.ts";
import { drain, type Pull, pullFrom } from "../../streaming/pull.ts";
import { delay, within } from "../../streaming/timer.ts";
import { putBack } from "../../streaming/until_content.ts";
import { watchSilence } from "../../streaming/watch_silence.ts";
import type { Call, Upstream } from "../provider.ts";
import type { Step } from "./step.ts";

/**
 * Opens when the first thing is said if a stream is asked for, when all is said otherwise, and keeps the call's clocks
 * as an upstream's client would.
 *
 * @throws {GatewayError} a failure before that, or the `headers` clock's
 */
export async function play(steps: readonly Step[], call: Call): Promise<Upstream> {
  call.signal.throwIfAborted();
  const { headers, firstContent, idle } = call.timeouts;
  const abort = new AbortController();
  const leave = () => abort.abort(call.signal.reason);
  call.signal.addEventListener("abort", leave, { once: true });
  const release = () => call.signal.removeEventListener("abort", leave);
  const beats = perform(steps, abort);
  try {
    const late = () => timeoutError("headers", headers);
    if (!call.stream) {
      const events = (await within(drain(beats), headers, late)).flat().flatMap((beat) => beat.events);
      release();
      return { dialect: undefined, form: "json", beats: pullFrom([[{ events, last: true }]]), lost: [] };
    }
    const first = await within(beats.next(), headers, late) ?? [];
    const watched = watchSilence(putBack(first, beats), { firstContent, idle });
    return { dialect: undefined, form: "stream", beats: observe(watched, { item() {}, end: release }), lost: [] };
  } catch (error) {
    release();
    abort.abort(error);
    throw error;
  }
}

/** The steps in time, one beat a pull; aborting ends a wait at once. */
function perform(steps: readonly Step[], abort: AbortController): Pull<Beat[]> {
  let at = 0;
  return {
    async next() {
      while (at < steps.length) {
        abort.signal.throwIfAborted();
        const step = steps[at++]!;
        switch (step.type) {
          case "wait":
            await delay(step.milliseconds, abort.signal);
            break;
          case "fail":
            throw step.error;
          case "say":
            return [at === steps.length ? { events: step.events, last: true } : { events: step.events }];
          default:
            step satisfies never;
        }
      }
      return undefined;
    },
    cancel(reason) {
      at = steps.length;
      abort.abort(reason);
    },
  };
}
