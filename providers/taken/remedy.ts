/** What an upstream's refusal says of a request, and what makes another way to ask of it. */

import type { Way } from "./way.ts";

export interface Refusal {
  /** The field that it names, and all that it says. */
  told: string;
  /** The body that was refused, as JSON. */
  sent: string;
  /** Fields that whoever runs the gateway has set: they are not left out. */
  fields: object;
}

/** How to ask next; `undefined` where the refusal is about something else, or nothing is left to try. */
export type Remedy = (refusal: Refusal, way: Way) => Way | undefined;
