/** Every value of the configuration that must never be written anywhere. */

import type { Config, ProviderConfig } from "./config/mod.ts";

export function secretsOf({ keys, adminKey, providers }: Config): string[] {
  const ofProviders = providers.flatMap(secretsOfProvider);
  return [...keys.map(({ secret }) => secret), adminKey ?? "", ...ofProviders].filter((secret) => secret !== "");
}

export function secretsOfProvider(provider: ProviderConfig): string[] {
  if ("apiKeys" in provider) {
    return [...provider.apiKeys, ...secretValues(provider.headers), ...secretValues(provider.query)];
  }
  if (provider.type !== "langfast") return [];
  const { anonKey, accessToken, refreshToken } = provider.langfast;
  return [anonKey, accessToken ?? "", refreshToken ?? ""].filter((secret) => secret !== "");
}

/** Values whose name says that they are secret: a title or a version is no secret, and would blank out half the log. */
function secretValues(members: Readonly<Record<string, string>>): string[] {
  return Object.entries(members).filter(([name]) => /key|token|secret|auth|cookie|password/i.test(name)).map((
    [, value],
  ) => value);
}
