/** Follows a task to its end: waits and asks as the reader says, when somebody wants to know more. */

import type { Beat } from "../../chat/event.ts";
import { timeoutError, toGatewayError } from "../../chat/error.ts";
import type { Pull } from "../../streaming/pull.ts";
import { alarm, delay } from "../../streaming/timer.ts";
import type { TaskAnswer } from "./task_api.ts";
import type { Next, Step, TaskReader } from "./task_reader.ts";
import { whenAborted } from "./when_aborted.ts";

export interface FollowOptions {
  reader: TaskReader;
  /** The reader's first word. */
  begin: Next;
  /** Milliseconds for all of it; 0 for no limit. */
  deadline: number;
  /** The end of it all, whoever brings it about. */
  end: AbortController;
  /** Asks for the task once. */
  ask(): Promise<TaskAnswer>;
  /** Nobody waits for the task any more, although it goes on. Called at most once. */
  abandon(): void;
}

export function followTask({ reader, begin, deadline, end, ask, abandon }: FollowOptions): Pull<Beat[]> {
  let next = begin;
  const clock = alarm(deadline, () => end.abort(timeoutError("total", deadline)));
  clock.arm();
  whenAborted(end.signal, () => {
    clock.stop();
    if (next.type !== "end") abandon();
  });

  const poll = async (after: number): Promise<Step> => {
    await delay(after, end.signal);
    try {
      return reader.push(await ask());
    } catch (error) {
      end.signal.throwIfAborted();
      return reader.miss(toGatewayError(error));
    }
  };

  return {
    async next() {
      // Asks again until there is something to say: an answer without news is the upstream's silence.
      while (next.type === "poll") {
        const step = await poll(next.after);
        next = step.next;
        if (next.type !== "poll") end.abort(next.error);
        if (step.events.length > 0) return [{ events: step.events, ...(next.type === "end" && { last: true }) }];
      }
      const { error } = next;
      next = { type: "end" };
      if (error !== undefined) throw error;
      return undefined;
    },
    cancel: (reason) => end.abort(reason),
  };
}
