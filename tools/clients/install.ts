/** Installs the coding agents from npm, each in its pinned version, into a folder that is kept between runs. */

import { tmpdir } from "node:os";

export const CACHE = `${tmpdir()}/anystream-clients`;

/** Two of the agents want a newer Node than many machines have. */
const NODE = { name: "node", package: "node", version: "22.23.3" };

export interface Package {
  /** Of its command. */
  name: string;
  package: string;
  version: string;
}

/** The command's path. */
export async function install(wanted: Package): Promise<string> {
  const folder = `${CACHE}/${wanted.name}-${wanted.version}`;
  const command = `${folder}/node_modules/.bin/${wanted.name}`;
  if (await exists(command)) return command;
  await Deno.mkdir(folder, { recursive: true });
  const args = ["install", "--prefix", folder, "--no-audit", "--no-fund", `${wanted.package}@${wanted.version}`];
  const { success, stderr } = await new Deno.Command("npm", { args, stdout: "null" }).output();
  if (!success) throw new Error(`Cannot install ${wanted.package}: ${new TextDecoder().decode(stderr)}`);
  return command;
}

/** A search path that begins with the pinned Node. */
export async function searchPath(): Promise<string> {
  const node = await install(NODE);
  return `${node.slice(0, node.lastIndexOf("/"))}:${Deno.env.get("PATH")}`;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
