/** Every setting of one provider: its part of a variable's name, its place in `[providers.NAME]`, and its sentence. */

import type { Quirks } from "../../dialects/dialect.ts";
import type { CancelSettings, PollSettings, SubmitSettings } from "../../providers/polling/schema.ts";
import type { Timeouts } from "../../providers/provider.ts";
import type { Kind } from "./coerce.ts";
import type { LangfastConfig } from "./schema.ts";

export interface ProviderSetting {
  /** Put behind `PROVIDER_<NAME>_`; the first is the one to document. */
  env: readonly string[];
  /** Paths below `[providers.NAME]`; the first that is there counts. Case, `_` and `-` make no difference. */
  toml: readonly string[];
  kind: Kind;
  secret?: true;
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
  | `quirks.${keyof Quirks}`
  | `langfast.${keyof LangfastConfig}`
  | `submit.${keyof SubmitSettings}`
  | `poll.${Exclude<keyof PollSettings, "usage"> | `usage.${keyof NonNullable<PollSettings["usage"]>}`}`
  | `cancel.${keyof CancelSettings}`;

export const PROVIDER_SETTINGS: Readonly<Record<ProviderSettingPath, ProviderSetting>> = {
  "enabled": {
    env: ["ENABLED"],
    toml: ["enabled"],
    kind: "flag",
    sentence: "Whether it is used; true unless it says false.",
  },
  "type": {
    env: ["TYPE"],
    toml: ["type"],
    kind: "word",
    sentence: "What it speaks: openai, anthropic, gemini, ollama, langfast, polling or demo.",
  },
  "endpoint": {
    env: ["ENDPOINT", "BASE_URL"],
    toml: ["endpoint", "base_url"],
    kind: "text",
    sentence: "The base URL, with its version: https://api.example.com/v1.",
  },
  "apiKeys": {
    env: ["API_KEY", "API_KEYS"],
    toml: ["api_key", "api_keys"],
    kind: "list",
    secret: true,
    sentence: "Its key, or several in a list or separated by commas, used in turn.",
  },
  "stream": {
    env: ["STREAM"],
    toml: ["stream"],
    kind: "word",
    sentence: "real, fake, or auto: real, turned fake where real streams come back empty.",
  },
  "pace": {
    env: ["PACE"],
    toml: ["pace"],
    kind: "number",
    sentence: "Tokens per second of its fake streams, in place of [advanced].pace.",
  },
  "api": {
    env: ["API"],
    toml: ["api"],
    kind: "word",
    sentence: "Which of OpenAI's APIs it speaks: chat or responses.",
  },
  "auth": {
    env: ["AUTH"],
    toml: ["auth"],
    kind: "word",
    sentence: "The header that carries the key: bearer, api-key, x-api-key, x-goog-api-key or none.",
  },
  "headers": {
    env: ["HEADERS"],
    toml: ["headers"],
    kind: "map",
    secret: true,
    sentence: "Headers sent with every call; as a variable, a JSON object.",
  },
  "query": {
    env: ["QUERY"],
    toml: ["query"],
    kind: "map",
    secret: true,
    sentence:
      "Query parameters sent with every call; as a variable, a JSON object. Never a key: URLs end up in traces.",
  },
  "models": {
    env: ["MODELS"],
    toml: ["models"],
    kind: "list",
    sentence: "Its models, where its own list shall not be asked for.",
  },
  "filter.mode": {
    env: ["FILTER_MODE"],
    toml: ["filter.mode"],
    kind: "word",
    sentence: "whitelist: only these models; blacklist: all but these.",
  },
  "filter.models": {
    env: ["FILTER_MODELS"],
    toml: ["filter.models"],
    kind: "list",
    sentence: "The model ids of the filter; * stands for any text.",
  },
  "timeouts.connect": timeout("CONNECT_TIMEOUT", "connect"),
  "timeouts.headers": timeout("HEADERS_TIMEOUT", "headers"),
  "timeouts.firstContent": timeout("FIRST_CONTENT_TIMEOUT", "firstContent"),
  "timeouts.idle": timeout("IDLE_TIMEOUT", "idle"),
  "timeouts.total": timeout("TOTAL_TIMEOUT", "total"),
  "quirks.noStreamOptions": quirk("NO_STREAM_OPTIONS", "noStreamOptions", "It refuses stream_options."),
  "quirks.flatContent": quirk("FLAT_CONTENT", "flatContent", "It accepts only text as content, no arrays of parts."),
  "quirks.maxTokensField": {
    env: ["QUIRKS_MAX_TOKENS_FIELD"],
    toml: ["quirks.maxTokensField"],
    kind: "word",
    sentence: "The name of its limit: max_tokens or max_completion_tokens.",
  },
  "quirks.tolerant": quirk("TOLERANT", "tolerant", "Lines of its streams that are no events are text."),
  "quirks.thinkTags": quirk("THINK_TAGS", "thinkTags", "A leading <think>…</think> is reasoning; on unless false."),
  "quirks.replayReasoning": quirk("REPLAY_REASONING", "replayReasoning", "It wants its reasoning_content back."),
  "quirks.developerRole": quirk("DEVELOPER_ROLE", "developerRole", "It knows developer messages."),
  "langfast.supabaseUrl": langfast("SUPABASE_URL", "supabase_url", "The URL of its Supabase."),
  "langfast.anonKey": { ...langfast("ANON_KEY", "anon_key", "The anon key of its Supabase."), secret: true },
  "langfast.socketUrl": langfast("SOCKET_URL", "socket_url", "The URL of its Socket.IO server."),
  "langfast.accessToken": { ...langfast("ACCESS_TOKEN", "access_token", "An own account's token."), secret: true },
  "langfast.refreshToken": {
    ...langfast("REFRESH_TOKEN", "refresh_token", "An own account's refresh token."),
    secret: true,
  },
  "submit.path": polling(
    "submit.path",
    "text",
    "Where a task is submitted, below the endpoint; {{model}} may stand in it.",
  ),
  "submit.method": polling("submit.method", "word", "post or put."),
  "submit.body": {
    ...polling(
      "submit.body",
      "map",
      "What is submitted. A text that is {{messages}}, {{prompt}}, {{system}}, {{model}}, {{temperature}} or another " +
        "setting in OpenAI's words is replaced by the request's value, or left out where it has none. As a variable, JSON.",
    ),
    secret: true,
  },
  "submit.taskId": polling("submit.task_id", "text", "Where the task's id is in the answer: data.tasks.0.id."),
  "poll.path": polling("poll.path", "text", "Where the task is asked for; {{task_id}} stands in it."),
  "poll.interval": polling("poll.interval", "number", "Milliseconds between two polls, at least."),
  "poll.deadline": polling("poll.deadline", "number", "Milliseconds that a task may take; 0 for no limit."),
  "poll.text": polling("poll.text", "text", "Where the whole text so far is: a text, or a list of texts."),
  "poll.reasoning": polling("poll.reasoning", "text", "Where the thoughts so far are."),
  "poll.state": polling("poll.state", "text", "Where the task's state is."),
  "poll.done": polling("poll.done", "list", "The states of a task that is done, in any case."),
  "poll.failed": polling("poll.failed", "list", "The states of one that failed; in any other state a task goes on."),
  "poll.error": polling("poll.error", "text", "Where the reason of a failure is, for the log."),
  "poll.usage.input": polling("poll.usage_input", "text", "Where the count of input tokens is."),
  "poll.usage.output": polling("poll.usage_output", "text", "Where the count of output tokens is."),
  "cancel.path": polling("cancel.path", "text", "What is asked for when the client left; {{task_id}} stands in it."),
  "cancel.method": polling("cancel.method", "word", "post, put or delete."),
};

function timeout(env: string, name: keyof Timeouts): ProviderSetting {
  const sentence = `Milliseconds, in place of [advanced.timeouts].${name}.`;
  return { env: [env], toml: [`timeouts.${name}`], kind: "number", sentence };
}

function quirk(env: string, name: keyof Quirks, sentence: string): ProviderSetting {
  return { env: [`QUIRKS_${env}`], toml: [`quirks.${name}`], kind: "flag", sentence };
}

function langfast(env: string, toml: string, sentence: string): ProviderSetting {
  return { env: [env], toml: [toml], kind: "text", sentence };
}

function polling(place: string, kind: Kind, sentence: string): ProviderSetting {
  return { env: [place.replace(".", "_").toUpperCase()], toml: [place], kind, sentence };
}
