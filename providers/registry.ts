/** The vendors the gateway knows by name: base URL, key variable, credential header and quirks. Data only. */

import type { Quirks } from "../dialects/dialect.ts";
import type { Vendor } from "./vendor.ts";

const openai = { type: "openai", auth: "bearer", quirks: {} } as const;
const anthropic = { type: "anthropic", auth: "x-api-key", quirks: {} } as const;

/** OpenAI's own, which the strict ones among the compatible answer 400 or 422 to. Codex sends a key for the cache always. */
const OPENAI_ONLY = ["store", "prompt_cache_key", "prompt_cache_retention", "safety_identifier", "verbosity"] as const;

/**
 * Reasoning models refuse `max_tokens` and `system`; the older ones take the new words as well. There is no field for thoughts
 * in a history. Tools with free text are known here alone.
 */
const OPENAI_QUIRKS = {
  maxTokensField: "max_completion_tokens",
  developerRole: true,
  replayReasoning: false,
  customTools: true,
  cacheKey: true,
} as const satisfies Quirks;

// Base URLs and quirks were read from the pages and issues linked beside them, in November 2026.
export const VENDORS = {
  openai: {
    ...openai,
    title: "OpenAI",
    endpoint: "https://api.openai.com/v1",
    env: ["OPENAI_API_KEY"],
    api: "both",
    quirks: OPENAI_QUIRKS,
    docs: "https://developers.openai.com/api/docs",
  },
  anthropic: {
    ...anthropic,
    title: "Anthropic",
    endpoint: "https://api.anthropic.com/v1",
    env: ["ANTHROPIC_API_KEY"],
    docs: "https://platform.claude.com/docs",
  },
  gemini: {
    title: "Google Gemini",
    type: "gemini",
    endpoint: "https://generativelanguage.googleapis.com/v1beta",
    env: ["GEMINI_API_KEY"],
    auth: "x-goog-api-key",
    quirks: {},
    docs: "https://ai.google.dev/gemini-api/docs",
  },
  "gemini-openai": {
    ...openai,
    title: "Google Gemini, OpenAI endpoint",
    endpoint: "https://generativelanguage.googleapis.com/v1beta/openai",
    // Not GEMINI_API_KEY: that one switches on the native API, and a model must not be listed twice.
    env: ["GEMINI_OPENAI_API_KEY"],
    // 400 "Unknown name "prompt_cache_key": Cannot find field", and so for every field that it does not know:
    // https://github.com/liliMozi/openhanako/issues/2494 (2026-08-21), https://github.com/ed-donner/agents/issues/45
    // (2025-05-23)
    quirks: { replayReasoning: false, refusedFields: [...OPENAI_ONLY, "metadata"] },
    docs: "https://ai.google.dev/gemini-api/docs/openai",
  },
  deepseek: {
    ...openai,
    title: "DeepSeek",
    endpoint: "https://api.deepseek.com",
    env: ["DEEPSEEK_API_KEY"],
    // 400 "The reasoning_content in the thinking mode must be passed back to the API":
    // https://github.com/earendil-works/pi/issues/3636 (2026-04-24), https://api-docs.deepseek.com/guides/thinking_mode
    // `developer` is refused: https://github.com/earendil-works/pi/issues/1048 (2026-01-28). A limit under the new name is
    // passed over in silence: https://github.com/earendil-works/pi/issues/8018 (2026-08-12).
    quirks: { replayReasoning: true, maxTokensField: "max_tokens" },
    docs: "https://api-docs.deepseek.com",
  },
  "deepseek-anthropic": {
    ...anthropic,
    title: "DeepSeek, Anthropic endpoint",
    endpoint: "https://api.deepseek.com/anthropic/v1",
    env: ["DEEPSEEK_ANTHROPIC_API_KEY"],
    // Thoughts must come back, signed or not: https://github.com/NousResearch/hermes-agent/pull/17510 (2026-04-29)
    quirks: { replayReasoning: true },
    docs: "https://api-docs.deepseek.com/guides/anthropic_api",
  },
  siliconflow: {
    ...openai,
    title: "SiliconFlow",
    endpoint: "https://api.siliconflow.cn/v1",
    otherEndpoints: ["https://api.siliconflow.com/v1"],
    env: ["SILICONFLOW_API_KEY"],
    docs: "https://docs.siliconflow.cn",
  },
  volcengine: {
    ...openai,
    title: "Volcengine Ark",
    endpoint: "https://ark.cn-beijing.volces.com/api/v3",
    env: ["ARK_API_KEY"],
    docs: "https://www.volcengine.com/docs/82379/1298459",
  },
  openrouter: {
    ...openai,
    title: "OpenRouter",
    endpoint: "https://openrouter.ai/api/v1",
    env: ["OPENROUTER_API_KEY"],
    // https://openrouter.ai/docs/guides/features/server-tools/llms-full.txt
    quirks: { webSearch: "openrouter", reasoningDetails: true },
    docs: "https://openrouter.ai/docs",
  },
  groq: {
    ...openai,
    title: "Groq",
    endpoint: "https://api.groq.com/openai/v1",
    env: ["GROQ_API_KEY"],
    // 400 "property 'reasoning_content' is unsupported" from the second turn on, and for `reasoning`, too:
    // https://github.com/zeroclaw-labs/zeroclaw/pull/7616 (2026-06-14), https://github.com/janhq/jan/issues/8136 (2026-05-13)
    // So for other fields: https://github.com/zed-industries/zed/issues/36215 (2025-08-14),
    // https://github.com/livekit/agents/issues/1274 (2024-12-22)
    quirks: { replayReasoning: false, refusedFields: [...OPENAI_ONLY, "metadata"] },
    docs: "https://console.groq.com/docs/openai",
  },
  mistral: {
    ...openai,
    title: "Mistral",
    endpoint: "https://api.mistral.ai/v1",
    env: ["MISTRAL_API_KEY"],
    // 422 "extra_forbidden" for `max_completion_tokens`: https://github.com/editor-code-assistant/eca/issues/315 (2026-02-18),
    // and for `reasoning_content`: https://github.com/BerriAI/litellm/issues/30835 (2026-06-19)
    // and for `store`: https://github.com/Gitlawb/openclaude/issues/739 (2026-04-17). `stream_options` were refused as well, and
    // counts come without: https://github.com/TabbyML/tabby/pull/4082 (2025-03-28)
    quirks: {
      maxTokensField: "max_tokens",
      noStreamOptions: true,
      replayReasoning: false,
      refusedFields: OPENAI_ONLY,
    },
    docs: "https://docs.mistral.ai",
  },
  cerebras: {
    ...openai,
    title: "Cerebras",
    endpoint: "https://api.cerebras.ai/v1",
    env: ["CEREBRAS_API_KEY"],
    // 400 "property 'messages.2.assistant.reasoning_content' is unsupported":
    // https://github.com/QwenLM/qwen-code/issues/11045 (2026-09-04); so for other fields:
    // https://github.com/zed-industries/zed/issues/36215 (2025-08-14), https://github.com/livekit/agents/issues/1274 (2024-12-22)
    quirks: { replayReasoning: false, refusedFields: [...OPENAI_ONLY, "metadata"] },
    docs: "https://inference-docs.cerebras.ai",
  },
  xai: {
    ...openai,
    title: "xAI",
    endpoint: "https://api.x.ai/v1",
    env: ["XAI_API_KEY"],
    // It searches by Responses alone, since `search_parameters` are 410: https://github.com/vercel/ai/pull/15713 (2026-05-29)
    api: "search",
    docs: "https://docs.x.ai",
  },
  moonshot: {
    ...openai,
    title: "Moonshot AI (Kimi)",
    endpoint: "https://api.moonshot.ai/v1",
    otherEndpoints: ["https://api.moonshot.cn/v1"],
    env: ["MOONSHOT_API_KEY"],
    // Thinking models want their thoughts back: https://github.com/openyak/openyak/pull/128 (2026-05-27)
    quirks: { replayReasoning: true },
    docs: "https://platform.kimi.ai/docs",
  },
  "moonshot-anthropic": {
    ...anthropic,
    title: "Moonshot AI (Kimi), Anthropic endpoint",
    endpoint: "https://api.moonshot.ai/anthropic/v1",
    otherEndpoints: ["https://api.moonshot.cn/anthropic/v1", "https://api.kimi.com/coding"],
    env: ["MOONSHOT_ANTHROPIC_API_KEY"],
    // As its other one: https://github.com/borawong/AiMaMi/issues/10 (2026-05-17)
    quirks: { replayReasoning: true },
    docs: "https://platform.kimi.ai/docs/guide/agent-support",
  },
  minimax: {
    ...anthropic,
    title: "MiniMax",
    // Its OpenAI endpoint tells thoughts within the text.
    endpoint: "https://api.minimax.io/anthropic/v1",
    otherEndpoints: ["https://api.minimaxi.com/anthropic/v1"],
    env: ["MINIMAX_API_KEY"],
    docs: "https://platform.minimax.io/docs/api-reference/text-anthropic-api",
  },
  dashscope: {
    ...openai,
    title: "Alibaba DashScope (Qwen)",
    endpoint: "https://dashscope.aliyuncs.com/compatible-mode/v1",
    otherEndpoints: ["https://dashscope-intl.aliyuncs.com/compatible-mode/v1"],
    env: ["DASHSCOPE_API_KEY"],
    // Qwen3 wants its thoughts back on turns with tools: https://github.com/openyak/openyak/pull/128 (2026-05-27)
    quirks: { replayReasoning: true, webSearch: "qwen" },
    docs: "https://help.aliyun.com/zh/model-studio",
  },
  zhipu: {
    ...openai,
    title: "Zhipu (GLM)",
    endpoint: "https://open.bigmodel.cn/api/paas/v4",
    otherEndpoints: ["https://api.z.ai/api/paas/v4"],
    env: ["ZHIPU_API_KEY", "ZAI_API_KEY"],
    // Arrays of parts are refused: https://github.com/AstrBotDevs/AstrBot/pull/9293 (2026-07-15). Only `max_tokens`, and no
    // `stream_options`: https://java.agentscope.io/v2/zh/integration/model/glm (2026)
    quirks: { flatContent: true, maxTokensField: "max_tokens", noStreamOptions: true, webSearch: "glm" },
    docs: "https://docs.bigmodel.cn",
  },
  "zhipu-anthropic": {
    ...anthropic,
    title: "Zhipu (GLM), Anthropic endpoint",
    endpoint: "https://open.bigmodel.cn/api/anthropic/v1",
    otherEndpoints: ["https://api.z.ai/api/anthropic/v1"],
    env: ["ZHIPU_ANTHROPIC_API_KEY", "ZAI_ANTHROPIC_API_KEY"],
    docs: "https://docs.z.ai/devpack/tool/claude",
  },
  together: {
    ...openai,
    title: "Together AI",
    endpoint: "https://api.together.ai/v1",
    otherEndpoints: ["https://api.together.xyz/v1"],
    env: ["TOGETHER_API_KEY"],
    docs: "https://docs.together.ai/docs/inference/openai-compatibility",
  },
  fireworks: {
    ...openai,
    title: "Fireworks AI",
    endpoint: "https://api.fireworks.ai/inference/v1",
    env: ["FIREWORKS_API_KEY"],
    docs: "https://docs.fireworks.ai",
  },
  azure: {
    ...openai,
    title: "Azure OpenAI",
    // The v1 API; the model is the deployment's name: https://github.com/openai/openai-node/blob/HEAD/docs/azure.md
    path: "/openai/v1",
    env: ["AZURE_OPENAI_API_KEY"],
    auth: "api-key",
    api: "both",
    // v1 wants no version; the dated APIs do: https://learn.microsoft.com/azure/foundry/openai/api-version-lifecycle
    queryEnv: { "api-version": "AZURE_OPENAI_API_VERSION" },
    quirks: OPENAI_QUIRKS,
    docs: "https://learn.microsoft.com/azure/foundry/openai",
  },
  ollama: {
    title: "Ollama",
    type: "ollama",
    endpoint: "http://localhost:11434",
    env: [],
    // Without a key no header is sent; a server behind a proxy may want one.
    auth: "bearer",
    quirks: {},
    local: true,
    docs: "https://docs.ollama.com/api",
  },
  "ollama-cloud": {
    title: "Ollama Cloud",
    type: "ollama",
    endpoint: "https://ollama.com",
    env: ["OLLAMA_API_KEY"],
    auth: "bearer",
    quirks: {},
    docs: "https://docs.ollama.com/api/authentication",
  },
  "ollama-openai": {
    ...openai,
    title: "Ollama, OpenAI endpoint",
    endpoint: "http://localhost:11434/v1",
    env: [],
    local: true,
    docs: "https://docs.ollama.com/openai",
  },
  lmstudio: {
    ...openai,
    title: "LM Studio",
    endpoint: "http://localhost:1234/v1",
    env: [],
    local: true,
    docs: "https://lmstudio.ai/docs/api/endpoints/openai",
  },
  vllm: {
    ...openai,
    title: "vLLM",
    endpoint: "http://localhost:8000/v1",
    env: [],
    local: true,
    docs: "https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html",
  },
} as const satisfies Record<string, Vendor>;

export type VendorName = keyof typeof VENDORS;
