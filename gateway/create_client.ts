/** The client of a provider's settings: one that was added while the gateway runs must not lead into its network. */

import { createProvider } from "../providers/create_provider.ts";
import type { Provider, ProviderPorts } from "../providers/provider.ts";
import type { Config, ProviderConfig } from "./config/mod.ts";

/** Whether only public addresses will do. Who writes the file or the environment may name any. */
export function isPublicOnly({ origin }: ProviderConfig, { security }: Pick<Config, "security">): boolean {
  return origin === "stored" && !security.allowPrivateProviders;
}

/** @throws {GatewayError} `configuration` for settings that no client can be made of */
export function createClient(
  provider: ProviderConfig,
  { config, ports }: { config: Pick<Config, "security">; ports: ProviderPorts },
): Provider {
  return createProvider({ ...provider, publicOnly: isPublicOnly(provider, config) }, ports);
}
