/** The coding agents: the page that says how each is installed, set up and asked, and what no page says. */

import type { Call } from "../../tests/matrix/scenario.ts";
import type { VendorDialect } from "../../tests/matrix/vendor.ts";
import { ROOT } from "../docs/place.ts";
import { type Fence, parseDocument } from "../docs/fences.ts";

export interface Agent {
  name: string;
  /** What its model speaks: never what the agent speaks itself. */
  upstream: VendorDialect;
  /** In `docs/clients/`. */
  page: string;
  /** The call by which it writes a file. */
  write(id: string, file: { path: string; content: string }): Call;
}

/** What its page has a reader do. */
export interface Manual {
  /** The `sh install` fence. */
  install: string;
  /** The `sh agent` fences: variables, then the command. */
  ask: string;
  /** Files to write, by their path below the home. */
  files: { path: string; text: string }[];
}

const writeBy = (name: string, members = { path: "file_path", content: "content" }): Agent["write"] => {
  return (id, { path, content }) => ({ id, name, arguments: { [members.path]: path, [members.content]: content } });
};

export const AGENTS: readonly Agent[] = [
  { name: "claude", upstream: "openai_chat", page: "claude-code.md", write: writeBy("Write") },
  {
    ...{ name: "codex", upstream: "ollama", page: "codex.md" },
    write: (id, { path, content }) => ({
      id,
      name: "exec_command",
      arguments: { cmd: `printf '${content}' > ${path}` },
    }),
  },
  { name: "gemini", upstream: "anthropic", page: "gemini-cli.md", write: writeBy("write_file") },
  { name: "qwen", upstream: "gemini", page: "qwen-code.md", write: writeBy("write_file") },
  {
    name: "opencode",
    upstream: "anthropic",
    page: "opencode.md",
    write: writeBy("write", { path: "filePath", content: "content" }),
  },
  {
    name: "copilot",
    upstream: "gemini",
    page: "copilot-cli.md",
    write: writeBy("create", { path: "path", content: "file_text" }),
  },
  { name: "pi", upstream: "ollama", page: "pi.md", write: writeBy("write", { path: "path", content: "content" }) },
];

export async function readManual({ page }: Agent): Promise<Manual> {
  const { fences } = parseDocument(await Deno.readTextFile(`${ROOT}docs/clients/${page}`));
  const textOf = (mark: string) =>
    fences.filter(({ language, info }) => language === "sh" && info === mark).map(({ text }) => text).join("");
  const [install, ask] = [textOf("install"), textOf("agent")];
  if (install === "" || ask === "") {
    throw new Error(`Cannot follow ${page} as it does not say how to install and to ask`);
  }
  return { install, ask, files: fences.flatMap(fileOf) };
}

function fileOf({ info, text }: Fence): Manual["files"] {
  const path = /^~\/(.+)$/.exec(info)?.[1];
  return path === undefined ? [] : [{ path, text }];
}
