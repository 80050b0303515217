/** A provider that is asked for nothing but its model list. */

import type { Provider } from "../../providers/provider.ts";

export function listingProvider(name: string, listModels: Provider["listModels"]): Provider {
  return {
    name,
    dialectFor: () => undefined,
    open: () => Promise.reject(new Error(`${name} was asked for an answer`)),
    listModels,
  };
}
