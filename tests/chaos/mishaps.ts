/** Everything that may go wrong with one attempt at an upstream, and how often it does. */

import type { Dice } from "./dice.ts";

/** Where in an answer it happens: instead of it, after its head, or in its middle. */
export type Place = "before" | "head" | "middle";

export type Mishap =
  | { kind: "none" }
  | { kind: "refuse"; status: number }
  | { kind: "limit"; retryAfter: string | undefined }
  | { kind: "stall"; at: Place }
  | { kind: "cut"; at: Place; how: "close" | "reset" }
  | { kind: "lie"; lie: Lie };

/** Answers with status 200 that are none, or not what they are said to be. */
export type Lie =
  | "html"
  | "nothing"
  | "half-json"
  | "no-words"
  | "error-event"
  | "wrong-type"
  /** A whole JSON answer for a stream, and the other way. */
  | "wrong-form";

const LIES = {
  "html": 1,
  "nothing": 1,
  "half-json": 1,
  "no-words": 1,
  "error-event": 2,
  "wrong-type": 1,
  "wrong-form": 1,
} as const satisfies Record<Lie, number>;

/** Refusals of a key bench it for ten seconds and more: many of them, and nobody would be served at all. */
const REFUSALS = { 400: 1, 401: 0.2, 403: 0.2, 404: 1, 500: 4, 502: 3, 503: 3, 529: 2 } as const;

const WAITS = { "none": 2, "0": 1, "0.2": 1, "1": 1 } as const;

const PLACES = { before: 1, head: 1, middle: 2 } as const satisfies Record<Place, number>;

const DRAWS = {
  none: () => ({ kind: "none" }),
  refuse: (dice) => ({ kind: "refuse", status: Number(dice.draw(REFUSALS)) }),
  limit: (dice) => {
    const wait = dice.draw(WAITS);
    return { kind: "limit", retryAfter: wait === "none" ? undefined : wait };
  },
  stall: (dice) => ({ kind: "stall", at: dice.draw(PLACES) }),
  cut: (dice) => ({ kind: "cut", at: dice.draw(PLACES), how: dice.pick(["close", "reset"]) }),
  lie: (dice) => ({ kind: "lie", lie: dice.draw(LIES) }),
} as const satisfies { [Kind in Mishap["kind"]]: (dice: Dice) => Extract<Mishap, { kind: Kind }> };

const WEIGHTS = {
  none: 10,
  refuse: 3,
  limit: 1.5,
  stall: 1.5,
  cut: 4,
  lie: 3,
} as const satisfies Record<Mishap["kind"], number>;

export function drawMishap(dice: Dice): Mishap {
  return DRAWS[dice.draw(WEIGHTS)](dice);
}

/** `cut middle reset`, for a report. */
export function nameOf({ kind, ...rest }: Mishap): string {
  return [kind, ...Object.values(rest)].join(" ");
}
