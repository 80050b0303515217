/** Writes the log's lines in batches: made and written together, each costs a fraction of what it costs alone. */

import { setDeadline } from "../streaming/deadlines.ts";
import type { WriteLine } from "./log.ts";

/** Milliseconds for which a line may wait for others: nobody who reads along notices. */
const GATHER = 20;

/** Ways for a process to end before that; a crash's last lines are the ones that are looked for. */
const ENDS = ["unload", "error", "unhandledrejection"] as const;

/** For the life of the process. Gives `write` all lines of some milliseconds, or until the process ends, in one text. */
export function batchLines(write: (text: string) => void): WriteLine {
  let waiting: (() => string)[] = [];
  const flush = () => {
    if (waiting.length === 0) return;
    const lines = waiting;
    waiting = [];
    write(lines.map(composed).join("\n"));
  };
  for (const end of ENDS) globalThis.addEventListener(end, flush);
  return (compose) => {
    if (waiting.push(compose) === 1) setDeadline(GATHER, flush);
  };
}

/** One that cannot be made must not take the others with it, nor the process. What its error says, nobody has redacted. */
function composed(compose: () => string): string {
  try {
    return compose();
  } catch (error) {
    return JSON.stringify({
      level: "error",
      message: "Cannot write a line of the log",
      cause: error instanceof Error ? error.name : "",
    });
  }
}
