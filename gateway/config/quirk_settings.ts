/** The settings of how an upstream differs from its dialect's letter: among those of a provider. */

import type { Quirks } from "../../dialects/dialect.ts";
import type { ProviderSetting } from "./provider_settings.ts";

export type QuirkSettingPath = `quirks.${keyof Quirks}`;

export const QUIRK_SETTINGS: Readonly<Record<QuirkSettingPath, ProviderSetting>> = {
  "quirks.noStreamOptions": quirk("noStreamOptions", {
    env: "NO_STREAM_OPTIONS",
    title: "No stream_options",
    sentence: "It refuses stream_options.",
  }),
  "quirks.flatContent": quirk("flatContent", {
    env: "FLAT_CONTENT",
    title: "Flat content",
    sentence: "It accepts only text as content, no arrays of parts.",
  }),
  "quirks.maxTokensField": {
    env: ["QUIRKS_MAX_TOKENS_FIELD"],
    toml: ["quirks.maxTokensField"],
    kind: "word",
    title: "Limit's name",
    advanced: true,
    sentence: "The name of its limit: max_tokens or max_completion_tokens.",
  },
  "quirks.tolerant": quirk("tolerant", {
    env: "TOLERANT",
    title: "Tolerant",
    sentence: "Lines of its streams that are no events are text.",
  }),
  "quirks.thinkTags": quirk("thinkTags", {
    env: "THINK_TAGS",
    title: "Think tags",
    sentence: "A leading <think>…</think> is reasoning; on unless false.",
  }),
  "quirks.replayReasoning": quirk("replayReasoning", {
    env: "REPLAY_REASONING",
    title: "Replay reasoning",
    sentence: "It wants its thoughts back, signed or not; false where it refuses them.",
  }),
  "quirks.refusedFields": {
    env: ["QUIRKS_REFUSED_FIELDS"],
    toml: ["quirks.refusedFields"],
    kind: "list",
    title: "Refused fields",
    advanced: true,
    sentence: "The fields of a request that it refuses: they are left out.",
  },
  "quirks.developerRole": quirk("developerRole", {
    env: "DEVELOPER_ROLE",
    title: "Developer role",
    sentence: "It knows developer messages.",
  }),
  "quirks.reasoningDetails": quirk("reasoningDetails", {
    env: "REASONING_DETAILS",
    title: "Reasoning details",
    sentence: "It wants signed thoughts back in reasoning_details, as OpenRouter does.",
  }),
  "quirks.customTools": quirk("customTools", {
    env: "CUSTOM_TOOLS",
    title: "Custom tools",
    sentence: "It knows tools that take free text, as Codex has them.",
  }),
  "quirks.cacheKey": quirk("cacheKey", {
    env: "CACHE_KEY",
    title: "Cache key",
    sentence: "It takes prompt_cache_key, so that each conversation gets one where its client has none.",
  }),
  "quirks.cacheMarks": quirk("cacheMarks", {
    env: "CACHE_MARKS",
    title: "Cache marks",
    sentence:
      "It caches of a prompt what is marked, so that marks are set for clients without; on for models named Claude.",
  }),
  "quirks.noSystemTurns": quirk("noSystemTurns", {
    env: "NO_SYSTEM_TURNS",
    title: "No system turns",
    sentence: "It refuses instructions amid a conversation in Anthropic's dialect, which Claude Code has.",
  }),
  "quirks.webSearch": {
    env: ["QUIRKS_WEB_SEARCH"],
    toml: ["quirks.webSearch"],
    kind: "word",
    title: "Web search",
    advanced: true,
    sentence: "In whose words it is asked to search the web: openrouter, glm or qwen.",
  },
};

type QuirkWords = Pick<ProviderSetting, "title" | "sentence"> & { env: string };

function quirk(name: keyof Quirks, { env, ...described }: QuirkWords): ProviderSetting {
  return { env: [`QUIRKS_${env}`], toml: [`quirks.${name}`], kind: "flag", advanced: true, ...described };
}
