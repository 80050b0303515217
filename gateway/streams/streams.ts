/** Streams that survive their client: kept while they are written, and followed from any frame on, from any instance. */

import { GatewayError } from "../../chat/error.ts";
import type { Dialect } from "../../dialects/dialect.ts";
import { groupCommit } from "../../records/group_commit.ts";
import {
  askToStop,
  createStreamLog,
  deleteStream,
  isOrphaned,
  readHead,
  type StreamEnd,
  type StreamPlace,
  type StreamWriter,
} from "../../records/stream_log.ts";
import type { Store } from "../../records/store.ts";
import type { Pull } from "../../streaming/pull.ts";
import type { Config } from "../config/mod.ts";
import type { Log } from "../log.ts";
import { clientGone, type Scope } from "../scope.ts";
import { demandStorage } from "../storage_away.ts";
import { type Feed, storedFeed } from "./feed.ts";
import { type RunningStream, runStream } from "./running_stream.ts";
import { dialectOfStream } from "./stream_dialects.ts";

export interface Streams {
  /**
   * Makes room for a stream before there is anything of it.
   *
   * @throws {GatewayError} `conflict` where the client has one with this id
   */
  begin(place: StreamPlace, dialect: Dialect): Promise<StreamWriter>;
  /** Runs a stream to its end, whatever becomes of the client. */
  run(frames: Pull<string[]>, options: RunningOptions): FoundStream;
  /**
   * The stream, or nothing where this client has none with that id.
   *
   * @throws {GatewayError} `overloaded` where that cannot be told, as the storage is away
   */
  find(place: StreamPlace): Promise<FoundStream | undefined>;
  /** Whether somebody writes it, here or elsewhere, or may do so while the storage is away. */
  isRunning(place: StreamPlace): Promise<boolean>;
  /** Ends it wherever it runs; what there is of it is kept. */
  stop(place: StreamPlace): Promise<void>;
  /** Ends it wherever it runs, and forgets it. */
  remove(place: StreamPlace): Promise<void>;
  /** Resolves when all that run have ended, and are kept. */
  settled(): Promise<void>;
}

export interface RunningOptions {
  place: StreamPlace;
  dialect: Dialect;
  writer: StreamWriter;
  scope: Scope;
  /** Milliseconds it goes on with nobody following; 0 for as long as it takes. */
  linger: number;
  ending: () => StreamEnd;
}

export interface FoundStream {
  dialect: Dialect;
  feed: Feed;
  /** Says that somebody follows it; the returned function says that they left. */
  join(): () => void;
  /** What ends whoever follows it, as the stream itself goes on elsewhere. */
  closing?: AbortSignal;
}

export interface StreamsOptions {
  store: Store;
  config: Pick<Config, "streams" | "advanced">;
  now: () => number;
  closing: AbortSignal;
  log: Log;
}

/** A day, where one request may take for ever. */
const LONGEST = 24 * 3_600_000;

interface Running extends FoundStream {
  feed: RunningStream;
  scope: Scope;
}

export function createStreams({ store, config, now, closing, log }: StreamsOptions): Streams {
  const running = new Map<string, Running>();
  const { expire: expireIn, limit } = config.streams;
  // Every stream waits for its frames to be kept: many at once would queue for the storage one by one.
  const grouped = { ...store, setAll: groupCommit(store) };
  const lifetime = config.advanced.timeouts.total || LONGEST;

  return {
    async begin(place, dialect) {
      const form = { dialect: dialect.name, contentType: dialect.streamType };
      const writer = await createStreamLog(grouped, place, { now, expireIn, lifetime, ...form });
      if (writer !== undefined) return writer;
      throw new GatewayError("conflict", "Cannot keep the stream as there is one with the id of this request");
    },
    run(frames, { place, dialect, scope, ...options }) {
      const stop = {
        abandoned: () => scope.abort(clientGone()),
        tooLong: () => scope.abort(tooLong(limit)),
        asked: () => scope.abort(stopped()),
      };
      const failed = (error: unknown) => log.error("Cannot keep a stream", { id: place.id, cause: String(error) });
      const feed = runStream(frames, { ...options, store, place, limit, stop, failed });
      const stream: Running = { dialect, feed, scope, join: feed.join };
      running.set(idOf(place), stream);
      void feed.done.then(() => running.delete(idOf(place)));
      return stream;
    },
    async find(place) {
      const here = running.get(idOf(place));
      if (here !== undefined) return here;
      const head = await readHead(store, place);
      if (head === undefined) {
        demandStorage(store, "look for the stream");
        return undefined;
      }
      const dialect = dialectOfStream(head);
      return { dialect, feed: storedFeed({ store, place, dialect, now, expireIn }), join: () => () => {}, closing };
    },
    async isRunning(place) {
      if (running.has(idOf(place))) return true;
      const head = await readHead(store, place);
      // Of one that cannot be seen nobody knows that it is over, and what is told of that is kept.
      if (head === undefined) return store.state().degraded !== undefined;
      return head.end === undefined && !isOrphaned(head, now());
    },
    async stop(place) {
      const here = running.get(idOf(place));
      if (here === undefined) return await askToStop(store, place, "keep");
      here.scope.abort(stopped());
      await here.feed.done;
    },
    async remove(place) {
      const here = running.get(idOf(place));
      if (here === undefined) await askToStop(store, place, "forget");
      here?.scope.abort(stopped());
      await here?.feed.done;
      await deleteStream(store, place);
    },
    settled: async () => void await Promise.all([...running.values()].map(({ feed }) => feed.done)),
  };
}

function idOf({ owner, id }: StreamPlace): string {
  return `${id}\n${owner}`;
}

function tooLong(limit: number): GatewayError {
  return new GatewayError("too-large", `Cannot go on as a resumable stream takes no more than ${limit} characters`);
}

function stopped(): GatewayError {
  return new GatewayError("client-gone", "Cannot go on as the client asked to stop");
}
