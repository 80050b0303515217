/** Whether an upstream knows `developer` messages: most vendors know `system` only, which all of them take (CASES R6). */

import type { Target } from "../dialect.ts";

export function knowsDevelopers({ quirks, facts }: Pick<Target, "quirks" | "facts">): boolean {
  return quirks.developerRole ?? facts.roles?.includes("developer") ?? false;
}
