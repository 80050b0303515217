/** Installs the coding agents from npm, each in its pinned version, into a folder that is kept between runs. */

import { tmpdir } from "node:os";
import { installOnce } from "../install_once.ts";

export const CACHE = `${tmpdir()}/anystream-clients`;

/** Two of the agents want a newer Node than many machines have. */
const NODE = "npm install -g node@22.23.3";

/** Runs `npm install -g …` with a folder of its own as the global one, and tells where the command is found. */
export async function install(script: string): Promise<string> {
  const prefix = `${CACHE}/${script.trim().split(/\s+/).at(-1)?.replaceAll("/", "-")}`;
  const env = { NPM_CONFIG_PREFIX: prefix, NPM_CONFIG_AUDIT: "false", NPM_CONFIG_FUND: "false" };
  await installOnce({ folder: prefix, command: "sh", args: ["-ec", script], env });
  return `${prefix}/bin`;
}

/** A search path that begins with the command's folder and the pinned Node. */
export async function searchPath(script: string): Promise<string> {
  const [command, node] = [await install(script), await install(NODE)];
  return `${command}:${node}:${Deno.env.get("PATH")}`;
}
