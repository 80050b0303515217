/** Installs the coding agents from npm, each in its pinned version, into a folder that is kept between runs. */

import { tmpdir } from "node:os";

export const CACHE = `${tmpdir()}/anystream-clients`;

/** Two of the agents want a newer Node than many machines have. */
const NODE = "npm install -g node@22.23.3";

/** Runs `npm install -g …` with a folder of its own as the global one, and tells where the command is found. */
export async function install(script: string): Promise<string> {
  const prefix = `${CACHE}/${script.trim().split(/\s+/).at(-1)?.replaceAll("/", "-")}`;
  const done = `${prefix}/installed`;
  if (await exists(done)) return `${prefix}/bin`;
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
