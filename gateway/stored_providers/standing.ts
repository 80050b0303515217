/** What has become of a stored provider in this instance: used, or why not. */

import { toGatewayError } from "../../chat/error.ts";
import type { Json } from "../../chat/json.ts";
import type { ProviderPorts } from "../../providers/provider.ts";
import { type Config, parseProvider, type ProviderConfig } from "../config/mod.ts";
import { createClient } from "../create_client.ts";
import type { StoredProvider } from "./document.ts";
import type { Sealer } from "./seal.ts";
import { joinSecrets, type Secrets } from "./secret_fields.ts";

/**
 * `unreadable`: its secrets do not open; `mistaken`: its settings do not hold; `shadowed`: the configuration has got a
 * provider of its name meanwhile.
 */
export type ProviderState = "used" | "disabled" | "unreadable" | "mistaken" | "shadowed";

export interface Standing {
  stored: StoredProvider;
  state: ProviderState;
  /** Why it is not used; for a person. */
  problem?: string;
  /** Where its settings can be read, in use or not. */
  provider?: ProviderConfig;
  /** How many secret values there are, by the setting's path: only what opens is counted. */
  secretCounts: Readonly<Record<string, number>>;
  warnings: readonly string[];
}

export interface StandingOptions {
  /** Its `providers` are those of the file and the environment. */
  boot: Config;
  sealer: Sealer;
  ports: ProviderPorts;
}

export async function standingOf(stored: StoredProvider, options: StandingOptions): Promise<Standing> {
  const { boot } = options;
  const opened = await openSecrets(stored, options.sealer);
  if ("closed" in opened) {
    const problem = boot.adminKey === undefined
      ? "Its secrets cannot be read as no admin key is set"
      : "Its secrets cannot be read as they were stored under another admin key: enter them again";
    return { stored, state: "unreadable", problem, secretCounts: {}, warnings: [] };
  }
  const { secrets } = opened;
  const about = { stored, secretCounts: countsOf(secrets) };
  const outcome = parseProvider({ ...joinSecrets(stored.settings, secrets), name: stored.name }, boot);
  if ("problems" in outcome) {
    const [first] = outcome.problems;
    return { ...about, state: "mistaken", problem: `${first?.path}: ${first?.message}`, warnings: [] };
  }
  const { provider, enabled, warnings } = outcome;
  if (boot.providers.some(({ name }) => name === stored.name)) {
    const problem = "It is not used as the configuration has a provider of the same name";
    return { ...about, state: "shadowed", problem, provider, warnings };
  }
  const problem = clientProblem(provider, options);
  if (problem !== undefined) return { ...about, state: "mistaken", problem, warnings };
  return { ...about, state: enabled ? "used" : "disabled", provider, warnings };
}

/** Why no client can be made of settings that are well-formed; `undefined` where one can. */
export function clientProblem(
  provider: ProviderConfig,
  { boot, ports }: Pick<StandingOptions, "boot" | "ports">,
): string | undefined {
  try {
    createClient(provider, { config: boot, ports });
  } catch (error) {
    return toGatewayError(error).message;
  }
}

export async function openSecrets(
  { name, secrets }: StoredProvider,
  sealer: Sealer,
): Promise<{ secrets: Secrets } | { closed: string[] }> {
  const opened = await Promise.all(
    Object.entries(secrets).map(async ([path, sealed]) => ({ path, found: await sealer.open(sealed, [name, path]) })),
  );
  const closed = opened.flatMap(({ path, found }) => found === undefined ? [path] : []);
  if (closed.length > 0) return { closed };
  return { secrets: new Map(opened.flatMap(({ path, found }) => found ? [[path, found.secret] as const] : [])) };
}

function countsOf(secrets: Secrets): Record<string, number> {
  return Object.fromEntries([...secrets].map(([path, secret]) => [path, sizeOf(secret)]));
}

function sizeOf(secret: Json): number {
  if (Array.isArray(secret)) return secret.length;
  // A list may be written as one text with commas.
  if (typeof secret === "string") return secret.split(",").length;
  return typeof secret === "object" && secret !== null ? Object.keys(secret).length : 1;
}
