/** Installs something into a folder that is kept between runs: once, however many ask for it meanwhile. */

export interface Installation {
  folder: string;
  command: string;
  args: string[];
  env?: Record<string, string>;
  /** Ends an installation that takes too long. */
  signal?: AbortSignal;
}

const begun = new Map<string, Promise<void>>();

/** Whoever wants the same folder waits for one installation: two in one folder destroy each other. */
export function installOnce(installation: Installation): Promise<void> {
  const known = begun.get(installation.folder);
  if (known) return known;
  const installing = install(installation);
  begun.set(installation.folder, installing);
  return installing;
}

async function install({ folder, command, args, ...options }: Installation): Promise<void> {
  const done = `${folder}/installed`;
  if (await exists(done)) return;
  // What an interrupted run left is not built upon.
  if (await exists(folder)) await Deno.remove(folder, { recursive: true });
  await Deno.mkdir(folder, { recursive: true });
  const child = new Deno.Command(command, { args, cwd: folder, stdin: "null", stdout: "null", ...options });
  const { success, stderr } = await child.output();
  if (!success) {
    throw new Error(`Cannot install by ${command} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  }
  await Deno.writeTextFile(done, "");
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
