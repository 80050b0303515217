/** Keeps a record of each request, once its answer ended: a store that is slow or broken harms nobody. */

import { delay } from "../streaming/timer.ts";
import type { Observation } from "./observation.ts";
import { keepsBodies } from "./to_record.ts";
import type { GatewayObserver } from "./observer.ts";
import { createRecordKeeper, type RecordKeeperOptions } from "./record_keeper.ts";

export interface RecorderOptions extends Omit<RecordKeeperOptions, "pause"> {
  /** Once aborted, what is waiting is written at once. */
  closing: AbortSignal;
}

export interface Recorder extends GatewayObserver {
  /** Resolves when all that ended so far is in the store's hands, or lost. */
  settled(): Promise<void>;
}

interface Job {
  observation: Observation;
  endedAt: number;
  weight: number;
}

/** The last frames of an answer, and other requests' ends, come within these milliseconds. */
const GATHER = 200;
/** As a write costs as much for one record as for a hundred, a gateway that is busy writes less often. */
const GATHER_BUSY = 500;
/** Records that were written together. */
const BUSY = 10;
/** What may be held, in about as many characters. A store that is stuck must not fill the memory. */
const MOST_HELD = 64 * 1024 * 1024;
/** So much is written at once. */
const PRESSING = 4 * 1024 * 1024;
/** What a job weighs besides its bodies. */
const JOB_WEIGHT = 10_000;
/** Records with bodies take a while to make: running answers get their turn after so much of them. */
const STRIDE = 640_000;

export function createRecorder({ closing, ...options }: RecorderOptions): Recorder {
  const pause = (milliseconds: number) => delay(milliseconds, closing).catch(() => {});
  const keeper = createRecordKeeper({ ...options, pause });
  const rhythm = createRhythm();
  const waiting: Job[] = [];
  /** The weights of what waits to become records, and of what did and is not written yet. */
  const weights = { waiting: 0, drawn: 0 };
  let drawing: Promise<void> | undefined;
  let working: Promise<void> | undefined;

  function draw(observation: Observation, endedAt: number): void {
    weights.drawn += keeper.draw(observation, endedAt);
    rhythm.drew();
  }

  function drawSome(): void {
    const least = weights.waiting - STRIDE;
    while (waiting.length > 0 && weights.waiting > least) {
      const { observation, endedAt, weight } = waiting.shift()!;
      weights.waiting -= weight;
      draw(observation, endedAt);
    }
  }

  /** What is large is not held until it is written. */
  async function drawOn(): Promise<void> {
    while (weights.waiting >= STRIDE) {
      await pause(0);
      drawSome();
    }
    drawing = undefined;
  }

  async function work(): Promise<void> {
    await pause(rhythm.gather());
    while (waiting.length > 0 || weights.drawn > 0) {
      drawSome();
      rhythm.writes();
      const { drawn } = weights;
      await keeper.write();
      weights.drawn -= drawn;
      const isIdle = waiting.length === 0 && weights.drawn === 0;
      if (!isIdle) await pause(weights.waiting + weights.drawn < PRESSING ? rhythm.gather() : 0);
    }
    working = undefined;
  }

  return {
    started() {},
    finished(observation, endedAt) {
      if (weights.waiting + weights.drawn > MOST_HELD) return keeper.refuse();
      rhythm.ended(endedAt);
      working ??= work();
      // Some microseconds now. Held for later, all that belongs to a request would be moved by the garbage collector.
      if (!keepsBodies(observation, options.settings)) return draw(observation, endedAt);
      const weight = weightOf(observation);
      weights.waiting += weight;
      waiting.push({ observation, endedAt, weight });
      if (weights.waiting >= STRIDE) drawing ??= drawOn();
    },
    async settled() {
      await working;
      await keeper.finish();
    },
  };
}

function weightOf({ body = "", http }: Observation): number {
  return JOB_WEIGHT + body.length + (http?.sent ?? 0);
}

/** How long others are waited for, by how many were written together the last time. */
function createRhythm() {
  let [milliseconds, drawn, latest] = [GATHER, 0, -Infinity];
  return {
    gather: () => milliseconds,
    ended(at: number): void {
      if (at > latest + GATHER_BUSY) milliseconds = GATHER;
      latest = at;
    },
    drew(): void {
      drawn++;
    },
    writes(): void {
      milliseconds = drawn >= BUSY ? GATHER_BUSY : GATHER;
      drawn = 0;
    },
  };
}
