/** Whether runs of one session were open at the same time: each hears what is said to all of them. */

export interface Overlap {
  /** Notes a run until `end` is aborted. Tells from then on whether it has been the only one so far. */
  enter(session: object, end: AbortSignal): () => boolean;
}

interface Present {
  isAlone: boolean;
}

export function createOverlap(): Overlap {
  const sessions = new WeakMap<object, Set<Present>>();
  return {
    enter(session, end) {
      const present = sessions.get(session) ?? new Set();
      sessions.set(session, present);
      const own = { isAlone: present.size === 0 };
      for (const other of present) other.isAlone = false;
      present.add(own);
      end.addEventListener("abort", () => present.delete(own), { once: true });
      return () => own.isAlone;
    },
  };
}
