/** A source that is still being opened: the client's stream can begin before the upstream's did. */

import type { Pull } from "./pull.ts";

/** Gives what the source will give; cancelled before it is open, it calls `abandon` and cancels it when it comes. */
export function pullLater<T>(opening: Promise<Pull<T>>, abandon: (reason: unknown) => void): Pull<T> {
  let source: Pull<T> | undefined;
  let cancelled = false;
  return {
    async next() {
      source ??= await opening;
      return cancelled ? undefined : await source.next();
    },
    cancel(reason) {
      if (cancelled) return;
      cancelled = true;
      if (source !== undefined) return source.cancel(reason);
      abandon(reason);
      opening.then((opened) => opened.cancel(reason), () => {});
    },
  };
}
