/** `deno task bench:start`: what a start is made of, from a hello world to the gateway, each step with more of it. */

import { median } from "./load.ts";
import { startProcess } from "./processes.ts";
import { gatewayEnv } from "./works.ts";

const ROUNDS = Number(Deno.env.get("BENCH_ROUNDS") ?? 9);
const PORT = 18105;
const root = new URL("../", import.meta.url);

/** A hello world that has something else beside it. */
function beside(imports: string, statement = ""): string {
  return `import { Hono } from "hono";
${imports}
${statement}
const app = new Hono();
app.get("/", (context) => context.text("hello world"));
Deno.serve({ port: ${PORT}, hostname: "127.0.0.1", onListen() {} }, app.fetch);
`;
}

const ours = (path: string) => JSON.stringify(new URL(path, root).href);

/** The gateway itself is no text: it is started as it is. */
const STEPS: Readonly<Record<string, string | undefined>> = {
  "hello world": beside(""),
  "beside it: zod": beside(`import * as z from "zod"; z.string();`),
  "beside it: our modules in the graph, none of them loaded": beside(
    "",
    `if (Deno.args.length > 0) await import(${ours("app.ts")});`,
  ),
  "beside it: the configuration, read": beside(
    `import { loadConfig } from ${ours("gateway/config/mod.ts")};`,
    "loadConfig();",
  ),
  "beside it: all our modules, loaded": beside(`import ${ours("app.ts")};`),
  "the gateway": undefined,
};

interface Start {
  milliseconds: number;
  cpu: number;
  memory: number;
}

async function start(args: string[]): Promise<Start> {
  const startedAt = performance.now();
  const process = await startProcess({ args, port: PORT, env: gatewayEnv(PORT, "http://127.0.0.1:1") });
  const milliseconds = performance.now() - startedAt;
  try {
    return { milliseconds, cpu: await process.cpu() / 1000, memory: await process.memory() / 1024 };
  } finally {
    await process.stop();
  }
}

const folder = await Deno.makeTempDir({ prefix: "anystream-start-" });
const commands = await Promise.all(
  Object.entries(STEPS).map(async ([name, text], at) => {
    if (text === undefined) return { name, args: [new URL("main.ts", root).pathname] };
    const file = `${folder}/${at}.ts`;
    await Deno.writeTextFile(file, text);
    return { name, args: ["--config", new URL("deno.jsonc", root).pathname, file] };
  }),
);
const starts = new Map<string, Start[]>(commands.map(({ name }) => [name, []]));
// The first round fills the caches of files and compiled code.
for (let round = 0; round <= ROUNDS; round++) {
  for (const { name, args } of commands) {
    const started = await start(args);
    if (round > 0) starts.get(name)?.push(started);
  }
}
await Deno.remove(folder, { recursive: true });
for (const [name, all] of starts) {
  const of = (what: keyof Start) => Math.round(median(all.map((each) => each[what])));
  const least = Math.round(Math.min(...all.map(({ cpu }) => cpu)));
  console.log(`${name.padEnd(60)} ${of("milliseconds")} ms, CPU ${of("cpu")} ms (least ${least}), ${of("memory")} MiB`);
}
