/**
 * Deadlines by the thousand at the price of a few timers: those of one length fall due in the order in which they were
 * set, so that one timer of the runtime, for the first of them, is enough. A request sets several, and nearly all are cleared.
 */

export interface Deadline {
  readonly queue: Queue;
  /** Milliseconds on the clock of `performance.now`. */
  readonly due: number;
  readonly ring: () => void;
}

interface Queue {
  readonly length: number;
  /** In the order in which they fall due. */
  readonly waiting: Set<Deadline>;
  /** Set as long as anything waits, so that nothing is left behind; absent while it rings. */
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** By their length in milliseconds; only those in which something waits. */
const queues = new Map<number, Queue>();

/** A timer may ring this much early: it counts in whole milliseconds. */
const TOLERANCE = 0.5;

/** Rings once, after so many milliseconds, unless cleared before. */
export function setDeadline(milliseconds: number, ring: () => void): Deadline {
  let queue = queues.get(milliseconds);
  if (queue === undefined) queues.set(milliseconds, queue = openQueue(milliseconds));
  const deadline = { queue, due: performance.now() + milliseconds, ring };
  queue.waiting.add(deadline);
  return deadline;
}

/** One that rang or was cleared already is left as it is. */
export function clearDeadline(deadline: Deadline | undefined): void {
  if (deadline === undefined) return;
  const { queue } = deadline;
  // While it rings there is no timer: it is closed when all that are due have rung.
  if (queue.waiting.delete(deadline) && queue.waiting.size === 0 && queue.timer !== undefined) closeQueue(queue);
}

/** How many are set: what a process that holds nothing for anybody has few of. */
export function countDeadlines(): number {
  return queues.values().reduce((sum, { waiting }) => sum + waiting.size, 0);
}

function openQueue(length: number): Queue {
  const queue: Queue = { length, waiting: new Set(), timer: undefined };
  queue.timer = setTimeout(ringDue, length, queue);
  return queue;
}

function closeQueue(queue: Queue): void {
  clearTimeout(queue.timer);
  queues.delete(queue.length);
}

function ringDue(queue: Queue): void {
  queue.timer = undefined;
  const now = performance.now();
  try {
    for (const deadline of queue.waiting) {
      const missing = deadline.due - now;
      if (missing > TOLERANCE) break;
      queue.waiting.delete(deadline);
      deadline.ring();
    }
  } finally {
    const [next] = queue.waiting;
    if (next === undefined) closeQueue(queue);
    else queue.timer = setTimeout(ringDue, Math.max(next.due - performance.now(), 0), queue);
  }
}
