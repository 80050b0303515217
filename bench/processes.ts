/** The processes of the load benchmark: started, waited for, and asked for the CPU time they used. */

export interface Process {
  url: string;
  /** CPU time of all its threads so far, in microseconds. */
  cpu(): Promise<number>;
  /** What it holds in memory, in KiB. */
  memory(): Promise<number>;
  /** Ends it at once. */
  kill(): void;
  stop(): Promise<void>;
}

export interface ProcessOptions {
  args: string[];
  port: number;
  env?: Record<string, string>;
  cwd?: string;
  /** What it says of its troubles; shown unless given. */
  stderr?: "null";
  /** Milliseconds for its start. */
  patience?: number;
}

/** Milliseconds. */
const PATIENCE = 30_000;

/** Starts a Deno program as it is started in earnest, with its lock file, and waits until it answers. */
export function startProcess({ args, ...options }: ProcessOptions): Promise<Process> {
  return startCommand(Deno.execPath(), { args: ["run", "-A", "--frozen", ...args], ...options });
}

/** Starts a program without a shell between, so that killing the process kills it. */
export async function startCommand(command: string, options: ProcessOptions): Promise<Process> {
  const { port, patience = PATIENCE, ...rest } = options;
  const child = new Deno.Command(command, { stdin: "null", stdout: "null", stderr: "inherit", ...rest }).spawn();
  const url = `http://127.0.0.1:${port}`;
  let isOver = false;
  const ended = child.status.finally(() => isOver = true);
  const kill = () => {
    if (!isOver) child.kill("SIGKILL");
  };
  const stop = async () => {
    kill();
    await ended;
  };
  try {
    await answering(url, { patience, isOver: () => isOver });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, cpu: () => cpuOf(child.pid), memory: () => memoryOf(child.pid), kill, stop };
}

async function answering(
  url: string,
  { patience, isOver }: { patience: number; isOver: () => boolean },
): Promise<void> {
  const until = performance.now() + patience;
  while (!isOver() && performance.now() < until) {
    const answered = await fetch(url, { signal: AbortSignal.timeout(patience) })
      .then((response) => response.body?.cancel().then(() => true), () => false);
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`Cannot start the benchmark as the process at ${url} ${isOver() ? "ended" : "does not answer"}`);
}

/** Nanosecond counters of every thread: `/proc/PID/stat` counts in steps of 10 ms, too coarse for a short run. */
async function cpuOf(pid: number): Promise<number> {
  let nanoseconds = 0;
  for await (const { name } of Deno.readDir(`/proc/${pid}/task`)) {
    const text = await Deno.readTextFile(`/proc/${pid}/task/${name}/schedstat`).catch(() => "0");
    nanoseconds += Number(text.split(" ")[0]);
  }
  return nanoseconds / 1000;
}

async function memoryOf(pid: number): Promise<number> {
  return Number(/VmRSS:\s+(\d+)/.exec(await Deno.readTextFile(`/proc/${pid}/status`))?.[1]);
}
