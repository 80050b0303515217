/** Collects what a conversion could not carry. */

import type { Loss } from "../chat/request.ts";

export interface LossList {
  /** Notes a loss. Returns nothing, so that a formatter can end with it. */
  add(path: string, reason: string): undefined;
  all(): Loss[];
}

export function lossList(): LossList {
  const losses: Loss[] = [];
  return {
    add(path, reason) {
      losses.push({ path, reason });
      return undefined;
    },
    all: () => losses,
  };
}
