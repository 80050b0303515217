/** The coding agents: their versions, what they are set up with, and how each writes a file. */

import type { Call } from "../../tests/matrix/scenario.ts";
import type { VendorDialect } from "../../tests/matrix/vendor.ts";
import type { Package } from "./install.ts";

export interface Place {
  /** The gateway. */
  url: string;
  /** The public model id. */
  model: string;
  home: string;
  prompt: string;
}

export interface Agent extends Package {
  /** What its model speaks: never what the agent speaks itself. */
  upstream: VendorDialect;
  args(place: Place): string[];
  env(place: Place): Record<string, string>;
  /** A file it reads, below its home. */
  settings?: { path: string; text(place: Place): string };
  /** The call by which it writes a file. */
  write(id: string, file: { path: string; content: string }): Call;
}

const writeBy = (name: string): Agent["write"] => (id, { path, content }) => ({
  ...{ id, name, arguments: { file_path: path, content } },
});

export const AGENTS: readonly Agent[] = [
  {
    ...{ name: "claude", package: "@anthropic-ai/claude-code", version: "2.1.329", upstream: "openai_chat" },
    args: ({ prompt }) => ["-p", prompt, "--permission-mode", "acceptEdits"],
    env: ({ url, model, home }) => ({
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_AUTH_TOKEN: "client-key",
      ANTHROPIC_MODEL: model,
      ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      CLAUDE_CONFIG_DIR: `${home}/.claude`,
    }),
    write: writeBy("Write"),
  },
  {
    ...{ name: "codex", package: "@openai/codex", version: "0.169.0", upstream: "ollama" },
    args: ({ prompt }) => ["exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", prompt],
    env: ({ home }) => ({ CODEX_HOME: `${home}/.codex`, ANYSTREAM_KEY: "client-key" }),
    settings: {
      path: ".codex/config.toml",
      text: ({ url, model }) => `
model = "${model}"
model_provider = "anystream"
check_for_update_on_startup = false
web_search = "disabled"
analytics.enabled = false
[model_providers.anystream]
name = "anystream"
base_url = "${url}/v1"
env_key = "ANYSTREAM_KEY"
wire_api = "responses"
`,
    },
    write: (id, { path, content }) => ({
      id,
      name: "exec_command",
      arguments: { cmd: `printf '${content}' > ${path}` },
    }),
  },
  {
    ...{ name: "gemini", package: "@google/gemini-cli", version: "0.61.0", upstream: "anthropic" },
    args: ({ prompt, model }) => ["-p", prompt, "-m", model, "--yolo", "--skip-trust"],
    env: ({ url }) => ({ GEMINI_API_KEY: "client-key", GOOGLE_GEMINI_BASE_URL: url }),
    settings: {
      path: ".gemini/settings.json",
      text: () =>
        JSON.stringify({
          security: { auth: { selectedType: "gemini-api-key" } },
          general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
          privacy: { usageStatisticsEnabled: false },
        }),
    },
    write: writeBy("write_file"),
  },
  {
    ...{ name: "qwen", package: "@qwen-code/qwen-code", version: "0.24.4", upstream: "gemini" },
    args: ({ prompt }) => ["-p", prompt, "--yolo", "--auth-type", "openai"],
    env: ({ url, model }) => ({ OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: "client-key", OPENAI_MODEL: model }),
    settings: {
      path: ".qwen/settings.json",
      text: () => JSON.stringify({ privacy: { usageStatisticsEnabled: false }, general: { enableAutoUpdate: false } }),
    },
    write: writeBy("write_file"),
  },
];
