/** Installs the coding agents from npm, each in its pinned version, into a folder that is kept between runs. */

import { tmpdir } from "node:os";

export const CACHE = `${tmpdir()}/anystream-clients`;

/** Two of the agents want a newer Node than many machines have. */
const NODE = "npm install -g node@22.23.3";

const installs = new Map<string, Promise<string>>();

/**
 * Runs `npm install -g …` with a folder of its own as the global one, and tells where the command is found. Agents that
 * start together and want the same package wait for one installation: two in one folder destroy each other.
 */
export function install(script: string): Promise<string> {
  const begun = installs.get(script);
  if (begun) return begun;
  const installation = runInstall(script);
  installs.set(script, installation);
  return installation;
}

async function runInstall(script: string): Promise<string> {
  const prefix = `${CACHE}/${script.trim().split(/\s+/).at(-1)?.replaceAll("/", "-")}`;
  const done = `${prefix}/installed`;
  if (await exists(done)) return `${prefix}/bin`;
  // What an interrupted run left is not built upon.
  if (await exists(prefix)) await Deno.remove(prefix, { recursive: true });
  await Deno.mkdir(prefix, { recursive: true });
  const env = { NPM_CONFIG_PREFIX: prefix, NPM_CONFIG_AUDIT: "false", NPM_CONFIG_FUND: "false" };
  const { success, stderr } = await new Deno.Command("sh", { args: ["-ec", script], env, stdout: "null" }).output();
  if (!success) throw new Error(`Cannot install by ${script}: ${new TextDecoder().decode(stderr)}`);
  await Deno.writeTextFile(done, "");
  return `${prefix}/bin`;
}

/** A search path that begins with the command's folder and the pinned Node. */
export async function searchPath(script: string): Promise<string> {
  const [command, node] = [await install(script), await install(NODE)];
  return `${command}:${node}:${Deno.env.get("PATH")}`;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
