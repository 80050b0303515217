/** Lists as one, for what every frame of every stream passes: none is copied that can stay as it is. */

/** Both, one behind the other. Where one of them is empty the other itself is given. */
export function joined<T>(one: T[], other: T[]): T[] {
  if (other.length === 0) return one;
  return one.length === 0 ? other : [...one, ...other];
}

/** What `items.filter(is)` gives; where nothing is left out, and mostly nothing is, the list itself. */
export function filter<T>(items: readonly T[], is: (item: T) => boolean): readonly T[] {
  return items.every(is) ? items : items.filter(is);
}

/**
 * What `items.flatMap(each)` gives, at a fraction of its price: on Deno 2.9.6 the built-in one takes a third of the time in which
 * a stream's frames are written. Of one item the very list that `each` made is given, so that `each` must not hold on to it.
 */
export function flatMap<T, U>(items: readonly T[], each: (item: T, at: number) => U[]): U[] {
  if (items.length === 1) return each(items[0]!, 0);
  const all: U[] = [];
  for (let at = 0; at < items.length; at++) {
    const some = each(items[at]!, at);
    for (let place = 0; place < some.length; place++) all.push(some[place]!);
  }
  return all;
}
