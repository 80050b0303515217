/** Candidates without a catalogue, for the tests of routing. */

import type { ResolvedCandidate } from "../../../gateway/catalog/mod.ts";
import type { Open } from "../../../providers/provider.ts";
import { configOf, providerOf } from "../../support/config.ts";

export interface CandidateChanges {
  open?: Open;
  keys?: readonly string[];
  contextWindow?: number;
  stream?: ResolvedCandidate["stream"];
  parameters?: ResolvedCandidate["parameters"];
}

/** The candidate of a name `provider/model`. */
export function candidateOf(name: string, changes: CandidateChanges = {}): ResolvedCandidate {
  const [provider = "", model = ""] = name.split("/");
  const { open = () => Promise.reject(new Error("nothing is to be opened")), keys, contextWindow } = changes;
  const config = configOf({ env: {} });
  return {
    provider: {
      name: provider,
      dialectFor: () => undefined,
      open,
      listModels: () => Promise.resolve([]),
      ...keys && { keys },
    },
    config: providerOf(config, "demo") as unknown as ResolvedCandidate["config"],
    model,
    facts: contextWindow === undefined ? {} : { contextWindow },
    stream: changes.stream ?? "real",
    parameters: changes.parameters ?? {},
  };
}
