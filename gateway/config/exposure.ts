/** What is allowed and worth a word: a gateway that is open to all, and one where only the demo answers. */

import type { ProviderConfig } from "./provider_schema.ts";

export interface Exposed {
  /** Whether anybody may ask without a key. */
  isOpen: boolean;
  /** Those in use. */
  providers: readonly ProviderConfig[];
}

const OPEN = "No client key is set, so whoever reaches this gateway can use it: set USER_SET_KEY or [app].keys";
const IDLE = "No provider is set, so only the built-in demo answers: set OPENAI_API_KEY or another vendor's key";

export function exposureOf({ isOpen, providers }: Exposed): string[] {
  const isIdle = providers.every(({ type }) => type === "demo");
  return [...isOpen ? [OPEN] : [], ...isIdle ? [IDLE] : []];
}
