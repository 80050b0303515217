/** Reads ahead while its reader is busy, so that what came meanwhile is one batch. */

import type { Pull } from "./pull.ts";

/** Gives all that came since the last call; reads no further once `limit` characters wait. */
export function gather(source: Pull<string[]>, limit: number): Pull<string[]> {
  let held: string[] = [];
  let size = 0;
  let isReading = false;
  let end: { error?: unknown } | undefined;
  let wake = () => {};

  async function readOn(): Promise<void> {
    isReading = true;
    try {
      while (end === undefined && size < limit) {
        const items = await source.next();
        if (items === undefined) end = {};
        else take(items);
        wake();
      }
    } catch (error) {
      end = { error };
      wake();
    }
    isReading = false;
  }

  function take(items: readonly string[]): void {
    for (const item of items) {
      held.push(item);
      size += item.length;
    }
  }

  return {
    async next() {
      while (true) {
        // Never rejects: a failure waits for whoever asks next.
        if (!isReading && end === undefined) void readOn();
        if (held.length > 0) {
          const given = held;
          held = [];
          size = 0;
          return given;
        }
        if (end !== undefined) break;
        await new Promise<void>((resolve) => wake = resolve);
      }
      if ("error" in end) throw end.error;
      return undefined;
    },
    cancel(reason) {
      end ??= {};
      held = [];
      wake();
      source.cancel(reason);
    },
  };
}
