/** What instances tell each other of upstreams, in the storage that they share: none has to find out by itself. */

import type { Notes } from "../providers/provider.ts";
import type { Store } from "../records/store.ts";
import { updateValue } from "../records/update_value.ts";
import { within } from "../streaming/timer.ts";

/** Milliseconds; a request waits for it. */
const PATIENCE = 500;

export function createNotes(store: Store): Notes {
  const keyOf = (upstream: string, model: string) => ["notes", upstream, model];
  return {
    async read(upstream, model) {
      const late = () => new Error("Cannot wait for what other instances know");
      const entry = await within(store.get(keyOf(upstream, model)), PATIENCE, late).catch(() => undefined);
      return entry?.value;
    },
    // A name that is too long for a key is nobody's to tell.
    leave: (upstream, model, options) => void updateValue(store, keyOf(upstream, model), options).catch(() => {}),
  };
}
