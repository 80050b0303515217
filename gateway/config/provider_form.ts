/** The form of a provider type, as JSON Schema: made from the schema that validates and the table that explains. */

import * as z from "zod";
import { VENDORS } from "../../providers/registry.ts";
import { isProviderSetting, PROVIDER_GROUPS, PROVIDER_SETTINGS } from "./provider_settings.ts";
import { AUTH, PROVIDER_DEFAULTS } from "./resolve_provider.ts";
import { providerSchemas, type ProviderType } from "./provider_schema.ts";
import type { Config } from "./schema.ts";

/** JSON Schema, 2020-12, as far as forms need it. */
export interface FormSchema {
  type?: string | string[];
  title?: string;
  description?: string;
  default?: unknown;
  /** It is sent and never shown. */
  writeOnly?: boolean;
  /** A form folds it away. */
  "x-advanced"?: boolean;
  properties?: Record<string, FormSchema>;
  required?: string[];
  [keyword: string]: unknown;
}

export interface ProviderTypeEntry {
  type: ProviderType;
  title: string;
  description: string;
}

const TYPES = {
  openai: { title: "OpenAI-compatible", description: "OpenAI's API, and whoever else speaks it." },
  anthropic: { title: "Anthropic", description: "Anthropic's Messages API." },
  gemini: { title: "Google Gemini", description: "Gemini's own API." },
  ollama: { title: "Ollama", description: "Ollama's own API." },
  langfast: { title: "LangFast", description: "LangFast over Socket.IO, as a guest or with an own account." },
  polling: { title: "Task API", description: "An API that takes a task and is asked for it until it is done." },
  demo: { title: "Demo", description: "Answers offline, without a key." },
} as const satisfies Record<ProviderType, { title: string; description: string }>;

export function listProviderTypes(): ProviderTypeEntry[] {
  return Object.entries(TYPES).map(([type, said]) => ({ type: type as ProviderType, ...said }));
}

/** The vendors the gateway knows, for a form to begin with. */
export function listVendors() {
  return Object.entries(VENDORS).map(([name, { title, type, docs, ...rest }]) => ({
    name,
    title,
    type,
    ...("endpoint" in rest && { endpoint: rest.endpoint }),
    docs,
  }));
}

/** Set by the gateway, whoever adds the provider. */
const INTERNAL: ReadonlySet<string> = new Set(["origin", "vendor"]);

export function providerForm(type: ProviderType, { advanced }: Pick<Config, "advanced">): FormSchema {
  const made = z.toJSONSchema(providerSchemas[type](), { io: "input", unrepresentable: "any" }) as FormSchema;
  const defaults = {
    ...PROVIDER_DEFAULTS,
    "enabled": true,
    "auth": AUTH[type],
    "pace": advanced.pace,
    ...Object.fromEntries(Object.entries(advanced.timeouts).map(([name, value]) => [`timeouts.${name}`, value])),
  };
  const { properties, ...rest } = describe(made, "", defaults);
  const head = {
    name: { ...properties?.name, title: "Name", description: "Models go by it: NAME/model." },
    enabled: { type: "boolean", ...saidOf("enabled", defaults) },
  };
  return { ...rest, ...TYPES[type], properties: { ...head, ...properties, name: head.name } };
}

type Defaults = Readonly<Record<string, unknown>>;

function describe(schema: FormSchema, path: string, defaults: Defaults): FormSchema {
  if (schema.properties === undefined) return { ...schema, ...saidOf(path, defaults) };
  const pathOf = (key: string) => path === "" ? key : `${path}.${key}`;
  const fields = Object.entries(schema.properties)
    .filter(([key]) => !INTERNAL.has(pathOf(key)))
    .sort(([a], [b]) => rankOf(pathOf(a)) - rankOf(pathOf(b)))
    .map(([key, field]) => [key, describe(field, pathOf(key), defaults)] as const);
  const properties = Object.fromEntries(fields);
  const isNeeded = (key: string) => {
    const field = properties[key];
    if (field === undefined || field.default !== undefined) return false;
    return field.properties === undefined || (field.required?.length ?? 0) > 0;
  };
  return { ...schema, ...saidOf(path, defaults), properties, required: (schema.required ?? []).filter(isNeeded) };
}

/** The order of the table that explains them: what matters most stands first. */
function rankOf(path: string): number {
  return Object.keys(PROVIDER_SETTINGS).findIndex((known) => known === path || known.startsWith(`${path}.`));
}

function saidOf(path: string, defaults: Defaults): FormSchema {
  if (!isProviderSetting(path)) {
    const group = PROVIDER_GROUPS[path];
    return group === undefined ? {} : { title: group.title, ...(group.advanced && { "x-advanced": true }) };
  }
  const { title, sentence, secret, advanced } = PROVIDER_SETTINGS[path];
  return {
    title,
    description: sentence,
    ...(defaults[path] !== undefined && { default: defaults[path] }),
    ...(secret && { writeOnly: true }),
    ...(advanced && { "x-advanced": true }),
  };
}
