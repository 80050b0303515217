/** Every setting of one provider: its part of a variable's name, its place in `[providers.NAME]`, and its sentence. */

import type { Timeouts } from "../../providers/provider.ts";
import type { Kind } from "./coerce.ts";
import { POLLING_SETTINGS, type PollingSettingPath } from "./polling_settings.ts";
import { QUIRK_SETTINGS, type QuirkSettingPath } from "./quirk_settings.ts";
import type { LangfastConfig } from "./provider_schema.ts";

export interface ProviderSetting {
  /** Put behind `PROVIDER_<NAME>_`; the first is the one to document. */
  env: readonly string[];
  /** Paths below `[providers.NAME]`; the first that is there counts. Case, `_` and `-` make no difference. */
  toml: readonly string[];
  kind: Kind;
  secret?: true;
  /** What a form calls it. */
  title: string;
  /** A form folds it away. */
  advanced?: true;
  sentence: string;
}

export type ProviderSettingPath =
  | "enabled"
  | "type"
  | "endpoint"
  | "apiKeys"
  | "stream"
  | "pace"
  | "api"
  | "auth"
  | "headers"
  | "query"
  | "models"
  | "filter.mode"
  | "filter.models"
  | `timeouts.${keyof Timeouts}`
  | QuirkSettingPath
  | `langfast.${keyof LangfastConfig}`
  | PollingSettingPath;

export const PROVIDER_SETTINGS: Readonly<Record<ProviderSettingPath, ProviderSetting>> = {
  "enabled": {
    env: ["ENABLED"],
    toml: ["enabled"],
    kind: "flag",
    title: "Enabled",
    sentence: "Whether it is used; true unless it says false.",
  },
  "type": {
    env: ["TYPE"],
    toml: ["type"],
    kind: "word",
    title: "Type",
    sentence: "What it speaks: openai, anthropic, gemini, ollama, langfast, polling or demo.",
  },
  "endpoint": {
    env: ["ENDPOINT", "BASE_URL"],
    toml: ["endpoint", "base_url"],
    kind: "text",
    title: "Base URL",
    sentence: "The base URL, with its version: https://api.example.com/v1.",
  },
  "apiKeys": {
    env: ["API_KEY", "API_KEYS"],
    toml: ["api_key", "api_keys"],
    kind: "list",
    secret: true,
    title: "API keys",
    sentence: "Its key, or several in a list or separated by commas, used in turn.",
  },
  "stream": {
    env: ["STREAM"],
    toml: ["stream"],
    kind: "word",
    title: "Streaming",
    sentence: "real, fake, or auto: real, turned fake where real streams come back empty.",
  },
  "pace": {
    env: ["PACE"],
    toml: ["pace"],
    kind: "number",
    title: "Pace",
    advanced: true,
    sentence: "Tokens per second of its fake streams, in place of [advanced].pace.",
  },
  "api": {
    env: ["API"],
    toml: ["api"],
    kind: "word",
    title: "API",
    advanced: true,
    sentence:
      "Which of OpenAI's APIs it is asked by: chat; responses; auto: chat, or responses for what it says it takes there alone; search: so, and responses for searches of the web; both: so, and responses for clients of that API.",
  },
  "auth": {
    env: ["AUTH"],
    toml: ["auth"],
    kind: "word",
    title: "Key header",
    advanced: true,
    sentence: "The header that carries the key: bearer, api-key, x-api-key, x-goog-api-key or none.",
  },
  "headers": {
    env: ["HEADERS"],
    toml: ["headers"],
    kind: "map",
    secret: true,
    title: "Headers",
    advanced: true,
    sentence: "Headers sent with every call; as a variable, a JSON object.",
  },
  "query": {
    env: ["QUERY"],
    toml: ["query"],
    kind: "map",
    secret: true,
    title: "Query parameters",
    advanced: true,
    sentence:
      "Query parameters sent with every call; as a variable, a JSON object. Never a key: URLs end up in traces.",
  },
  "models": {
    env: ["MODELS"],
    toml: ["models"],
    kind: "list",
    title: "Models",
    sentence: "Its models, where its own list shall not be asked for.",
  },
  "filter.mode": {
    env: ["FILTER_MODE"],
    toml: ["filter.mode"],
    kind: "word",
    title: "Mode",
    advanced: true,
    sentence: "whitelist: only these models; blacklist: all but these.",
  },
  "filter.models": {
    env: ["FILTER_MODELS"],
    toml: ["filter.models"],
    kind: "list",
    title: "Models",
    advanced: true,
    sentence: "The model ids of the filter; * stands for any text.",
  },
  "timeouts.connect": timeout("connect", { env: "CONNECT_TIMEOUT", title: "Connect" }),
  "timeouts.headers": timeout("headers", { env: "HEADERS_TIMEOUT", title: "Headers" }),
  "timeouts.firstContent": timeout("firstContent", { env: "FIRST_CONTENT_TIMEOUT", title: "First content" }),
  "timeouts.idle": timeout("idle", { env: "IDLE_TIMEOUT", title: "Idle" }),
  "timeouts.total": timeout("total", { env: "TOTAL_TIMEOUT", title: "Total" }),
  ...QUIRK_SETTINGS,
  "langfast.supabaseUrl": {
    ...langfast("supabase_url", { env: "SUPABASE_URL", title: "Supabase URL", sentence: "The URL of its Supabase." }),
    kind: "address",
  },
  "langfast.anonKey": {
    ...langfast("anon_key", { env: "ANON_KEY", title: "Anon key", sentence: "The anon key of its Supabase." }),
    secret: true,
  },
  "langfast.socketUrl": {
    ...langfast("socket_url", {
      env: "SOCKET_URL",
      title: "Socket URL",
      sentence: "The URL of its Socket.IO server.",
    }),
    kind: "address",
  },
  "langfast.accessToken": {
    ...langfast("access_token", { env: "ACCESS_TOKEN", title: "Access token", sentence: "An own account's token." }),
    secret: true,
  },
  "langfast.refreshToken": {
    ...langfast("refresh_token", {
      env: "REFRESH_TOKEN",
      title: "Refresh token",
      sentence: "An own account's refresh token.",
    }),
    secret: true,
  },
  ...POLLING_SETTINGS,
};

type Described = Pick<ProviderSetting, "title" | "sentence">;

function timeout(name: keyof Timeouts, { env, title }: { env: string; title: string }): ProviderSetting {
  const sentence = `Milliseconds, in place of [advanced.timeouts].${name}.`;
  return { env: [env], toml: [`timeouts.${name}`], kind: "number", title, advanced: true, sentence };
}

function langfast(place: string, { env, ...described }: Described & { env: string }): ProviderSetting {
  return { env: [env], toml: [place], kind: "text", ...described };
}

/** The tables that settings stand in: what a form calls them, and whether it folds them away. */
export const PROVIDER_GROUPS: Readonly<Record<string, { title: string; advanced?: true }>> = {
  "filter": { title: "Filter", advanced: true },
  "timeouts": { title: "Timeouts", advanced: true },
  "quirks": { title: "Quirks", advanced: true },
  "langfast": { title: "LangFast" },
  "submit": { title: "Submitting a task" },
  "poll": { title: "Asking for the task" },
  "poll.usage": { title: "Token counts", advanced: true },
  "cancel": { title: "Cancelling a task", advanced: true },
};

export function isProviderSetting(path: string): path is ProviderSettingPath {
  return Object.hasOwn(PROVIDER_SETTINGS, path);
}
