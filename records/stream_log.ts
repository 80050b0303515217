/** What is kept of one stream: its frames in batches, and a head that says how far they go and whether more will come. */

import type { DialectName } from "../chat/event.ts";
import type { Key, Store, Write } from "./store.ts";

/** A stream belongs to a client key, `""` where the gateway is open: nobody else's request finds it. */
export interface StreamPlace {
  owner: string;
  id: string;
}

export interface StreamHead {
  /** The client's dialect, and the `content-type` of the stream, in which the two forms of Gemini's differ. */
  dialect: DialectName;
  contentType: string;
  /** Milliseconds since the epoch, here and below. */
  createdAt: number;
  /** When its writer was last seen alive. */
  aliveAt: number;
  /** How many frames can be read. */
  frames: number;
  /** How it ended; `lost` where its writer was gone before it could say so. */
  end?: StreamEnd;
}

export type StreamEnd = "done" | "failed" | "cancelled" | "lost";

export interface StreamWriter {
  /** Resolves when the frames are kept: only then may anybody be told their numbers. */
  append(frames: readonly string[]): Promise<void>;
  /** Says that the writer lives. Resolves to false where the stream is to stop, or is not there any more. */
  beat(): Promise<boolean>;
  end(how: StreamEnd): Promise<void>;
  /** Forgets a stream of which nobody has seen anything. */
  drop(): Promise<void>;
}

export interface StreamLogOptions {
  now: () => number;
  /** Milliseconds after its last frame. */
  expireIn: number;
  /** Milliseconds that a stream may take: its first frames must be there as long as its last. */
  lifetime: number;
}

/** Characters of one batch; KV takes 64 KiB as one value. */
const BATCH_SIZE = 30_000;
/** Batches that are read at once. */
const PAGE = 16;
/** Milliseconds without a beat after which a writer is taken for gone. */
const LEASE = 20_000;
/** Milliseconds between two beats. */
export const BEAT = 5_000;

/** Begins a stream; resolves to nothing where there is one with this id. */
export async function createStreamLog(
  store: Store,
  place: StreamPlace,
  options: StreamLogOptions & Pick<StreamHead, "dialect" | "contentType">,
): Promise<StreamWriter | undefined> {
  const { now, expireIn, lifetime, dialect, contentType } = options;
  const key = headKey(place);
  let head: StreamHead = { dialect, contentType, createdAt: now(), aliveAt: now(), frames: 0 };
  if (!await store.set(key, head, { expireIn, check: null })) return undefined;

  /** The head's own writes must not overtake each other. */
  let writing = Promise.resolve();
  /** It was deleted meanwhile: what is written now would bring it back. */
  let isForgotten = false;
  function write(changes: Partial<StreamHead>, batches: readonly Write[] = []): Promise<void> {
    if (isForgotten) return writing;
    head = { ...head, ...changes, aliveAt: now() };
    // The head stands last: nobody looks for frames it does not tell of.
    const writes = [...batches, { key, value: head, expireIn }];
    writing = writing.then(() => store.setAll(writes));
    return writing;
  }

  return {
    append(frames) {
      const batches = batchesOf(frames, head.frames).map(({ last, frames }) => ({
        key: [...key, last],
        value: frames,
        expireIn: expireIn + lifetime,
      }));
      return write({ frames: head.frames + frames.length }, batches);
    },
    async beat() {
      const [kept, stop] = await Promise.all([store.get(key), store.get<StopWish>(stopKey(place))]);
      // A storage that is away knows nothing of what it keeps: that is no word to stop.
      const isGone = kept === undefined && store.state().degraded === undefined;
      isForgotten ||= isGone || stop?.value === "forget";
      if (isForgotten) await deleteStream(store, place);
      else await write({});
      return stop === undefined && !isForgotten;
    },
    end: (end) => write({ end }),
    async drop() {
      await writing;
      await store.delete(key);
    },
  };
}

export async function readHead(store: Store, place: StreamPlace): Promise<StreamHead | undefined> {
  return (await store.get<StreamHead>(headKey(place)))?.value;
}

export interface FrameRange {
  /** The number of the last frame that is not wanted; the first frame has number 1. */
  after: number;
  /** The last one that is. */
  until: number;
}

/** Some of the frames, from the first one wanted; `undefined` where that one has expired. */
export async function readFrames(
  store: Store,
  place: StreamPlace,
  { after, until }: FrameRange,
): Promise<string[] | undefined> {
  if (after >= until) return [];
  const key = headKey(place);
  const batches = await store.list<string[]>(key, { limit: PAGE, after: [...key, after] });
  const [first] = batches;
  const lead = first === undefined ? -1 : after - (Number(first.key.at(-1)) - first.value.length);
  if (lead < 0) return undefined;
  return batches.flatMap(({ value }) => value).slice(lead, lead + until - after);
}

/** Whether whoever writes it is gone without an end. */
export function isOrphaned({ aliveAt, end }: StreamHead, now: number): boolean {
  return end === undefined && now - aliveAt > LEASE;
}

/** Ends a stream that its writer left, with the frames that say so. Two that find it do the same. */
export async function endOrphan(
  store: Store,
  place: StreamPlace,
  { head, frames, expireIn }: { head: StreamHead; frames: readonly string[]; expireIn: number },
): Promise<void> {
  const key = headKey(place);
  const ended: StreamHead = { ...head, frames: head.frames + frames.length, end: "lost" };
  const batches = batchesOf(frames, head.frames).map(({ last, frames }) => ({
    key: [...key, last],
    value: frames,
    expireIn,
  }));
  await store.setAll([...batches, { key, value: ended, expireIn }]);
}

/** Whether what was written is kept where a stream is told to stop. */
export type StopWish = "keep" | "forget";

/** Tells the writer, wherever it runs, to stop; it looks with each beat. */
export async function askToStop(store: Store, place: StreamPlace, wish: StopWish): Promise<void> {
  await store.set(stopKey(place), wish, { expireIn: 10 * LEASE });
}

/** All that is kept of it. A running writer finds that out with its next beat. */
export async function deleteStream(store: Store, place: StreamPlace): Promise<void> {
  const key = headKey(place);
  await store.delete(key);
  const next = () => store.list(key, { limit: PAGE });
  for (let page = await next(); page.length > 0; page = await next()) {
    await Promise.all(page.map((entry) => store.delete(entry.key)));
  }
}

export function headKey({ owner, id }: StreamPlace): Key {
  return ["streams", owner, id];
}

function stopKey({ owner, id }: StreamPlace): Key {
  return ["stream-stops", owner, id];
}

interface Batch {
  /** The number of its last frame. */
  last: number;
  frames: string[];
}

/** Frames in batches of which each is one value of the storage, unless one frame alone is more. */
function batchesOf(frames: readonly string[], before: number): Batch[] {
  const batches: Batch[] = [];
  let size = 0;
  let last = before;
  for (const frame of frames) {
    last++;
    size += frame.length;
    const open = batches.at(-1);
    if (open !== undefined && size <= BATCH_SIZE) {
      open.frames.push(frame);
      open.last = last;
    } else {
      batches.push({ last, frames: [frame] });
      size = frame.length;
    }
  }
  return batches;
}
