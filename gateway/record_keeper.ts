/** Makes records of requests, and hands them to the store together with what was counted: a store that fails harms nobody. */

import type { RequestSummary } from "../records/request_record.ts";
import { createSegmentWriter } from "../records/segment_writer.ts";
import type { Store } from "../records/store.ts";
import type { Config } from "./config/mod.ts";
import type { Log } from "./log.ts";
import type { Observation } from "./observation.ts";
import type { Redact } from "./redact.ts";
import { toRecord } from "./to_record.ts";
import { createTotals } from "./totals.ts";

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

export function createRecordKeeper(options: RecordKeeperOptions): RecordKeeper {
  const { settings, redact, log, instance, kept = () => {} } = options;
  const segments = createSegmentWriter(instance);
  const patience = createPatience(log);
  const totals = createTotals({ ...options, attempt: patience.attempt });
  let drawn: RequestSummary[] = [];

  return {
    draw(observation, endedAt) {
      try {
        const { summary, details } = toRecord(observation, { endedAt, settings, redact });
        const characters = segments.add(summary, details);
        totals.count(summary, endedAt);
        drawn.push(summary);
        return characters;
      } catch (error) {
        patience.failed(error);
        return 0;
      }
    },
    async write() {
      const summaries = drawn;
      drawn = [];
      await patience.attempt(async () => {
        await totals.writeWith(segments.writes({ expireIn: settings.expire }));
        kept(summaries);
      });
    },
    finish: totals.finish,
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
