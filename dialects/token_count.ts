/** Reading of token counts that nobody promised to be some. */

import type { Json } from "../chat/json.ts";

/** A whole number of tokens; anything else is none, as clients add it up, and JSON has no word for what is infinite. */
export function tokenCount(value: Json | undefined): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
