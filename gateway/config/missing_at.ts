/** Where a provider's setting that nobody wrote would be written, in the words of the source that has the provider. */

import { PROVIDER_SETTINGS } from "./provider_settings.ts";
import { labelOf } from "./read_toml.ts";
import { isVendor, variableName, variablesOf } from "./vendors.ts";

export interface MissingOptions {
  provider: string;
  inFile: boolean;
  tomlName: string;
}

export function missingAt(path: string, { provider, inFile, tomlName }: MissingOptions): string {
  if (path === "name") return labelOf(["providers", provider], { name: tomlName });
  const setting = Object.entries(PROVIDER_SETTINGS).find(([known]) => known === path)?.[1];
  const place = setting?.toml[0] ?? path;
  if (inFile) return labelOf(["providers", provider, ...place.split(".")], { name: tomlName });
  if (path === "endpoint" && isVendor(provider)) return variablesOf(provider).endpoint[0] ?? path;
  const suffix = setting?.env[0] ?? path;
  return provider === "langfast" ? `LANGFAST_${suffix}` : `PROVIDER_${variableName(provider)}_${suffix}`;
}
