/** From what was written of a provider to one that can be used, or to all that is wrong with it, field by field. */

import type { JsonObject } from "../../chat/json.ts";
import { isObject } from "../../dialects/json.ts";
import { checkAddress } from "../../providers/address_guard.ts";
import type { ProviderPorts } from "../../providers/provider.ts";
import {
  areSendable,
  type Config,
  type FieldProblem,
  hasSetting,
  isProviderType,
  parseProvider,
  type ProviderConfig,
  SENDABLE,
} from "../config/mod.ts";
import { isPublicOnly } from "../create_client.ts";
import type { Redactor } from "../redact.ts";
import { secretsOfProvider } from "../secrets_of.ts";
import { refusalOf } from "./refusal.ts";
import { joinSecrets, partSecrets, type Secrets } from "./secret_fields.ts";
import { clientProblem } from "./standing.ts";

/** A stored provider whose secrets hold where none are written. */
export interface Base {
  /** Those that open; the paths of those that do not. */
  secrets: Secrets;
  closed: readonly string[];
  provider: ProviderConfig | undefined;
}

export interface Draft {
  settings: JsonObject;
  secrets: Secrets;
  provider: ProviderConfig;
  warnings: readonly string[];
}

export interface DraftOptions {
  boot: Config;
  ports: ProviderPorts & { redactor: Redactor };
  base?: Base | undefined;
}

/** @throws {Refusal} `invalid_provider` with a problem for each field at fault */
export async function readDraft(written: unknown, options: DraftOptions): Promise<Draft> {
  const { boot, ports, base } = options;
  if (!isObject(written)) throw refusalOf([{ path: "", message: "Expected a JSON object" }]);
  const { name, ...rest } = written;
  const { settings, secrets: given } = partSecrets(rest);
  const kept = keptSecrets(settings, given, base);
  const closed = (base?.closed ?? []).filter((path) => !given.has(path));
  const secrets = new Map([...kept, ...given].filter(([, secret]) => secret !== null));
  const outcome = parseProvider({ ...joinSecrets(settings, secrets), name }, boot);
  const unreadable = closed.map((path) => ({ path, message: "Enter it again: it was stored under another admin key" }));
  if ("problems" in outcome) throw refusalOf([...unreadable, ...outcome.problems]);
  const { provider, warnings } = outcome;
  ports.redactor.learn(secretsOfProvider(provider));
  const moved = movedSecrets(provider, kept, base);
  const unsendable = given.has("apiKeys") ? unsendableKeys(provider) : [];
  const problems = [...unreadable, ...unsendable, ...moved, ...await forbiddenAddresses(provider, options)];
  if (problems.length > 0) throw refusalOf(problems);
  const problem = clientProblem(provider, { boot, ports });
  if (problem !== undefined) throw refusalOf([{ path: provider.type, message: problem }]);
  return { settings, secrets, provider, warnings };
}

function unsendableKeys(provider: ProviderConfig): FieldProblem[] {
  if (!("apiKeys" in provider) || areSendable(provider.apiKeys)) return [];
  return [{ path: "apiKeys", message: `Expected ${SENDABLE}` }];
}

/** Those that are stored and neither written anew nor of another type. */
function keptSecrets({ type }: JsonObject, given: Secrets, base: Base | undefined): Secrets {
  const fits = (path: string) => typeof type === "string" && isProviderType(type) && hasSetting(type, path);
  return new Map([...base?.secrets ?? []].filter(([path]) => !given.has(path) && fits(path)));
}

/** A key is not sent to another host than the one it was entered for: who may change a provider may not read its key. */
function movedSecrets(provider: ProviderConfig, kept: Secrets, base: Base | undefined): FieldProblem[] {
  const known = new Set(base?.provider === undefined ? [] : addressesOf(base.provider).map(({ url }) => url.origin));
  const isNew = addressesOf(provider).some(({ url }) => !known.has(url.origin));
  if (!isNew) return [];
  return [...kept.keys()].map((path) => ({ path, message: "Enter it again: it would be sent to another host" }));
}

async function forbiddenAddresses(provider: ProviderConfig, { boot, ports }: DraftOptions): Promise<FieldProblem[]> {
  const guard = { resolve: ports.resolveHost, publicOnly: isPublicOnly(provider, boot) };
  const found = await Promise.all(
    addressesOf(provider).map(async ({ path, url }): Promise<FieldProblem[]> => {
      const isAllowed = await checkAddress(url, guard).then(() => true, () => false);
      return isAllowed ? [] : [{ path, message: FORBIDDEN }];
    }),
  );
  return found.flat();
}

const FORBIDDEN = "Expected a public address: private ones are allowed by ALLOW_PRIVATE_PROVIDERS=on and a restart";

function addressesOf(provider: ProviderConfig): { path: string; url: URL }[] {
  if ("endpoint" in provider) return [{ path: "endpoint", url: new URL(provider.endpoint) }];
  if (provider.type !== "langfast") return [];
  const { supabaseUrl, socketUrl } = provider.langfast;
  return [
    { path: "langfast.supabaseUrl", url: new URL(supabaseUrl) },
    { path: "langfast.socketUrl", url: new URL(socketUrl) },
  ];
}
