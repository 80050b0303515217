/** What must still be done before the process ends: whoever keeps something back for a moment says here how to finish. */

export interface Ending {
  /** `work` resolves once nothing is left to do. */
  add(work: () => Promise<void>): void;
  /** Resolves when all of it is done. What fails keeps no other from its end. */
  done(): Promise<void>;
}

export function createEnding(): Ending {
  const works = new Set<() => Promise<void>>();
  return {
    add: (work) => void works.add(work),
    done: async () => void await Promise.allSettled([...works].map((work) => work())),
  };
}
