/** One provider as it is added while the gateway runs: read from JSON by the same rules as one of the file. */

import type { z } from "zod";
import { nearNames, suggestion } from "../catalog/near_names.ts";
import { coerce } from "./coerce.ts";
import type { Layer } from "./problem.ts";
import { isProviderSetting, PROVIDER_GROUPS, PROVIDER_SETTINGS } from "./provider_settings.ts";
import { resolveProvider } from "./resolve_provider.ts";
import {
  isProviderType,
  PROVIDER_TYPES,
  type ProviderConfig,
  providerSchemas,
  type ProviderType,
} from "./provider_schema.ts";
import type { Config } from "./schema.ts";
import { unflatten } from "./unflatten.ts";

/** What is wrong with one field of a form. */
export interface FieldProblem {
  /** Of the field: `endpoint`, `timeouts.idle`, `apiKeys.0`. */
  path: string;
  message: string;
}

/** As it is written: `name`, `type`, `enabled`, and the settings under the names that the configuration has for them. */
export type WrittenJson = Readonly<Record<string, unknown>>;

export type ProviderOutcome =
  | { provider: ProviderConfig; enabled: boolean; warnings: string[] }
  | { problems: FieldProblem[] };

/** What is not written is the vendor's, or the gateway's own, or the default; `null` is as good as not written. */
export function parseProvider(
  { name, ...rest }: WrittenJson,
  { advanced }: Pick<Config, "advanced">,
): ProviderOutcome {
  const { layer, problems } = readFields(rest);
  const type = String(layer.get("type")?.value);
  if (!isProviderType(type)) {
    return { problems: [{ path: "type", message: `Expected one of ${PROVIDER_TYPES.join(", ")}` }] };
  }
  const enabled = layer.get("enabled")?.value ?? true;
  if (typeof enabled !== "boolean") problems.push({ path: "enabled", message: "Expected true or false" });

  const written = {
    name: typeof name === "string" ? name.trim() : "",
    type,
    settings: layer,
    origin: "stored",
  } as const;
  const { settings, warnings } = resolveProvider(written, ownSettings(advanced));
  problems.push(...foreignFields(layer, type));
  const parsed = schemaOf(type).safeParse({ ...emptyGroups(type), ...unflatten(settings) });
  if (parsed.success && problems.length === 0) return { provider: parsed.data, enabled: enabled === true, warnings };
  const issues = parsed.success ? [] : parsed.error.issues.map((issue) => ({
    path: issue.path.join("."),
    message: `Expected ${issue.message}`,
  }));
  return { problems: onePerPath([...problems, ...issues]) };
}

function schemaOf(type: ProviderType): z.ZodType<ProviderConfig> {
  return providerSchemas[type]();
}

/** A table that is missing as a whole lacks each of its fields: they are what a form marks. */
function emptyGroups(type: ProviderType): Record<string, unknown> {
  const needed = schemaOf(type).safeParse({}).error?.issues.map(({ path }) => String(path[0])) ?? [];
  return Object.fromEntries(needed.filter((key) => Object.hasOwn(PROVIDER_GROUPS, key)).map((key) => [key, {}]));
}

function readFields(written: WrittenJson): { layer: Layer; problems: FieldProblem[] } {
  const layer: Layer = new Map();
  const problems: FieldProblem[] = [];
  const walk = (value: unknown, path: string): void => {
    if (value === undefined || value === null) return;
    if (isProviderSetting(path)) {
      const { kind, secret = false } = PROVIDER_SETTINGS[path];
      return void layer.set(path, { value: coerce(kind, value), at: path, shown: value, secret });
    }
    if (!Object.hasOwn(PROVIDER_GROUPS, path)) return void problems.push(unknownField(path));
    if (typeof value !== "object" || Array.isArray(value)) {
      return void problems.push({ path, message: "Expected a table" });
    }
    for (const [key, child] of Object.entries(value)) walk(child, `${path}.${key}`);
  };
  for (const [key, value] of Object.entries(written)) walk(value, key);
  return { layer, problems };
}

function unknownField(path: string): FieldProblem {
  const near = nearNames(path, Object.keys(PROVIDER_SETTINGS), { limit: 1, within: 3 });
  return { path, message: `Not known${suggestion(near)}` };
}

/** Whether providers of the type have a setting of that path. */
export function hasSetting(type: ProviderType, path: string): boolean {
  return Object.hasOwn(providerSchemas[type]().shape, path.split(".")[0] ?? path);
}

/** What the file would be warned of is refused here: a form has no such field. */
function foreignFields(layer: Layer, type: ProviderType): FieldProblem[] {
  return [...layer.keys()].filter((path) => path !== "enabled" && !hasSetting(type, path)).map((path) => ({
    path,
    message: `A provider of type ${type} has no such setting`,
  }));
}

/** The gateway's own pace and timeouts, which hold for a provider that has none. */
function ownSettings({ pace, timeouts }: Config["advanced"]): Layer {
  const own = {
    pace,
    ...Object.fromEntries(Object.entries(timeouts).map(([name, value]) => [`timeouts.${name}`, value])),
  };
  return new Map(
    Object.entries(own).map(([path, value]) => [`advanced.${path}`, { value, at: "", shown: value, secret: false }]),
  );
}

/** One mistake can break several rules. */
function onePerPath(problems: readonly FieldProblem[]): FieldProblem[] {
  return [...new Map(problems.toReversed().map((problem) => [problem.path, problem])).values()].toReversed();
}
