/** Lets a few through at a time, and no more than those within a while. */

export interface TurnstileOptions {
  /** How many go through at a time. */
  width: number;
  /** Milliseconds after one entered until its place can be free again. */
  pause: number;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** Who may enter gets the way to leave; who gets none must not wait. */
export type Turnstile = () => (() => void) | undefined;

export function createTurnstile({ width, pause, now }: TurnstileOptions): Turnstile {
  const places = Array.from({ length: width }, () => ({ taken: false, at: -Infinity }));
  return () => {
    const place = places.find(({ taken, at }) => !taken && now() - at >= pause);
    if (place === undefined) return undefined;
    place.taken = true;
    place.at = now();
    return () => {
      place.taken = false;
    };
  };
}
