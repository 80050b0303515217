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
  const backlog = createBacklog(draw);
  /** The weight of the records that are not written yet. */
  let drawn = 0;
  let drawing: Promise<void> | undefined;
  let working: Promise<void> | undefined;

  const held = () => backlog.weight() + drawn;

  function draw(observation: Observation, endedAt: number): void {
    drawn += keeper.draw(observation, endedAt);
    rhythm.drew();
  }

  /** What is large is not held until it is written. */
  async function drawOn(): Promise<void> {
    while (backlog.weight() >= STRIDE) {
      await pause(0);
      backlog.drawSome();
    }
    drawing = undefined;
  }

  async function work(): Promise<void> {
    await pause(rhythm.gather());
    while (held() > 0) {
      backlog.drawSome();
      rhythm.writes();
      const writing = drawn;
      await keeper.write();
      drawn -= writing;
      if (held() > 0) await pause(held() < PRESSING ? rhythm.gather() : 0);
    }
    working = undefined;
  }

  return {
    started() {},
    finished(observation, endedAt) {
      if (held() > MOST_HELD) return keeper.refuse();
      rhythm.ended(endedAt);
      working ??= work();
      // Some microseconds now. Held for later, all that belongs to a request would be moved by the garbage collector.
      if (!keepsBodies(observation, options.settings)) return draw(observation, endedAt);
      backlog.add(observation, endedAt);
      if (backlog.weight() >= STRIDE) drawing ??= drawOn();
    },
    async settled() {
      await working;
      await keeper.finish();
    },
  };
}

/** What waits to become records. */
function createBacklog(draw: (observation: Observation, endedAt: number) => void) {
  const waiting: Job[] = [];
  let waitingWeight = 0;
  return {
    /** None of the jobs weighs nothing. */
    weight: () => waitingWeight,
    add(observation: Observation, endedAt: number): void {
      const weight = weightOf(observation);
      waitingWeight += weight;
      waiting.push({ observation, endedAt, weight });
    },
    drawSome(): void {
      const least = waitingWeight - STRIDE;
      while (waiting.length > 0 && waitingWeight > least) {
        const { observation, endedAt, weight } = waiting.shift()!;
        waitingWeight -= weight;
        draw(observation, endedAt);
      }
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
