/** What is made when it is first asked for, and then kept: most starts need the schemas of one dialect or two. */

/** @param make gives no `undefined`, or it would be asked again */
export function lazy<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => made ??= make();
}
