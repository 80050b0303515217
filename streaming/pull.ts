/** The seam between stages: a source that is asked for its next item, and can be told to stop at any time. */

/**
 * A pull source. `next` resolves to the next item, or to `undefined` at the end, and rejects on failure; it is called
 * again only after it settled. `cancel` is synchronous, idempotent, never throws, may come while a `next` is pending
 * (which then settles soon, either way), and releases all that the source holds: whoever made a source owns its end.
 *
 * Why not `ReadableStream` between the stages: `start`-less pulling with `highWaterMark: 0`, in-band errors and
 * cancellation past a pending read each need care there (STYLE.md §5 measured it), and a hop costs several times a
 * closure call. Streams stand at the two ends only: the upstream's body and the response's.
 */
export interface Pull<T> {
  next(): Promise<T | undefined>;
  cancel(reason?: unknown): void;
}

/**
 * A source of items that are already there.
 *
 * @example
 * ```ts
 * import { pullFrom } from "./pull.ts";
 * const source = pullFrom([1, 2]);
 * console.assert(await source.next() === 1);
 * ```
 */
export function pullFrom<T>(items: readonly T[]): Pull<T> {
  let at = 0;
  return {
    next: () => Promise.resolve(items[at++]),
    cancel: () => void (at = items.length),
  };
}

/** What was opened for a reader, who may have left meanwhile: then it is cancelled. */
export function forReader<T>(opened: Pull<T> | undefined, { hasLeft }: { hasLeft: boolean }): Pull<T> | undefined {
  if (!hasLeft) return opened;
  opened?.cancel();
  return undefined;
}

/** Every item of a source, until its end. The source is not cancelled on failure: that stays with its owner. */
export async function drain<T>(source: Pull<T>): Promise<T[]> {
  const items: T[] = [];
  for (let item = await source.next(); item !== undefined; item = await source.next()) items.push(item);
  return items;
}
