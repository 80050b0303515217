/** The catalogue's own names: public ids that stand for one or several upstreams' models. */

import type { ResolvedCandidate } from "./catalog.ts";
import { overlay } from "./facts.ts";
import { toPattern } from "./filter.ts";
import { isGlob } from "./globs.ts";
import type { Candidate, ModelEntry, ModelsFile } from "./schema.ts";
import type { Sources } from "./source.ts";

export interface Alias {
  id: string;
  /** What ids fall under a name with `*`; absent of any other name. */
  pattern?: RegExp;
  entry: ModelEntry;
  targets: readonly Candidate[];
}

export function aliasesOf({ models }: ModelsFile): Alias[] {
  return Object.entries(models).flatMap(([id, entry]) =>
    entry.candidates === undefined
      ? []
      : [{ id, ...isGlob(id) && { pattern: toPattern(id) }, entry, targets: entry.candidates }]
  );
}

/** Those of an alias' upstreams that are set up here and not filtered out, in order. What the alias says holds for each. */
export function candidatesOf({ entry, targets }: Alias, sources: Sources): ResolvedCandidate[] {
  return targets.flatMap((target) => {
    const source = sources.get(target.provider);
    if (source === undefined || !source.list.allows(target.model)) return [];
    const found = source.candidate(target.model);
    const { facts, prices } = overlay(found, [entry]);
    return [{
      ...found,
      facts,
      ...prices && { prices },
      ...target.stream && { stream: target.stream },
      ...target.parameters && { parameters: target.parameters },
      ...(target.continuation ?? entry.continuation) && { continuation: true },
      ...target.weight !== undefined && { weight: target.weight },
    }];
  });
}
