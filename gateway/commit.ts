/** When the status line goes out: with the outcome if it comes in time, else with the first keep-alive. */

import { within } from "../streaming/timer.ts";

const LATE = new Error("late");

/**
 * Whether the work settles, well or badly, within the interval (0: without limit). Until then nothing was committed, and
 * a failure keeps its real HTTP status; after it the client's stream begins, and a failure is told in-band. The work's
 * rejection is no unhandled one, whoever awaits it later.
 */
export async function settles(work: Promise<unknown>, interval: number): Promise<boolean> {
  const settled = work.then(() => {}, () => {});
  return await within(settled, interval, () => LATE).then(() => true, () => false);
}
