/** Has an agent do one task without a person: write files, then say that it did. Told is what went wrong, if anything. */

import { dirname } from "node:path";
import type { AgentScript, ScriptedAgent } from "../../tests/support/scripted_agent.ts";
import type { Agent, Manual } from "./agents.ts";

export interface Task {
  name: string;
  /** How many files are written at once. */
  files?: number;
  script?: Pick<AgentScript, "thought" | "faults" | "silence">;
  /** How often the model is asked in all, an attempt that failed included. */
  asked?: number;
}

export interface Bench {
  agent: Agent;
  manual: Manual;
  /** The search path of its command. */
  path: string;
  upstream: ScriptedAgent;
  url: string;
}

const WORDS = "I wrote the file as asked.";
const CONTENT = "hello 你好";
const PATIENCE = 240_000;

/** What stands in the pages. */
const WRITTEN = { url: "http://localhost:8000", model: "deepseek/deepseek-flash" } as const;

/** The faults; none where the task was done. */
export async function runTask(task: Task, bench: Bench & { model: string }): Promise<string[]> {
  const { agent, upstream } = bench;
  const folder = await Deno.makeTempDir({ prefix: "anystream-task-" });
  const home = await Deno.makeTempDir({ prefix: "anystream-home-" });
  const paths = Array.from({ length: task.files ?? 1 }, (_, at) => `${folder}/note${at}.txt`);
  const calls = paths.map((path, at) => agent.write(`call_write_${at}`, { path, content: CONTENT }));
  upstream.play({ turns: [calls], words: WORDS, ...task.script });
  try {
    const { code, said } = await spawn({ ...bench, folder, home });
    const written = await Promise.all(paths.map((path) => Deno.readTextFile(path).catch(() => "")));
    const asked = upstream.received.filter(({ isTask }) => isTask).length;
    const faults: [boolean, string][] = [
      [code !== 0, `exit code ${code}: ${said.slice(-300)}`],
      [!said.includes(WORDS), "the words were not printed"],
      [written.some((text) => text !== CONTENT), "a file was not written"],
      [asked !== (task.asked ?? 2), `asked ${asked} times`],
      [upstream.refused.length > 0, `refused: ${upstream.refused[0]}`],
    ];
    return faults.filter(([isFault]) => isFault).map(([, fault]) => fault);
  } finally {
    await Promise.all([folder, home].map((path) => Deno.remove(path, { recursive: true }).catch(() => {})));
  }
}

/** The page's own commands, but for the address and the model. */
async function spawn({ manual, path, url, model, folder, home }: Bench & Record<"model" | "folder" | "home", string>) {
  const here = (text: string) => text.replaceAll(WRITTEN.url, url).replaceAll(WRITTEN.model, model);
  for (const file of manual.files) {
    await Deno.mkdir(dirname(`${home}/${file.path}`), { recursive: true });
    await Deno.writeTextFile(`${home}/${file.path}`, here(file.text));
  }
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-ec", here(manual.ask)],
    cwd: folder,
    clearEnv: true,
    env: { PATH: path, HOME: home, TERM: "dumb" },
    stdin: "null",
    signal: AbortSignal.timeout(PATIENCE),
  }).output();
  const text = new TextDecoder();
  return { code, said: text.decode(code === 0 ? stdout : stderr) };
}
