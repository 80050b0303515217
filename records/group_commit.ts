/** The writes of many at once as one: what comes while the storage is busy waits, and is then written together. */

import type { Store, Write } from "./store.ts";

/** Resolves when the writes are kept. Those of one caller stay in their order; whoever calls makes sure they are legal. */
export function groupCommit(store: Pick<Store, "setAll">): Store["setAll"] {
  let waiting: Write[] = [];
  let next: Promise<void> | undefined;
  let busy: Promise<unknown> = Promise.resolve();

  function commit(): Promise<void> {
    const writes = waiting;
    waiting = [];
    next = undefined;
    const done = store.setAll(writes);
    busy = done.catch(() => {});
    return done;
  }

  return (writes) => {
    waiting.push(...writes);
    return next ??= busy.then(commit);
  };
}
