/** What an instance counted of each hour: written along with records at first, and then by itself for as long as it changes. */

import { dayCloser } from "../records/day_totals.ts";
import { createHourCounter } from "../records/hour_counter.ts";
import type { RequestSummary } from "../records/request_record.ts";
import type { Write } from "../records/store.ts";
import type { RecordKeeperOptions } from "./record_keeper.ts";

export interface TotalsOptions extends Pick<RecordKeeperOptions, "store" | "settings" | "instance" | "pause"> {
  /** Does what may fail, and sees to it that it harms nobody. */
  attempt: (work: () => Promise<void>) => Promise<void>;
}

export interface Totals {
  count(summary: RequestSummary, endedAt: number): void;
  /**
   * Writes these, and the totals with them where those were not written just now, so that a quiet gateway shows each
   * request at once.
   */
  writeWith(writes: readonly Write[]): Promise<void>;
  /** Writes what was counted and not written yet; never rejects. */
  finish(): Promise<void>;
}

/** Milliseconds between two writes of the totals, which are as large for one request as for a thousand. */
const COUNT_EVERY = 2_000;

export function createTotals({ store, settings, instance, pause, attempt }: TotalsOptions): Totals {
  const counter = createHourCounter(instance);
  const closer = dayCloser(store, settings);
  let finished = Promise.resolve();
  let isResting = false;

  async function writeAll(writes: readonly Write[]): Promise<void> {
    const totals = counter.changed().map((total) => ({ ...total, expireIn: settings.expire }));
    await store.setAll([...writes, ...totals]);
    if (totals.length > 0) await closer.close();
  }

  /** One after another: of two writes of the same totals the later one must win. */
  const finish = () =>
    finished = finished.then(async () => {
      if (counter.hasChanged()) await attempt(() => writeAll([]));
    });

  async function rest(): Promise<void> {
    await pause(COUNT_EVERY);
    while (counter.hasChanged()) {
      await finish();
      await pause(COUNT_EVERY);
    }
    isResting = false;
  }

  return {
    count(summary, endedAt) {
      counter.add(summary, endedAt);
      closer.passed(endedAt);
    },
    async writeWith(writes) {
      if (isResting) return await store.setAll(writes);
      isResting = true;
      try {
        await writeAll(writes);
      } finally {
        void rest();
      }
    },
    finish,
  };
}
