/** Whether runs of one user were open at the same time: each hears what is said to all of them, whatever its token. */

export interface Overlap {
  /** Notes a run until `end` is aborted. Tells from then on whether it has been the only one so far. */
  enter(userId: string, end: AbortSignal): () => boolean;
}

interface Present {
  isAlone: boolean;
}

export function createOverlap(): Overlap {
  const users = new Map<string, Set<Present>>();
  return {
    enter(userId, end) {
      const present = users.get(userId) ?? new Set();
      users.set(userId, present);
      const own = { isAlone: present.size === 0 };
      for (const other of present) other.isAlone = false;
      present.add(own);
      const leave = () => {
        present.delete(own);
        if (present.size === 0) users.delete(userId);
      };
      end.addEventListener("abort", leave, { once: true });
      return () => own.isAlone;
    },
  };
}
