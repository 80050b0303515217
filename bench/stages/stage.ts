/** One stage of an answer's way, to be measured alone: by `deno bench`, and by the guard of CI. */

export interface Stage {
  name: string;
  /** How often it is done in a millisecond or two: a number, not a measurement, so that all runs do the same. */
  times: number;
  /** Slices before it is measured, where 50 are too few for V8 to have compiled all that it runs through. */
  warmUp?: number;
  /** Does it once, with everything it needs made anew where it can be used only once. */
  run(): unknown;
}

/** Waits only for what is not there at once: a stage without promises is not to be measured with one. */
export async function runTimes({ run }: Stage, times: number): Promise<void> {
  for (let at = 0; at < times; at++) {
    kept = run();
    if (kept instanceof Promise) kept = await kept;
  }
}

/** What nobody could see would be left out by the compiler. */
export let kept: unknown;
