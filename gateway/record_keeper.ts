/** Makes records of requests, and hands them to the store together with what was counted: a store that fails harms nobody. */

import { dayCloser } from "../records/day_totals.ts";
import { createHourCounter } from "../records/hour_counter.ts";
import type { RequestSummary } from "../records/request_record.ts";
import { createSegmentWriter } from "../records/segment_writer.ts";
import type { Store, Write } from "../records/store.ts";
import type { Config } from "./config/mod.ts";
import type { Log } from "./log.ts";
import type { Observation } from "./observation.ts";
import type { Redact } from "./redact.ts";
import { toRecord } from "./to_record.ts";

export interface RecordKeeperOptions {
  store: Store;
  settings: Config["records"];
  redact: Redact;
  log: Log;
  /** Names what this instance counted. */
  instance: string;
  /** Waits, but not while the process is about to end. */
  pause: (milliseconds: number) => Promise<void>;
  /** Told of what is in the store's hands now. */
  kept?: (summaries: readonly RequestSummary[]) => void;
}

/** Nothing of it ever throws or rejects. */
export interface RecordKeeper {
  /** Makes the record of a request, to be written with the next; nothing of the observation is held. Returns its characters. */
  draw(observation: Observation, endedAt: number): number;
  write(): Promise<void>;
  /** Writes what was counted and not written yet. */
  finish(): Promise<void>;
  /** Says that a record is not kept. */
  refuse(): void;
}

/** Milliseconds between two writes of the totals, which are as large for one request as for a thousand. */
const COUNT_EVERY = 2_000;

export function createRecordKeeper(options: RecordKeeperOptions): RecordKeeper {
  const { store, settings, redact, log, instance, pause, kept = () => {} } = options;
  const { expire: expireIn } = settings;
  const segments = createSegmentWriter(instance);
  const counter = createHourCounter(instance);
  const closer = dayCloser(store, settings);
  const patience = createPatience(log);
  let drawn: RequestSummary[] = [];
  let counted = Promise.resolve();
  let isResting = false;

  /** Totals go along where they were not written just now, so that a quiet gateway shows each request at once. */
  async function write(writes: readonly Write[], { withTotals }: { withTotals: boolean }): Promise<void> {
    const totals = withTotals ? counter.changed().map((total) => ({ ...total, expireIn })) : [];
    await store.setAll([...writes, ...totals]);
    if (totals.length > 0) await closer.close();
  }

  /** One after another: of two writes of the same totals the later one must win. */
  const writeTotals = () =>
    counted = counted.then(async () => {
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
    draw(observation, endedAt) {
      try {
        const { summary, details } = toRecord(observation, { endedAt, settings, redact });
        const characters = segments.add(summary, details);
        counter.add(summary, endedAt);
        closer.passed(endedAt);
        drawn.push(summary);
        return characters;
      } catch (error) {
        patience.failed(error);
        return 0;
      }
    },
    async write() {
      const withTotals = !isResting;
      isResting = true;
      const summaries = drawn;
      drawn = [];
      await patience.attempt(async () => {
        await write(segments.writes({ expireIn }), { withTotals });
        kept(summaries);
      });
      if (withTotals) void rest();
    },
    finish: writeTotals,
    refuse: () => patience.warn("Cannot keep the record of a request as too many are waiting for the storage"),
  };
}

/** One warning for a store that fails, not one for each request. */
function createPatience(log: Log) {
  let isFailing = false;

  function warn(problem: string, cause?: unknown): void {
    if (!isFailing) log.warn(problem, cause === undefined ? {} : { cause: String(cause) });
    isFailing = true;
  }

  const failed = (error: unknown) => warn("Cannot keep the records of requests", error);

  return {
    warn,
    failed,
    async attempt(work: () => Promise<void>): Promise<void> {
      try {
        await work();
        isFailing = false;
      } catch (error) {
        failed(error);
      }
    },
  };
}
