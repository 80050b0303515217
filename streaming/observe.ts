/** Watches a stream pass by: what it said, and how it ended. Never changes or delays it. */

import type { Pull } from "./pull.ts";

export interface Observer<T> {
  item(item: T): void;
  /** Called exactly once: at the end, at a failure, or when the reader left. */
  end(outcome: Outcome): void;
}

export type Outcome = { type: "done" } | { type: "failed"; error: unknown } | { type: "cancelled" };

export function observe<T>(source: Pull<T>, observer: Observer<T>): Pull<T> {
  let over = false;
  const end = (outcome: Outcome) => {
    if (over) return;
    over = true;
    observer.end(outcome);
  };
  return {
    async next() {
      try {
        const item = await source.next();
        if (item === undefined) end({ type: "done" });
        else if (!over) observer.item(item);
        return item;
      } catch (error) {
        end({ type: "failed", error });
        throw error;
      }
    },
    cancel(reason) {
      const isFirst = !over;
      over = true;
      // The source first: what its end brings about is there when the observer looks back.
      source.cancel(reason);
      if (isFirst) observer.end({ type: "cancelled" });
    },
  };
}
