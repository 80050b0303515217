/** Follows the pages of the coding agents, each on a model of another dialect, and prints how they fared. */

import { VENDORS } from "../tests/matrix/all.ts";
import { startGateway } from "../tests/support/gateway.ts";
import { startScriptedAgent } from "../tests/support/scripted_agent.ts";
import { type Agent, AGENTS, readManual } from "./clients/agents.ts";
import { searchPath } from "./clients/install.ts";
import { runTask, type Task } from "./clients/run_task.ts";

const SILENCE = 12_000;

const BOTH: readonly Task[] = [
  { name: "plain" },
  { name: "parallel", files: 2 },
  { name: "thought", script: { thought: "The user wants a file." } },
  { name: "slow", script: { silence: SILENCE } },
  { name: "429", script: { faults: [{ type: "status", status: 429 }] }, asked: 3 },
];
const CUT: Task = { name: "cut", script: { faults: [undefined, { type: "cut" }] }, asked: 3 };
/** A whole answer does not break in its middle. */
const TASKS = { real: [...BOTH, CUT], fake: BOTH } as const;
type Mode = keyof typeof TASKS;

const wanted = Deno.args.length === 0 ? AGENTS : AGENTS.filter(({ name }) => Deno.args.includes(name));
const failures: string[] = [];

console.log(row(["agent", "upstream", "mode", ...TASKS.real.map(({ name }) => name)]));
console.log(row(["---", "---", "---", ...TASKS.real.map(() => "---:")]));
await Promise.all(wanted.map(play));
for (const failure of failures) console.log(`\n${failure}`);
Deno.exit(failures.length === 0 ? 0 : 1);

async function play(agent: Agent): Promise<void> {
  const manual = await readManual(agent);
  const path = await searchPath(manual.install);
  const vendor = VENDORS.find(({ dialect }) => dialect === agent.upstream);
  if (vendor === undefined) throw new Error(`There is no vendor ${agent.upstream}`);
  const upstream = startScriptedAgent(vendor);
  const gateway = startGateway({ toml: tables(agent, upstream) });
  for (const mode of ["real", "fake"] as const) {
    const cells: string[] = [];
    const model = `${mode}/${upstream.model}`;
    for (const task of TASKS[mode]) {
      const startedAt = performance.now();
      const faults = await runTask(task, { agent, manual, path, upstream, url: gateway.url, model });
      cells.push(faults.length === 0 ? `${((performance.now() - startedAt) / 1000).toFixed(1)} s` : "FAILED");
      failures.push(...faults.map((fault) => `${agent.name}, ${mode}, ${task.name}: ${fault}`));
    }
    console.log(row([agent.name, agent.upstream, mode, ...cells]));
  }
  await gateway.close();
  await upstream.close();
}

/** One upstream as two providers, which differ by how it is asked. */
function tables({ upstream: dialect }: Agent, { endpoint, model }: { endpoint: string; model: string }): string {
  const type = dialect.startsWith("openai") ? "openai" : dialect;
  return (["real", "fake"] satisfies Mode[]).map((mode) => `
[providers.${mode}]
type = "${type}"
endpoint = "${endpoint}${type === "openai" ? "/v1" : ""}"
api_key = "vendor-key-1"
models = ["${model}"]
stream = "${mode}"
`).join("");
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
