/** A provider as the admin routes show it: where it comes from, how it stands, and never a secret. */

import type { JsonObject } from "../../../chat/json.ts";
import type { ListState } from "../../catalog/mod.ts";
import type { ProviderConfig, ProviderOrigin } from "../../config/mod.ts";
import type { Gateway } from "../../gateway.ts";
import type { ProviderFailure } from "../../last_failures.ts";
import type { ProviderState, Standing } from "../../stored_providers/mod.ts";
import { partSecrets } from "../../stored_providers/secret_fields.ts";

export interface ShownProvider {
  name: string;
  type: string;
  origin: ProviderOrigin;
  /** Whether it can be changed here; if not, `reason` says where. */
  editable: boolean;
  reason?: string;
  state: ProviderState;
  /** Why it is not used. */
  problem?: string;
  /** To be sent as `If-Match` with a change. */
  version?: string;
  /** Milliseconds since the epoch. */
  changedAt?: number;
  /** Where it is, with all defaults filled in. */
  endpoint?: string;
  vendor?: string;
  /** How many keys it has. */
  keys: number;
  /** As they are written, without secrets: what a form begins with. */
  settings: JsonObject;
  /** How many values each secret has, by its path. */
  secrets: Readonly<Record<string, number>>;
  /** Its model list; absent where it is not used. */
  models?: Omit<ListState, "provider">;
  failures: readonly ProviderFailure[];
  warnings: readonly string[];
}

const REASONS = {
  "file": "It is set by the configuration file, and can be changed only there.",
  "environment": "It is set by a variable of the environment, and can be changed only there.",
  "built-in": "It is built in; DEMO=off switches it off.",
} as const satisfies Record<Exclude<ProviderOrigin, "stored">, string>;

/** Those of the configuration, then those that are stored. */
export function showProviders(gateway: Gateway): ShownProvider[] {
  const own = gateway.config.providers.filter(({ origin }) => origin !== "stored");
  return [
    ...own.map((config) => showConfigured(config, gateway)),
    ...gateway.providers.all().map((standing) => showStored(standing, gateway)),
  ];
}

export function showStored(standing: Standing, gateway: Gateway): ShownProvider {
  const { stored: { name, version, changedAt, settings }, state, problem, provider, secretCounts, warnings } = standing;
  return {
    name,
    type: String(settings.type),
    origin: "stored",
    editable: true,
    state,
    ...(problem !== undefined && { problem }),
    version,
    changedAt,
    ...(provider !== undefined && placeOf(provider)),
    keys: provider !== undefined ? keysOf(provider) : 0,
    settings,
    secrets: secretCounts,
    ...(state === "used" && modelsOf(name, gateway)),
    failures: gateway.failures.of(name),
    warnings,
  };
}

function showConfigured(config: ProviderConfig, gateway: Gateway): ShownProvider {
  const { name, type, origin, vendor: _, ...rest } = config;
  const { settings, secrets } = partSecrets(JSON.parse(JSON.stringify(rest)));
  return {
    name,
    type,
    origin,
    editable: false,
    ...(origin !== "stored" && { reason: REASONS[origin] }),
    state: "used",
    ...placeOf(config),
    keys: keysOf(config),
    settings: { type, ...settings },
    secrets: Object.fromEntries(
      [...secrets].map(([path, secret]) => [path, typeof secret === "object" ? Object.keys(secret ?? {}).length : 1]),
    ),
    ...modelsOf(name, gateway),
    failures: gateway.failures.of(name),
    warnings: [],
  };
}

function placeOf(config: ProviderConfig): Pick<ShownProvider, "endpoint" | "vendor"> {
  const endpoint = "endpoint" in config
    ? config.endpoint
    : config.type === "langfast"
    ? config.langfast.socketUrl
    : undefined;
  return {
    ...(endpoint !== undefined && { endpoint }),
    ...(config.vendor !== undefined && { vendor: config.vendor }),
  };
}

function keysOf(config: ProviderConfig): number {
  return "apiKeys" in config ? config.apiKeys.length : 0;
}

function modelsOf(name: string, { catalog }: Gateway): Pick<ShownProvider, "models"> {
  const found = catalog.state().find(({ provider }) => provider === name);
  if (found === undefined) return {};
  const { provider: _, ...models } = found;
  return { models };
}
