/** Finds an upstream that stopped talking, whatever keep-alives the client is sent meanwhile (CASES V3, E13). */

import { type Beat, isContent } from "../chat/event.ts";
import { timeoutError } from "../chat/error.ts";
import type { Pull } from "./pull.ts";
import { alarm } from "./timer.ts";

export interface SilenceLimits {
  /** Milliseconds until the first content; 0 for no limit. */
  firstContent: number;
  /** Milliseconds between beats afterwards; 0 for no limit. */
  idle: number;
}

/**
 * Fails with an `upstream-timeout` when no beat came for too long, and cancels the source. Only the time in which
 * somebody waits counts: a client that reads slowly is not the upstream's silence. Comments and pings are no beats.
 */
export function watchSilence(source: Pull<Beat[]>, limits: SilenceLimits): Pull<Beat[]> {
  let fail: ((error: Error) => void) | undefined;
  /** The clock may run out while nobody waits: the next who does is told. */
  let late: Error | undefined;
  let spoke = false;
  const ring = () => {
    const error = spoke ? timeoutError("idle", limits.idle) : timeoutError("first_content", limits.firstContent);
    stop();
    late = error;
    source.cancel(error);
    fail?.(error);
  };
  const first = alarm(limits.firstContent, ring);
  const idle = alarm(limits.idle, ring);
  const stop = () => {
    first.stop();
    idle.stop();
  };
  // Not re-armed by frames that say nothing: an upstream that pings for ever must not hide that it never answers.
  first.arm();

  return {
    async next() {
      if (late !== undefined) throw late;
      if (spoke) idle.arm();
      const beats = await new Promise<Beat[] | undefined>((resolve, reject) => {
        fail = reject;
        source.next().then(resolve, reject);
      }).catch((error) => {
        stop();
        throw error;
      });
      fail = undefined;
      idle.disarm();
      if (beats === undefined) stop();
      else if (!spoke && beats.some((beat) => beat.events.some(isContent))) {
        spoke = true;
        first.stop();
      }
      return beats;
    },
    cancel(reason) {
      stop();
      source.cancel(reason);
    },
  };
}
