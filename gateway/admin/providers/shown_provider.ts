/** A provider as the admin routes show it: where it comes from, how it stands, and never a secret. */

import type { ProviderShape } from "../../../dashboard/providers/shapes.ts";
import type { ProviderConfig, ProviderOrigin } from "../../config/mod.ts";
import type { Gateway } from "../../gateway.ts";
import type { Standing } from "../../stored_providers/mod.ts";
import { partSecrets } from "../../stored_providers/secret_fields.ts";

const REASONS = {
  "file": "It is set by the configuration file, and can be changed only there.",
  "environment": "It is set by a variable of the environment, and can be changed only there.",
  "built-in": "It is built in; DEMO=off switches it off.",
} as const satisfies Record<Exclude<ProviderOrigin, "stored">, string>;

/** Those of the configuration, then those that are stored. */
export function showProviders(gateway: Gateway): ProviderShape[] {
  const own = gateway.config.providers.filter(({ origin }) => origin !== "stored");
  return [
    ...own.map((config) => showConfigured(config, gateway)),
    ...gateway.providers.all().map((standing) => showStored(standing, gateway)),
  ];
}

export function showStored(standing: Standing, gateway: Gateway): ProviderShape {
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

function showConfigured(config: ProviderConfig, gateway: Gateway): ProviderShape {
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

function placeOf(config: ProviderConfig): Pick<ProviderShape, "endpoint" | "vendor"> {
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

function modelsOf(name: string, { catalog }: Gateway): Pick<ProviderShape, "models"> {
  const found = catalog.state().find(({ provider }) => provider === name);
  if (found === undefined) return {};
  const { provider: _, ...models } = found;
  return { models };
}
