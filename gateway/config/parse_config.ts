/** From all sources to one configuration, or to all that is wrong with them. Pure: no file, no environment, no clock. */

import type { z } from "zod";
import { type ReadModels, readModels } from "../catalog/read_models.ts";
import { missingAt } from "./missing_at.ts";
import type { ConfigProblem, Given, Layer } from "./problem.ts";
import { showValue } from "./problem.ts";
import { collectProviders } from "./provider_sources.ts";
import { readEnvironment } from "./read_environment.ts";
import { readToml, type Source } from "./read_toml.ts";
import { type ResolvedProvider, resolveProvider } from "./resolve_provider.ts";
import { areSendable, SENDABLE } from "./sendable_keys.ts";
import { ONCE } from "./read_once.ts";
import { type ProviderConfig, readProvider } from "./provider_schema.ts";
import { type Config, configSchema } from "./schema.ts";
import { SETTINGS } from "./settings.ts";
import { unflatten } from "./unflatten.ts";

export interface ConfigSources {
  env: Readonly<Record<string, string>>;
  /** The text of the TOML file, if there is one. */
  toml?: string;
  /** What messages call it. */
  tomlName?: string;
  /** The parsed models.json, ours or a list in langfast2api's form; absent where there is none. */
  models?: unknown;
}

/** With problems the warnings come too: a mistyped variable is often why another is missing. */
export type ConfigOutcome = { config: Config } | { problems: ConfigProblem[]; warnings: string[] };

export function parseConfig({ env, toml = "", tomlName = "config.toml", models }: ConfigSources): ConfigOutcome {
  const file = readToml(toml, { name: tomlName, env });
  const environment = readEnvironment(env, [...file.providers.keys()]);
  const settings: Layer = new Map([...defaults(), ...file.settings, ...environment.settings]);
  const collected = collectProviders(file, environment);
  const providers = collected.providers.map((written) => resolveProvider(written, settings));
  const catalogue = joinModels(readModels(models), readModels(file.models && { models: file.models }, tomlName));

  const parsed = configSchema.safeParse({ ...unflatten(settings), models: catalogue.models, warnings: [] }, ONCE);
  const read = providers.map((provider) => ({ provider, parsed: readProvider(unflatten(provider.settings)) }));
  const issues = [
    ...issuesOf(parsed).map((issue) => problemAt(issue.path.join("."), settings, issue)),
    ...read.flatMap(({ provider, parsed }) =>
      issuesOf(parsed).map((issue) => problemOfProvider(issue, provider, { file, tomlName }))
    ),
    ...read.flatMap(({ provider, parsed }) => parsed.success ? unsendableKeys(parsed.data, provider) : []),
  ];
  const problems = [
    ...file.problems,
    ...collected.problems,
    ...onePerPath(issues, file.problems),
    ...catalogue.problems,
  ];
  const sources = [file, environment, collected, catalogue, ...providers];
  const said = [...sources.flatMap(({ warnings }) => warnings), ...replacedKeys(file.settings, environment.settings)];
  if (!parsed.success || problems.length > 0) return { problems, warnings: said };
  const valid = read.flatMap(({ parsed }) => parsed.success ? [parsed.data] : []);
  return { config: { ...parsed.data, providers: valid, warnings: said } };
}

function issuesOf<T>(parsed: z.ZodSafeParseResult<T>): z.core.$ZodIssue[] {
  return parsed.success ? [] : parsed.error.issues;
}

/** The catalogue of models.json, and over it what the file says of models. */
function joinModels(base: ReadModels, own: ReadModels): ReadModels {
  return {
    models: { ...base.models, models: { ...base.models.models, ...own.models.models } },
    problems: [...base.problems, ...own.problems],
    warnings: [...base.warnings, ...own.warnings],
  };
}

/** A key of the file that opens no longer is looked for at its client. */
function replacedKeys(file: Layer, environment: Layer): string[] {
  const [lost, used] = [file.get("keys"), environment.get("keys")];
  return lost === undefined || used === undefined ? [] : [`${lost.at} does nothing, as ${used.at} goes before it`];
}

function defaults(): Layer {
  return new Map(
    Object.entries(SETTINGS).filter(([, setting]) => setting.default !== undefined).map(([path, setting]) =>
      [path, { value: setting.default, at: setting.env[0] ?? path, shown: setting.default, secret: false }] as const
    ),
  );
}

function problemOfProvider(
  issue: z.core.$ZodIssue,
  { name, settings }: ResolvedProvider,
  { file, tomlName }: { file: Source; tomlName: string },
): ConfigProblem {
  const at = missingAt(issue.path.join("."), { provider: name, inFile: file.providers.has(name), tomlName });
  return problemAt(at, settings, issue);
}

function unsendableKeys(config: ProviderConfig, { settings }: ResolvedProvider): ConfigProblem[] {
  const given = settings.get("apiKeys");
  if (given === undefined || !("apiKeys" in config) || areSendable(config.apiKeys)) return [];
  const value = showValue(given);
  return [{ path: given.at, ...value !== undefined && { value }, expected: SENDABLE }];
}

/** Where the setting was given, or else where it would be. */
function problemAt(missing: string, layer: Layer, issue: z.core.$ZodIssue): ConfigProblem {
  const { message } = issue;
  // What is no word may be the key itself, written in the wrong place.
  const unknown = issue.code === "unrecognized_keys" ? issue.keys.filter((name) => /^[a-z_]+$/i.test(name)) : [];
  const path = [...issue.path.map(String), ...unknown.slice(0, 1)];
  const given = nearestGiven(layer, path);
  const value = showValue(given);
  const at = given === undefined || given.at === "" ? missing : given.at + placeInKeys(path);
  return value === undefined ? { path: at, expected: message } : { path: at, value, expected: message };
}

/** Which key, and what of it: the value is secret, and says nothing. */
function placeInKeys([head, index, ...rest]: readonly string[]): string {
  if (head !== "keys" || index === undefined) return "";
  const [table, limit] = rest;
  const member = table === "limits" ? limit : table;
  return `[${index}]${member === undefined || member === "secret" ? "" : `.${member}`}`;
}

/** What was given for a path, or for the list or table it is in. */
function nearestGiven(layer: Layer, path: readonly string[]): Given | undefined {
  for (let length = path.length; length > 0; length--) {
    const given = layer.get(path.slice(0, length).join("."));
    if (given !== undefined) return given;
  }
}

/** One mistake can break several rules, and a timeout of the gateway stands in every provider. */
function onePerPath(problems: readonly ConfigProblem[], told: readonly ConfigProblem[]): ConfigProblem[] {
  const seen = new Set(told.map(({ path }) => path));
  return problems.filter(({ path }) => !seen.has(path) && seen.add(path));
}
