/** Models that cost nothing by a key's limit of money, as their price is not known: somebody has to be told. */

import type { ClientIdentity } from "../access.ts";
import type { KeyLimits } from "../config/key_limits.ts";
import type { Log } from "../log.ts";
import type { Observation } from "../observation.ts";

export interface Unpriced {
  /** The key's request was answered, and what that cost is not known. */
  note(client: Pick<ClientIdentity, "name" | "limits">, observation: Observation): void;
  /** A sentence for each model, of the first of them. */
  warnings(): string[];
}

/** Clients may name any number of models. */
const MOST = 20;

/** Each is logged once. */
export function createUnpriced(log: Pick<Log, "warn">): Unpriced {
  const models = new Set<string>();
  return {
    note({ name, limits }, { provider, upstreamModel }) {
      if (provider === undefined || upstreamModel === undefined) return;
      const model = `${provider}/${upstreamModel}`;
      if (!limitsMoney(limits) || models.has(model) || models.size >= MOST) return;
      models.add(model);
      log.warn("Cannot count what a model costs against a key's limit of money, as its price is not known", {
        key: name,
        model,
      });
    },
    warnings: () => [...models].map(unpricedWarning),
  };
}

/** `model`: with its provider's name before it. */
export function unpricedWarning(model: string): string {
  return `The price of ${model} is not known, so that it costs nothing by a key's limit of money: set its prices in models.json`;
}

export function limitsMoney({ moneyPerDay, moneyPerMonth }: KeyLimits): boolean {
  return moneyPerDay !== undefined || moneyPerMonth !== undefined;
}
