/** What must still be done before the process ends: whoever keeps something back for a moment says here how to finish. */

export interface Ending {
  /** `work` resolves once nothing is left to do. */
  add(work: () => Promise<void>): void;
  /** `running` resolves once all that runs without a connection has come to its end by itself. */
  waitFor(running: () => Promise<void>): void;
  /** Resolves when nothing runs any more that need not be stopped. */
  idle(): Promise<void>;
  /** Resolves when all of it is done. What fails keeps no other from its end. */
  done(): Promise<void>;
}

export function createEnding(): Ending {
  const works = new Set<() => Promise<void>>();
  const runs = new Set<() => Promise<void>>();
  return {
    add: (work) => void works.add(work),
    waitFor: (running) => void runs.add(running),
    idle: () => all(runs),
    done: () => all(works),
  };
}

async function all(works: ReadonlySet<() => Promise<void>>): Promise<void> {
  await Promise.allSettled([...works].map((work) => work()));
}
