/** Keeps a record of each request, after its answer ended and off its path: a store that is slow or broken harms nobody. */

import { closeDay, DAY } from "../records/day_totals.ts";
import { createHourTotals, HOUR, hourKey, hourOf, type HourTotals } from "../records/hour_totals.ts";
import { recordKey, type RequestSummary, summaryKey } from "../records/request_record.ts";
import { createSegments } from "../records/segments.ts";
import type { Key, Store, Write } from "../records/store.ts";
import { delay } from "../streaming/timer.ts";
import type { Config } from "./config/mod.ts";
import type { Log } from "./log.ts";
import type { Observation } from "./observation.ts";
import type { GatewayObserver } from "./observer.ts";
import type { Redact } from "./redact.ts";
import { toRecord } from "./to_record.ts";

export interface RecorderOptions {
  store: Store;
  settings: Config["records"];
  redact: Redact;
  log: Log;
  /** Names what this instance counted. */
  instance: string;
  /** Once aborted, what is waiting is written at once. */
  closing: AbortSignal;
  /** Told of what is in the store's hands now. */
  kept?: (summaries: readonly RequestSummary[]) => void;
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
const GATHER = 50;
/** What may wait, by the sizes of its bodies. A store that is stuck must not fill the memory. */
const MOST_WAITING = 64 * 1024 * 1024;
/** What a job weighs besides its bodies. */
const JOB_WEIGHT = 10_000;
/** Days before today that are closed where that was missed: others are added up from their hours. */
const CLOSED = 3;
/** Making records of large bodies takes a while: running answers get their turn between them. */
const BATCH = 8;

export function createRecorder(options: RecorderOptions): Recorder {
  const { store, settings, redact, log, instance, closing, kept = () => {} } = options;
  const segments = createSegments(instance);
  const waiting: Job[] = [];
  let weight = 0;
  let working: Promise<void> | undefined;
  let hour: { start: number; totals: HourTotals } | undefined;
  /** Days that are over by then are to be closed. */
  let ending: number | undefined;
  // One warning for a store that fails, not one for each request.
  let isFailing = false;

  function warn(problem: string, cause?: unknown): void {
    if (!isFailing) log.warn(problem, cause === undefined ? {} : { cause: String(cause) });
    isFailing = true;
  }

  function writesOf({ summary, record }: ReturnType<typeof toRecord>, endedAt: number): Write[] {
    const start = hourOf(endedAt);
    const past = hour !== undefined && hour.start < start ? totalsSoFar() : [];
    if (hour === undefined || hour.start < start) {
      hour = { start, totals: createHourTotals() };
      ending = start - HOUR;
    }
    hour.totals.add(summary);
    segments.add(summary);
    // The record first: what a list shows can be opened.
    return [...past, write(recordKey(record), record), write(summaryKey(summary), summary)];
  }

  function totalsSoFar(): Write[] {
    return hour === undefined ? [] : [write(hourKey(hour.start, instance), hour.totals.cells())];
  }

  function write(key: Key, value: unknown): Write {
    return { key, value, expireIn: settings.expire };
  }

  /** An hour after a day all instances have written what they counted in it. */
  async function closeDays(): Promise<void> {
    if (ending === undefined) return;
    const today = ending - ending % DAY;
    ending = undefined;
    for (let day = today - CLOSED * DAY; day < today; day += DAY) {
      await closeDay(store, day, { expireIn: settings.expire });
    }
  }

  async function keep(jobs: readonly Job[]): Promise<void> {
    try {
      const records = jobs.map(({ observation, endedAt }) => toRecord(observation, { endedAt, settings, redact }));
      const writes = records.flatMap((each, at) => writesOf(each, jobs[at]!.endedAt));
      const found = segments.changed().map(({ key, value }) => write(key, value));
      await store.setAll([...writes, ...found, ...totalsSoFar()]);
      kept(records.map(({ summary }) => summary));
      await closeDays();
      isFailing = false;
    } catch (error) {
      warn("Cannot keep the records of requests", error);
    }
  }

  /** Waits, but not while the process is about to end. */
  const pause = (milliseconds: number) => delay(milliseconds, closing).catch(() => {});

  async function work(): Promise<void> {
    await pause(GATHER);
    while (waiting.length > 0) {
      const jobs = waiting.splice(0, BATCH);
      await keep(jobs);
      weight -= jobs.reduce((sum, job) => sum + job.weight, 0);
      if (waiting.length > 0) await pause(0);
    }
    working = undefined;
  }

  return {
    started() {},
    finished(observation, endedAt) {
      const job = { observation, endedAt, weight: weightOf(observation) };
      if (weight + job.weight > MOST_WAITING) {
        return warn("Cannot keep the record of a request as too many are waiting for the storage");
      }
      weight += job.weight;
      waiting.push(job);
      working ??= work();
    },
    settled: () => working ?? Promise.resolve(),
  };
}

function weightOf({ body = "", http }: Observation): number {
  return JOB_WEIGHT + body.length + (http?.sent ?? 0);
}
