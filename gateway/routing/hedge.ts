/** A second attempt beside a first that says nothing for long: whichever has content first wins (CASES V20). */

import { delay, within } from "../../streaming/timer.ts";
import { type Attempt, type Attempted, OUTRUN } from "./attempt.ts";
import type { Itinerary } from "./itinerary.ts";
import type { Try } from "./stop.ts";

export interface HedgeOptions<T> {
  /** Milliseconds after which the second begins. */
  after: number;
  itinerary: Pick<Itinerary, "alternative">;
  /** Ends what a loser brought although it was aborted. */
  discard: (result: T) => void;
}

/** Milliseconds a loser may take to end: it is to be noted before the answer is. */
const FAREWELL = 100;

/** An attempt under way, with an end of its own. */
interface Run<T> {
  work: Promise<Attempted<T>>;
  abort(): void;
}

/** The attempt, with another beside it if need be. The loser is aborted as soon as the winner is known. */
export function hedging<T>(attempt: Attempt<T>, { after, itinerary, discard }: HedgeOptions<T>): Attempt<T> {
  return async function hedgingAttempt(tried, signal) {
    const first = run(attempt, tried, signal);
    // An attempt may take a while to end with its request, and is no silent one then.
    const other = await isSilent(first, after) && !signal.aborted ? itinerary.alternative(tried) : undefined;
    if (other === undefined) return await first.work;
    const runs = [first, run(attempt, other, signal)];
    const named = runs.map(async (run) => ({ run, attempted: await run.work }));
    const winner = await Promise.any(named).catch(() => undefined);
    // Both failed, and the itinerary was told of either.
    if (winner === undefined) return await first.work;
    await Promise.all(runs.filter((run) => run !== winner.run).map((loser) => outrun(loser, discard)));
    return winner.attempted;
  };
}

function run<T>(attempt: Attempt<T>, tried: Try, signal: AbortSignal): Run<T> {
  const end = new AbortController();
  const leave = () => end.abort(signal.reason);
  if (signal.aborted) leave();
  signal.addEventListener("abort", leave, { once: true });
  // What was opened is tied to the request until it ends; a loser and a failure are not.
  const untie = () => signal.removeEventListener("abort", leave);
  const work = attempt(tried, end.signal).catch((error) => {
    untie();
    throw error;
  });
  const abort = () => {
    untie();
    end.abort(OUTRUN);
  };
  return { work, abort };
}

/** Whether the attempt is still under way after its time. */
async function isSilent({ work }: Run<unknown>, milliseconds: number): Promise<boolean> {
  const settled = new AbortController();
  const wake = () => settled.abort();
  work.then(wake, wake);
  return await delay(milliseconds, settled.signal).then(() => true, () => false);
}

async function outrun<T>({ work, abort }: Run<T>, discard: (result: T) => void): Promise<void> {
  abort();
  const ended = work.then(({ result }) => discard(result), () => {});
  await within(ended, FAREWELL, () => OUTRUN).catch(() => {});
}
