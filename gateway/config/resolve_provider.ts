/** One provider's settings in full: what is written, over what the registry and the gateway's own settings say. */

import { VENDORS } from "../../providers/registry.ts";
import type { Vendor } from "../../providers/vendor.ts";
import { normalizeEndpoint } from "./endpoint.ts";
import type { Given, Layer } from "./problem.ts";
import type { ProviderSettingPath } from "./provider_settings.ts";
import type { WrittenProvider } from "./provider_sources.ts";
import { isProviderType, providerSchemas } from "./provider_schema.ts";
import { isVendor, vendorOf } from "./vendors.ts";

export interface ResolvedProvider {
  name: string;
  /** By the path below the provider. */
  settings: Layer;
  warnings: string[];
}

/** What holds where nobody wrote anything, whatever the type; pace and timeouts are the gateway's own. */
export const PROVIDER_DEFAULTS: Readonly<Partial<Record<ProviderSettingPath, unknown>>> = {
  "apiKeys": [],
  "api": "auto",
  "stream": "auto",
  "headers": {},
  "query": {},
  "models": [],
  "submit.method": "post",
  "poll.interval": 1000,
  "poll.deadline": 300_000,
  "poll.failed": ["failed", "error", "expired", "canceled", "cancelled"],
};

/** The header that carries the key where the registry does not know the upstream. */
export const AUTH: Readonly<Record<string, string>> = {
  openai: "bearer",
  anthropic: "x-api-key",
  gemini: "x-goog-api-key",
  ollama: "bearer",
  polling: "bearer",
};

/** `gateway` are the gateway's own settings: pace and timeouts hold for a provider that has none. */
export function resolveProvider(written: WrittenProvider, gateway: Layer): ResolvedProvider {
  const { name, type, origin } = written;
  const endpoint = endpointOf(written);
  const vendorName = vendorOf(name, String(endpoint?.value), type);
  const vendor: Vendor | undefined = vendorName && VENDORS[vendorName];
  const defaults = {
    ...PROVIDER_DEFAULTS,
    name,
    type,
    vendor: vendorName ?? (type === "langfast" ? type : undefined),
    auth: vendor?.auth ?? AUTH[type],
    api: vendor?.api ?? PROVIDER_DEFAULTS.api,
    quirks: {},
    origin,
  };
  const all: Layer = new Map([
    ...Object.entries(defaults).map(byDefault),
    ...Object.entries(vendor?.quirks ?? {}).map(([quirk, value]) => byDefault([`quirks.${quirk}`, value])),
    ...inherited(gateway),
    ...written.settings,
  ]);
  if (endpoint !== undefined) all.set("endpoint", endpoint);
  const { settings, unused } = fitToType(all, written);
  return { name, settings, warnings: [...unused, ...missingKey(name, vendor, settings)] };
}

function endpointOf({ name, type, settings }: WrittenProvider): Given | undefined {
  const named: Vendor | undefined = isVendor(name) && VENDORS[name].type === type ? VENDORS[name] : undefined;
  const given = settings.get("endpoint") ?? byDefault(["endpoint", named?.endpoint])[1];
  if (typeof given.value !== "string") return settings.get("endpoint");
  return { ...given, value: normalizeEndpoint(given.value, { type, path: named?.path }) };
}

function inherited(gateway: Layer): [string, Given][] {
  return [...gateway].flatMap(([path, given]): [string, Given][] => {
    const own = path.replace(/^advanced\./, "");
    return own !== path && (own === "pace" || own.startsWith("timeouts.")) ? [[own, given]] : [];
  });
}

/** Only the settings that the type has. What was written for nothing is told. */
function fitToType(all: Layer, { name, type, settings }: WrittenProvider): { settings: Layer; unused: string[] } {
  const fields = isProviderType(type) ? Object.keys(providerSchemas[type]().shape) : undefined;
  const fits = (path: string) => fields === undefined || fields.includes(path.split(".")[0] ?? path);
  const unused = [...settings].filter(([path]) => path !== "enabled" && !fits(path));
  const kept = [...all].filter(([path, { value }]) => path !== "enabled" && fits(path) && value !== undefined);
  return {
    settings: new Map(kept),
    unused: unused.map(([, { at }]) => `${at} does nothing as provider "${name}" is of type ${type}`),
  };
}

function missingKey(name: string, vendor: Vendor | undefined, settings: Layer): string[] {
  const keys = settings.get("apiKeys")?.value;
  if (vendor === undefined || vendor.local || settings.get("auth")?.value === "none") return [];
  if (!Array.isArray(keys) || keys.length > 0) return [];
  return [`Provider "${name}" has no API key and ${vendor.title} wants one: set ${vendor.env[0]}`];
}

/** A value that nobody wrote: it stands nowhere. */
function byDefault([path, value]: readonly [string, unknown]): [string, Given] {
  return [path, { value, at: "", shown: value, secret: false }];
}
