/** A resumable stream while this instance writes it: every frame is kept before anybody is told its number. */

import { BEAT, readFrames, type StreamEnd, type StreamPlace, type StreamWriter } from "../../records/stream_log.ts";
import type { Store } from "../../records/store.ts";
import { gather } from "../../streaming/gather.ts";
import type { Pull } from "../../streaming/pull.ts";
import { alarm } from "../../streaming/timer.ts";
import { demandStorage } from "../storage_away.ts";
import { createAudience } from "./audience.ts";
import { expired, type Feed } from "./feed.ts";
import { frameTail } from "./frame_tail.ts";
import { isPadding } from "./frame_numbers.ts";

export interface RunningStream extends Feed {
  /** Somebody follows it; the returned function says that they left. */
  join(): () => void;
  /** Resolves when it has ended, and its end is kept. Never rejects. */
  done: Promise<void>;
}

export interface RunOptions {
  store: Store;
  place: StreamPlace;
  writer: StreamWriter;
  /** Milliseconds it goes on with nobody following; 0 for as long as it takes. */
  linger: number;
  /** Characters of all frames. */
  limit: number;
  /** How the answer ended, asked once its frames are all there. */
  ending: () => StreamEnd;
  stop: StopReasons;
  /** Told of what must not happen: the storage refused what it was given. */
  failed: (error: unknown) => void;
}

/** What ends the answer before its time. */
export interface StopReasons {
  /** Nobody followed it for too long. */
  abandoned: () => void;
  tooLong: () => void;
  /** Somebody asked for it, or what was kept is gone. */
  asked: () => void;
}

/** Characters that a follower who is near the end is given without the storage. */
const WINDOW = 256 * 1024;
/** Characters that wait for the storage. */
const MOST_WAITING = 1024 * 1024;

/** Drives the stream to its end, whoever follows it. */
export function runStream(frames: Pull<string[]>, options: RunOptions): RunningStream {
  const { store, place, writer, limit, ending, stop } = options;
  const tail = frameTail(WINDOW);
  let isEnded = false;
  let size = 0;
  const audience = createAudience({ linger: options.linger, abandoned: stop.abandoned, isEnded: () => isEnded });
  const heart = alarm(BEAT, () => void beat());

  async function beat(): Promise<void> {
    const lives = await writer.beat().catch(() => true);
    if (!lives && !isEnded) stop.asked();
  }

  async function keep(batch: readonly string[]): Promise<void> {
    const said = batch.filter((frame) => !isPadding(frame));
    if (said.length === 0) return;
    await writer.append(said);
    tail.push(said);
    audience.tell();
    size += said.reduce((sum, { length }) => sum + length, 0);
    if (size > limit) stop.tooLong();
  }

  async function run(): Promise<void> {
    const gathered = gather(frames, MOST_WAITING);
    heart.arm();
    try {
      for (let batch = await gathered.next(); batch !== undefined; batch = await gathered.next()) await keep(batch);
      // Who has the last frame does not wait for the storage: padding after it breaks clients that read lines.
      isEnded = true;
      audience.tell();
      await writer.end(ending());
    } catch (error) {
      gathered.cancel(error);
      options.failed(error);
    } finally {
      heart.stop();
      audience.stop();
      isEnded = true;
      audience.tell();
    }
  }

  return {
    async read(after) {
      const near = tail.after(after);
      if (near !== undefined) return { frames: near, isEnded };
      const kept = await readFrames(store, place, { after, until: tail.count() });
      if (kept === undefined) demandStorage(store, "go on with the stream");
      if (kept === undefined) throw expired();
      return { frames: kept, isEnded: false };
    },
    watch: audience.watch,
    interval: 0,
    join: audience.join,
    done: run(),
  };
}
