/** Chance that can be repeated: what a die shows depends on the seed and its name alone, not on what was thrown before. */

export interface Dice {
  /** Whether something of this probability happens. */
  happens(probability: number): boolean;
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number;
  pick<T>(values: readonly T[]): T;
  /** A key of the table, each with a chance in proportion to its weight. */
  draw<K extends string>(weights: Readonly<Record<K, number>>): K;
}

/** The dice of one decision, `dice(7, "client", 12)`: in whatever order events come, the same seed decides the same. */
export function dice(seed: number, ...name: (string | number)[]): Dice {
  let state = hash(`${seed}/${name.join("/")}`);
  /** A number in [0, 1), by Mulberry32. */
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    happens: (probability) => next() < probability,
    between,
    pick: (values) => values[between(0, values.length - 1)]!,
    draw<K extends string>(weights: Readonly<Record<K, number>>): K {
      const entries = Object.entries<number>(weights) as [K, number][];
      let mark = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      return (entries.find(([, weight]) => (mark -= weight) < 0) ?? entries[0]!)[0];
    },
  };
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value;
}
