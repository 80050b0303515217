/** Which providers are on, in what order, and what the sources say of each: the environment over the file. */

import { VENDORS } from "../../providers/registry.ts";
import type { Vendor } from "../../providers/vendor.ts";
import { type ConfigProblem, type Given, type Layer, showValue } from "./problem.ts";
import type { EnvironmentSource } from "./read_environment.ts";
import type { Source } from "./read_toml.ts";
import type { ProviderOrigin } from "./provider_schema.ts";
import { isVendor, VENDOR_LIST, vendorOf } from "./vendors.ts";

/** One provider as it is written, nothing filled in yet. */
export interface WrittenProvider {
  name: string;
  type: string;
  settings: Layer;
  origin: ProviderOrigin;
}

export interface ProviderSources {
  providers: WrittenProvider[];
  warnings: string[];
  problems: ConfigProblem[];
}

export function collectProviders(file: Source, environment: EnvironmentSource): ProviderSources {
  const warnings: string[] = [];
  const names = new Set([...file.providers.keys(), ...environmentNames(file, environment), "demo"]);
  const providers = [...names].map((name) => mergeSources(name, { file, environment, warnings }));
  const on = providers.filter(({ settings }) => settings.get("enabled")?.value !== false);
  return { providers: on, warnings, problems: on.flatMap(({ settings }) => unclearSwitch(settings.get("enabled"))) };
}

function unclearSwitch(given: Given | undefined): ConfigProblem[] {
  const value = showValue(given);
  if (given === undefined || value === undefined || given.value === true) return [];
  return [{ path: given.at, value, expected: "true or false" }];
}

/** The providers that variables switch on: the vendors in the registry's order, then the others, then LangFast. */
function environmentNames({ providers }: Source, environment: EnvironmentSource): string[] {
  const vendors = VENDOR_LIST.filter(([name, vendor]) => switchesOn(vendor, environment.vendors.get(name)));
  // One provider of that type in the file takes the variables, under whatever name.
  const hasLangfast = [...providers].some(([name, layer]) => typeOf(name, layer) === "langfast");
  const langfast = environment.langfast.size > 0 && !hasLangfast ? ["langfast"] : [];
  const names = [...vendors.map(([name]) => name), ...environment.providers.keys(), ...langfast];
  return names.filter((name) => name !== "demo");
}

/** A base URL alone is often meant for another program: `ANTHROPIC_BASE_URL` may point at this very gateway. */
function switchesOn(vendor: Vendor, layer: Layer | undefined): boolean {
  return layer !== undefined && (layer.has("apiKeys") || (vendor.local === true && layer.has("endpoint")));
}

interface MergeOptions {
  file: Source;
  environment: EnvironmentSource;
  warnings: string[];
}

function mergeSources(name: string, { file, environment, warnings }: MergeOptions): WrittenProvider {
  const fromFile: Layer = file.providers.get(name) ?? new Map();
  const fromVariables: Layer = environment.providers.get(name) ?? new Map();
  const type = typeOf(name, new Map([...fromFile, ...fromVariables]));
  const fromLangfast: Layer = type === "langfast" ? environment.langfast : new Map();
  const fromVendor: Layer = new Map(environment.vendors.get(name) ?? []);
  const key = fromVendor.get("apiKeys");
  if (key !== undefined && !fromVendor.has("endpoint") && isElsewhere(name, fromFile)) {
    // The vendor's key would go to whoever runs that host.
    warnings.push(`${key.at} is not used as the file gives provider "${name}" an endpoint and a key of its own`);
    fromVendor.delete("apiKeys");
  }
  const settings = new Map<string, Given>([...fromLangfast, ...fromFile, ...fromVendor, ...fromVariables]);
  const isUnasked = name === "demo" && type === "demo" && !settings.has("enabled");
  return { name, type, settings, origin: isUnasked ? "built-in" : originOf(name, file) };
}

function originOf(name: string, file: Source): ProviderOrigin {
  return file.providers.has(name) ? "file" : "environment";
}

/** Whether the file has a provider of a vendor's name at another host, with its own key. */
function isElsewhere(name: string, layer: Layer): boolean {
  const endpoint = layer.get("endpoint")?.value;
  if (typeof endpoint !== "string" || !isVendor(name) || !layer.has("apiKeys")) return false;
  return vendorOf(name, endpoint, VENDORS[name].type) !== name;
}

/** What it says, or what its name says; OpenAI's API is the one that everybody has. */
function typeOf(name: string, layer: Layer): string {
  const given = layer.get("type")?.value;
  if (given !== undefined) return String(given);
  if (isVendor(name)) return VENDORS[name].type;
  return name === "langfast" || name === "demo" ? name : "openai";
}
