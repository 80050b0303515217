/** Those who follow a stream: they are told of what is new, and it is told when it has been alone for too long. */

import { alarm } from "../../streaming/timer.ts";

export interface Audience {
  /** Calls whoever watches. */
  tell(): void;
  /** From now on it is called when there is something new; the returned function ends that. */
  watch(changed: () => void): () => void;
  /** Somebody follows; the returned function says that they left. */
  join(): () => void;
  /** Releases the timer. */
  stop(): void;
}

export interface AudienceOptions {
  /** Milliseconds the stream goes on with nobody following; 0 for as long as it takes. */
  linger: number;
  abandoned: () => void;
  /** A stream that has ended waits for nobody. */
  isEnded: () => boolean;
}

export function createAudience({ linger, abandoned, isEnded }: AudienceOptions): Audience {
  const followers = new Set<() => void>();
  const alone = alarm(linger, abandoned);
  let present = 0;
  return {
    tell() {
      for (const changed of followers) changed();
    },
    watch(changed) {
      followers.add(changed);
      return () => void followers.delete(changed);
    },
    join() {
      present++;
      alone.disarm();
      return () => {
        present--;
        if (present === 0 && !isEnded()) alone.arm();
      };
    },
    stop: () => alone.stop(),
  };
}
