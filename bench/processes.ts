/** The processes of the load benchmark: started, waited for, and asked for the CPU time they used. */

export interface Process {
  url: string;
  /** CPU time of all its threads so far, in microseconds. */
  cpu(): Promise<number>;
  /** What it holds in memory, in KiB. */
  memory(): Promise<number>;
  stop(): Promise<void>;
}

export interface ProcessOptions {
  args: string[];
  port: number;
  env?: Record<string, string>;
}

/** Starts a Deno program as it is started in earnest, with its lock file, and waits until it answers. */
export function startProcess({ args, ...options }: ProcessOptions): Promise<Process> {
  return startCommand(Deno.execPath(), { args: ["run", "-A", "--frozen", ...args], ...options });
}

export async function startCommand(command: string, { args, port, env }: ProcessOptions): Promise<Process> {
  const child = new Deno.Command(command, {
    args,
    stdout: "null",
    stderr: "inherit",
    ...(env && { env }),
  }).spawn();
  const url = `http://127.0.0.1:${port}`;
  await answering(url);
  return {
    url,
    cpu: () => cpuOf(child.pid),
    memory: () => memoryOf(child.pid),
    async stop() {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}

async function answering(url: string): Promise<void> {
  for (let attempt = 0; attempt < 6000; attempt++) {
    const answered = await fetch(url).then((response) => response.body?.cancel().then(() => true), () => false);
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`Cannot start the benchmark as ${url} does not answer`);
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
