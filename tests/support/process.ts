/** The gateway as a process of its own, started as a person or the platform starts it. */

export interface GatewayProcess {
  url: string;
  pid: number;
  /** What it wrote so far. */
  output(): string;
  /** Resident memory in bytes. */
  memory(): Promise<number>;
  kill(signal: Deno.Signal): void;
  /** How it ended. */
  status: Promise<Deno.CommandStatus>;
  close(): Promise<void>;
}

export interface GatewayProcessOptions {
  entry: "main.ts" | "deploy.ts";
  /** The whole environment, but for what Deno itself needs. What is kept is kept in memory unless it names a database. */
  env?: Record<string, string>;
  cwd?: string;
  /** Deno's arguments, where it is not just to run the entry. */
  args?: string[];
}

const ROOT = new URL("../../", import.meta.url).pathname;

/** What a process needs to find Deno's cache, and nothing that would configure the gateway. */
const KEPT = ["PATH", "HOME", "DENO_DIR", "NPM_CONFIG_REGISTRY"];

/** Starts it and waits until it listens. */
export async function startGatewayProcess(
  { entry, env = {}, cwd, args = ["run", "-A", ROOT + entry] }: GatewayProcessOptions,
): Promise<GatewayProcess> {
  const kept = KEPT.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  const child = new Deno.Command(Deno.execPath(), {
    args,
    clearEnv: true,
    // The platform tells the address by this variable; locally it is HOST and PORT. The port is any that is free, as one
    // that was looked for beforehand may be another test's by now, whose gateway would answer in place of this one.
    env: {
      ...Object.fromEntries(kept),
      DENO_SERVE_ADDRESS: "tcp:127.0.0.1:0",
      NO_COLOR: "1",
      KV_URL: "memory",
      ...env,
    },
    ...(cwd !== undefined && { cwd }),
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let output = "";
  const collect = async (stream: ReadableStream<Uint8Array>) => {
    const utf8 = new TextDecoder();
    for await (const chunk of stream) output += utf8.decode(chunk, { stream: true });
  };
  const collected = Promise.all([collect(child.stdout), collect(child.stderr)]);
  const started = {
    pid: child.pid,
    output: () => output,
    memory: async () => Number((await Deno.readTextFile(`/proc/${child.pid}/statm`)).split(" ")[1]) * 4096,
    kill: (signal: Deno.Signal) => child.kill(signal),
    status: child.status,
    async close() {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended already.
      }
      await child.status;
      await collected;
    },
  };
  return { ...started, url: await addressOf(started) };
}

/** Where it says that it listens. */
async function addressOf({ output, close }: Pick<GatewayProcess, "output" | "close">): Promise<string> {
  for (let attempt = 0; attempt < 3000; attempt++) {
    const [, port] = /http:\/\/(?:127\.0\.0\.1|localhost):(\d+)/.exec(output()) ?? [];
    if (port !== undefined) return `http://127.0.0.1:${port}`;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await close();
  throw new Error(`The gateway did not start: ${output()}`);
}
