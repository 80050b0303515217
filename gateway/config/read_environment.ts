/** The environment as layers of settings: the gateway's own variables, the vendors' and `PROVIDER_<NAME>_…`. */

import { nearNames, suggestion } from "../catalog/near_names.ts";
import { describeMistyped } from "./mistyped_variables.ts";
import { coerce, type Kind } from "./coerce.ts";
import type { Given, Layer } from "./problem.ts";
import { PROVIDER_SETTINGS, type ProviderSettingPath } from "./provider_settings.ts";
import { SETTINGS } from "./settings.ts";
import { variableName, variablesOf, VENDOR_LIST } from "./vendors.ts";

export type Environment = Readonly<Record<string, string>>;

export interface EnvironmentSource {
  settings: Layer;
  /** What the vendors' own variables say, by vendor. They switch a vendor on only where `switchesOn` says so. */
  vendors: Map<string, Layer>;
  /** What `PROVIDER_<NAME>_…` and `DEMO` say, by provider. */
  providers: Map<string, Layer>;
  /** What `LANGFAST_…` says. */
  langfast: Layer;
  warnings: string[];
}

type Read = (names: readonly string[], setting: { kind: Kind; secret?: true }) => Given | undefined;

const LANGFAST = "LANGFAST_";
const PROVIDER = "PROVIDER_";
/** Read by the shell, `load_config.ts`. */
const FILE_VARIABLES = ["CONFIG_FILE", "CONFIG_TOML"];

/** `fileProviders` are the names of the file's providers: `PROVIDER_MY_RELAY_…` may mean `my-relay` or `my_relay`. */
export function readEnvironment(env: Environment, fileProviders: readonly string[]): EnvironmentSource {
  const used = new Set(FILE_VARIABLES);
  const read: Read = (names, { kind, secret = false }) => {
    for (const name of names) used.add(name);
    // Compose files set variables to nothing where the user set none.
    const at = names.find((name) => (env[name] ?? "").trim() !== "");
    if (at === undefined) return undefined;
    return { value: coerce(kind, env[at]), at, shown: env[at], secret };
  };
  const settings = readLayer(SETTINGS, (setting) => read(setting.env, setting));
  const vendors = readVendors(read);
  const langfast = readLayer(
    langfastSettings(),
    (setting) => read(setting.env.map((name) => LANGFAST + name), setting),
  );
  const { providers, unknown } = readProviders(env, read, fileProviders);
  const demo = read(["DEMO"], { kind: "flag" });
  if (demo !== undefined) layerOf(providers, "demo").set("enabled", demo);
  return { settings, vendors, providers, langfast, warnings: [...unknown, ...describeMistyped(env, used)] };
}

function readLayer<T>(settings: Readonly<Record<string, T>>, read: (setting: T) => Given | undefined): Layer {
  const layer: Layer = new Map();
  for (const [path, setting] of Object.entries(settings)) {
    const given = read(setting);
    if (given !== undefined) layer.set(path, given);
  }
  return layer;
}

function readVendors(read: Read): Map<string, Layer> {
  const vendors = new Map<string, Layer>();
  for (const [name, vendor] of VENDOR_LIST) {
    const { keys, endpoint } = variablesOf(name);
    const layer = readLayer(
      {
        "apiKeys": { env: keys, kind: "list", secret: true },
        "endpoint": { env: endpoint, kind: "text" },
      } as const,
      (setting) => read(setting.env, setting),
    );
    for (const [parameter, variable] of Object.entries(vendor.queryEnv ?? {})) {
      const given = read([variable], { kind: "text" });
      if (given !== undefined) layer.set("query", { ...given, value: { [parameter]: given.value } });
    }
    if (layer.size > 0) vendors.set(name, layer);
  }
  return vendors;
}

function langfastSettings() {
  return Object.fromEntries(Object.entries(PROVIDER_SETTINGS).filter(([path]) => path.startsWith("langfast.")));
}

/** Suffixes with the setting they mean, the longest first: `FILTER_MODELS` before `MODELS`. */
const SUFFIXES = Object.entries(PROVIDER_SETTINGS)
  .flatMap(([path, { env }]) => env.map((suffix) => ({ suffix, path: path as ProviderSettingPath })))
  .sort((a, b) => b.suffix.length - a.suffix.length);

function readProviders(env: Environment, read: Read, fileProviders: readonly string[]) {
  const providers = new Map<string, Layer>();
  const unknown: string[] = [];
  for (const variable of Object.keys(env).filter((name) => name.startsWith(PROVIDER))) {
    const rest = variable.slice(PROVIDER.length);
    const found = SUFFIXES.find(({ suffix }) => rest.endsWith(`_${suffix}`) && rest.length > suffix.length + 1);
    if (found === undefined) {
      read([variable], { kind: "text" });
      unknown.push(unknownSuffix(variable, rest));
      continue;
    }
    const given = read([variable], PROVIDER_SETTINGS[found.path]);
    const name = providerName(rest.slice(0, -found.suffix.length - 1), fileProviders);
    if (given !== undefined) layerOf(providers, name).set(found.path, given);
  }
  return { providers, unknown };
}

/** The provider a variable means: one of the file as it is spelled there, else a vendor or a new one. */
function providerName(part: string, fileProviders: readonly string[]): string {
  return fileProviders.find((name) => variableName(name) === part) ?? part.toLowerCase().replaceAll("_", "-");
}

function layerOf(layers: Map<string, Layer>, name: string): Layer {
  const layer = layers.get(name) ?? new Map();
  layers.set(name, layer);
  return layer;
}

function unknownSuffix(variable: string, rest: string): string {
  const words = rest.split("_");
  const tails = words.slice(1).map((_, at) => words.slice(at + 1).join("_"));
  const suffixes = SUFFIXES.map(({ suffix }) => suffix);
  const near = tails.flatMap((tail) => nearNames(tail, suffixes, { limit: 1, within: 2 })).slice(0, 1);
  return `${variable} is not known and does nothing${suggestion(near.map((suffix) => `PROVIDER_<NAME>_${suffix}`))}`;
}
