/** Keeps a record of each request, after its answer ended and off its path: a store that is slow or broken harms nobody. */

import { dayCloser } from "../records/day_totals.ts";
import { createHourCounter } from "../records/hour_counter.ts";
import type { RequestSummary } from "../records/request_record.ts";
import { createSegmentWriter } from "../records/segment_writer.ts";
import type { Store, Write } from "../records/store.ts";
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
const GATHER = 200;
/** Milliseconds between two writes of the totals, which are as large for one request as for a thousand. */
const COUNT_EVERY = 2_000;
/** What may wait, by the sizes of its bodies. A store that is stuck must not fill the memory. */
const MOST_WAITING = 64 * 1024 * 1024;
/** What a job weighs besides its bodies. */
const JOB_WEIGHT = 10_000;
/** Written at once, unless their bodies are large. */
const BATCH = 200;
const BATCH_WEIGHT = 4 * 1024 * 1024;
/** Making records of large bodies takes a while: running answers get their turn after so much. */
const STRIDE = 400_000;

export function createRecorder(options: RecorderOptions): Recorder {
  const keeper = createKeeper(options);
  const waiting: Job[] = [];
  let weight = 0;
  let working: Promise<void> | undefined;
  const pause = pauses(options.closing);

  async function work(): Promise<void> {
    await pause(GATHER);
    while (waiting.length > 0) {
      const jobs = waiting.splice(0, batchOf(waiting));
      await keeper.keep(jobs);
      weight -= jobs.reduce((sum, job) => sum + job.weight, 0);
      if (waiting.length > 0) await pause(weight < BATCH_WEIGHT ? GATHER : 0);
    }
    working = undefined;
  }

  return {
    started() {},
    finished(observation, endedAt) {
      const job = { observation, endedAt, weight: weightOf(observation) };
      if (weight + job.weight > MOST_WAITING) return keeper.refuse();
      weight += job.weight;
      waiting.push(job);
      working ??= work();
    },
    async settled() {
      await working;
      await keeper.finish();
    },
  };
}

/** Waits, but not while the process is about to end. */
function pauses(closing: AbortSignal): (milliseconds: number) => Promise<void> {
  return (milliseconds) => delay(milliseconds, closing).catch(() => {});
}

/** How many of the jobs are written together. */
function batchOf(jobs: readonly Job[]): number {
  let sum = 0;
  const over = jobs.findIndex(({ weight }, at) => (sum += weight) > BATCH_WEIGHT || at >= BATCH);
  return over === -1 ? jobs.length : Math.max(over, 1);
}

function weightOf({ body = "", http }: Observation): number {
  return JOB_WEIGHT + body.length + (http?.sent ?? 0);
}

/** What hands records to the store, with all that leads to them; none of it ever rejects. */
function createKeeper(options: RecorderOptions) {
  const { store, settings, log, instance, closing, kept = () => {} } = options;
  const counter = createHourCounter(instance);
  const closer = dayCloser(store, settings);
  const patience = createPatience(log);
  const pause = pauses(closing);
  const drawUp = recordDrafter(options);
  let written = Promise.resolve();
  let isResting = false;

  /** Totals go along where they were not written just now, so that a quiet gateway shows each request at once. */
  async function write(writes: readonly Write[], { withTotals }: { withTotals: boolean }): Promise<void> {
    const totals = withTotals ? counter.changed().map((total) => ({ ...total, expireIn: settings.expire })) : [];
    await store.setAll([...writes, ...totals]);
    if (totals.length > 0) await closer.close();
  }

  /** One after another: of two writes of the same totals the later one must win. */
  const writeTotals = () =>
    written = written.then(async () => {
      if (counter.hasChanged()) await patience.attempt(() => write([], { withTotals: true }));
    });

  async function rest(): Promise<void> {
    await pause(COUNT_EVERY);
    while (counter.hasChanged()) {
      await writeTotals();
      await pause(COUNT_EVERY);
    }
    isResting = false;
  }

  return {
    async keep(jobs: readonly Job[]): Promise<void> {
      const withTotals = !isResting;
      isResting = true;
      await patience.attempt(async () => {
        const { summaries, writes } = await drawUp(jobs);
        summaries.forEach((summary, at) => counter.add(summary, jobs[at]!.endedAt));
        jobs.forEach(({ endedAt }) => closer.passed(endedAt));
        await write(writes, { withTotals });
        kept(summaries);
      });
      if (withTotals) void rest();
    },
    finish: writeTotals,
    refuse: () => patience.warn("Cannot keep the record of a request as too many are waiting for the storage"),
  };
}

interface Draft {
  summaries: RequestSummary[];
  writes: Write[];
}

/** Makes records, and what is to be written of them. */
function recordDrafter({ settings, redact, instance, closing }: RecorderOptions) {
  const writer = createSegmentWriter(instance);
  const pause = pauses(closing);

  return async function drawUp(jobs: readonly Job[]): Promise<Draft> {
    const summaries: RequestSummary[] = [];
    let weight = 0;
    for (const { observation, endedAt, weight: own } of jobs) {
      if (weight > STRIDE) weight = await pause(0).then(() => 0);
      weight += own;
      const { summary, details } = toRecord(observation, { endedAt, settings, redact });
      writer.add(summary, details);
      summaries.push(summary);
    }
    return { summaries, writes: writer.writes({ expireIn: settings.expire }) };
  };
}

/** One warning for a store that fails, not one for each request. */
function createPatience(log: Log) {
  let isFailing = false;

  function warn(problem: string, cause?: unknown): void {
    if (!isFailing) log.warn(problem, cause === undefined ? {} : { cause: String(cause) });
    isFailing = true;
  }

  return {
    warn,
    async attempt(work: () => Promise<void>): Promise<void> {
      try {
        await work();
        isFailing = false;
      } catch (error) {
        warn("Cannot keep the records of requests", error);
      }
    },
  };
}
