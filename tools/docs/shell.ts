/** A shell as a person has it open: each command finds the folder and the variables as the one before left them. */

export interface Shell {
  folder: string;
  /** Runs a script to its end; throws with what it wrote where it fails. */
  run(script: string): Promise<string>;
  /** Starts what does not end by itself, and waits until it answers at the address. */
  serve(script: string, url: string): Promise<void>;
  /** Ends what was started. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export interface ShellOptions {
  folder: string;
  env: Record<string, string>;
}

/** A package may have to come over the network first. */
const PATIENCE = 300_000;
const SHELL = ["-e", "-o", "pipefail"];

export async function openShell({ folder, env }: ShellOptions): Promise<Shell> {
  const state = await Deno.makeTempFile({ prefix: "anystream-shell-" });
  let server: { child: Deno.ChildProcess; output: Promise<string> } | undefined;
  // Whatever becomes of the commands, the next ones begin where they ended.
  const resumed = (script: string) =>
    `set +e; . ${state}; set -e; trap 'code=$?; { export -p; printf "cd %q\\n" "$PWD"; } > ${state}; exit $code' EXIT\n${script}`;
  const options = { cwd: folder, clearEnv: true, env, stdin: "null", stdout: "piped", stderr: "piped" } as const;

  async function stop(): Promise<void> {
    if (server === undefined) return;
    const { child, output } = server;
    server = undefined;
    await new Deno.Command("kill", { args: ["-KILL", "--", `-${child.pid}`], stderr: "null" }).output();
    await child.status;
    await output;
  }

  return {
    folder,
    async run(script) {
      const signal = AbortSignal.timeout(PATIENCE);
      const command = new Deno.Command("bash", { args: [...SHELL, "-c", resumed(script)], ...options, signal });
      const { code, stdout, stderr } = await command.output();
      const text = new TextDecoder();
      const said = text.decode(stdout);
      if (code !== 0) throw new Error(`It ended with ${code}:\n${script}\n${said}${text.decode(stderr)}`);
      return said;
    },
    async serve(script, url) {
      await stop();
      const args = [...SHELL, "-c", `set +e; . ${state}; set -e\n${script}`];
      // A process group of its own, so that its children end with it.
      const own = { ...options, env: { ...env, ...addressOf(url) }, detached: true };
      const child = new Deno.Command("bash", { args, ...own }).spawn();
      let isOver = false;
      const output = Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
        .then((texts) => texts.join(""));
      void child.status.then(() => isOver = true);
      server = { child, output };
      if (await answers(url, () => isOver)) return;
      await stop();
      throw new Error(`It does not answer at ${url}:\n${script}\n${await output}`);
    },
    stop,
    async close() {
      await stop();
      await Deno.remove(state);
    },
  };
}

/** Deno's own variable for the address of the first server of a process. */
function addressOf(url: string): Record<string, string> {
  return { DENO_SERVE_ADDRESS: `tcp:127.0.0.1:${new URL(url).port}` };
}

async function answers(url: string, isOver: () => boolean): Promise<boolean> {
  for (let attempt = 0; attempt < 1200 && !isOver(); attempt++) {
    const isThere = await fetch(url).then(async ({ body }) => {
      await body?.cancel();
      return true;
    }, () => false);
    if (isThere) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
