/** What a configuration means, for a person to read. Says how many keys there are, and never one of them. */

import { exposureOf } from "./exposure.ts";
import type { ProviderConfig, ProviderOrigin } from "./provider_schema.ts";
import type { Config } from "./schema.ts";

/** `more`: warnings of those who use the configuration. */
export function describeConfig(config: Config, more: readonly string[] = []): string {
  const { host, port, keys, adminKey, models, providers } = config;
  const warnings = [...config.warnings, ...exposureOf({ isOpen: keys.length === 0, providers }), ...more];
  const shown = host.includes(":") ? `[${host}]` : host;
  return [
    `Listens on http://${shown}:${port}`,
    keys.length === 0 ? "Client keys: none, open to all" : `Client keys: ${keys.map(({ name }) => name).join(", ")}`,
    `Admin and dashboard: ${adminKey === undefined ? "closed, no admin key" : "open to the admin key"}`,
    `Models in models.json: ${Object.keys(models.models).length}, default ${models.default_model ?? "none"}`,
    "Providers:",
    ...providers.map((provider) => `  ${describeProvider(provider)}`),
    ...warnings.length === 0 ? [] : ["Warnings:", ...warnings.map((warning) => `  ${warning}`)],
  ].join("\n");
}

function describeProvider(provider: ProviderConfig): string {
  const { name, type, stream, filter, models, origin } = provider;
  return [
    `${name}: ${type}`,
    ...endpointOf(provider),
    `stream ${stream}`,
    ..."apiKeys" in provider ? [count(provider.apiKeys.length, "key")] : [],
    ...models.length > 0 ? [`${count(models.length, "model")} given`] : [],
    ...filter ? [`${filter.mode} of ${count(filter.models.length, "model")}`] : [],
    ORIGINS[origin],
  ].join(", ");
}

function endpointOf(provider: ProviderConfig): string[] {
  if ("endpoint" in provider) return [provider.endpoint];
  return provider.type === "langfast" ? [provider.langfast.socketUrl] : [];
}

const ORIGINS = {
  "file": "from the file",
  "environment": "from the environment",
  "built-in": "built in",
  "stored": "stored",
} as const satisfies Record<ProviderOrigin, string>;

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
