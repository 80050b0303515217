/** What one instance counts: the totals of the hour it is in, and those of the hour before until they are written. */

import { createHourTotals, hourKey, hourOf, type HourTotals } from "./hour_totals.ts";
import type { RequestSummary } from "./request_record.ts";
import type { Write } from "./store.ts";

export interface HourCounter {
  add(summary: RequestSummary, endedAt: number): void;
  /** What changed since it was last asked, to be written. */
  changed(): Pick<Write, "key" | "value">[];
  /** Whether anything did. */
  hasChanged(): boolean;
}

export function createHourCounter(instance: string): HourCounter {
  let hour: { start: number; totals: HourTotals } | undefined;
  const changed = new Map<number, HourTotals>();
  return {
    add(summary, endedAt) {
      const start = hourOf(endedAt);
      // What took its turn late counts in the hour it is written in: the hour before may be written, and added up.
      if (hour === undefined || hour.start < start) hour = { start, totals: createHourTotals() };
      hour.totals.add(summary);
      changed.set(hour.start, hour.totals);
    },
    changed() {
      const writes = [...changed].map(([start, totals]) => ({ key: hourKey(start, instance), value: totals.cells() }));
      changed.clear();
      return writes;
    },
    hasChanged: () => changed.size > 0,
  };
}
