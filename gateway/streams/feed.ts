/** Where a follower gets the frames of a stream from. */

import type { Dialect } from "../../dialects/dialect.ts";
import {
  endOrphan,
  headKey,
  isOrphaned,
  readFrames,
  readHead,
  type StreamHead,
  type StreamPlace,
} from "../../records/stream_log.ts";
import type { Store } from "../../records/store.ts";
import { GatewayError } from "../../chat/error.ts";
import { demandStorage } from "../storage_away.ts";
import { lastWords } from "./last_words.ts";

export interface Feed {
  /** The frames behind that number as far as they are kept, perhaps not all at once, and whether none follows them. */
  read(after: number): Promise<{ frames: string[]; isEnded: boolean }>;
  /** Calls back when there may be more; the returned function ends it. */
  watch(changed: () => void): () => void;
  /** Milliseconds after which to look again, called back or not; 0 for never. */
  interval: number;
}

export interface StoredFeedOptions {
  store: Store;
  place: StreamPlace;
  dialect: Dialect;
  now: () => number;
  /** Milliseconds. */
  expireIn: number;
}

/** What calls back may be late, and a writer that is gone calls back never. */
const LOOK_AGAIN = 1_000;

/** A stream that another instance writes, or that has ended. */
export function storedFeed(options: StoredFeedOptions): Feed {
  const { store, place, now } = options;
  return {
    async read(after) {
      let head = await readHead(store, place);
      if (head !== undefined && isOrphaned(head, now())) head = await bury(head, options);
      // An end that nobody told would make a whole answer of it.
      if (head === undefined) demandStorage(store, "go on with the stream");
      if (head === undefined) return { frames: [], isEnded: true };
      const frames = await readFrames(store, place, { after, until: head.frames });
      if (frames === undefined) demandStorage(store, "go on with the stream");
      if (frames === undefined) throw expired();
      return { frames, isEnded: head.end !== undefined && after + frames.length >= head.frames };
    },
    watch: (changed) => store.watch([headKey(place)], changed),
    interval: LOOK_AGAIN,
  };
}

/** Gives a stream whose writer is gone its end: an error in its own dialect. */
async function bury(head: StreamHead, options: StoredFeedOptions): Promise<StreamHead | undefined> {
  const { store, place, dialect, expireIn, now } = options;
  const written: string[] = [];
  while (written.length < head.frames) {
    const more = await readFrames(store, place, { after: written.length, until: head.frames });
    if (more === undefined) throw expired();
    written.push(...more);
  }
  const error = new GatewayError("upstream-cut", "Cannot finish the answer as the instance that gave it is gone");
  const frames = lastWords(dialect, written, { error, id: place.id, now: now() });
  await endOrphan(store, place, { head, frames, expireIn });
  return await readHead(store, place);
}

export function expired(): GatewayError {
  return new GatewayError("not-found", "Cannot go on with the stream as what was kept of it has expired");
}
