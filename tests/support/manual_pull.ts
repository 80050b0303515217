/** A pull source that gives what a test puts into it, when the test says so. */

import type { Pull } from "../../streaming/pull.ts";

export interface ManualPull<T> extends Pull<T> {
  give(item: T): void;
  end(): void;
  fail(error: unknown): void;
  /** Why it was cancelled; `undefined` until it is. */
  cancelled: { reason: unknown } | undefined;
  /** Calls of `next` that wait now. */
  waiting: number;
}

export function manualPull<T>(): ManualPull<T> {
  type Settle = { resolve: (item: T | undefined) => void; reject: (error: unknown) => void };
  const takers: Settle[] = [];
  const ready: ((settle: Settle) => void)[] = [];
  const put = (act: (settle: Settle) => void) => {
    const taker = takers.shift();
    if (taker === undefined) ready.push(act);
    else act(taker);
  };
  const pull: ManualPull<T> = {
    next() {
      return new Promise((resolve, reject) => {
        const act = ready.shift();
        if (act === undefined) takers.push({ resolve, reject });
        else act({ resolve, reject });
      });
    },
    cancel(reason) {
      pull.cancelled ??= { reason };
      for (const taker of takers.splice(0)) taker.resolve(undefined);
    },
    give: (item) => put(({ resolve }) => resolve(item)),
    end: () => put(({ resolve }) => resolve(undefined)),
    fail: (error) => put(({ reject }) => reject(error)),
    cancelled: undefined,
    get waiting() {
      return takers.length;
    },
  };
  return pull;
}
