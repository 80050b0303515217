/** Where documents are executed: a copy of the project as a new user has it, or an empty folder, and an empty home. */

import { dirname } from "node:path";

export const ROOT = new URL("../../", import.meta.url).pathname;

/** What commands need to be found, and packages to be had, and nothing that would configure the gateway. */
const KEPT = ["NPM_CONFIG_REGISTRY", "HTTPS_PROXY", "NODE_EXTRA_CA_CERTS", "DENO_TLS_CA_STORE"];

export interface Place {
  folder: string;
  env: Record<string, string>;
  remove(): Promise<void>;
}

export async function newPlace({ withProject }: { withProject: boolean }): Promise<Place> {
  const folder = await Deno.makeTempDir({ prefix: "anystream-docs-" });
  const home = await Deno.makeTempDir({ prefix: "anystream-home-" });
  if (withProject) await copyProject(folder);
  const remove = (path: string) => Deno.remove(path, { recursive: true });
  return {
    folder,
    env: await environment(home),
    remove: async () => void await Promise.all([folder, home].map(remove)),
  };
}

/** A home of its own, but with the packages that are here already. */
async function environment(home: string): Promise<Record<string, string>> {
  const kept = KEPT.flatMap((name) => [name, name.toLowerCase()]).flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  const caches = { DENO_DIR: await denoFolder(), NPM_CONFIG_CACHE: `${Deno.env.get("HOME")}/.npm` };
  return {
    ...Object.fromEntries(kept),
    ...caches,
    PATH: `${home}/bin:${Deno.env.get("PATH")}`,
    HOME: home,
    NO_COLOR: "1",
    DENO_NO_UPDATE_CHECK: "1",
    // Deno would keep a database for each copy in the user's own cache.
    KV_URL: "memory",
  };
}

async function denoFolder(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"], cwd: "/" }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

/** What Git knows or would take, so that nobody's config.toml comes along. */
async function copyProject(folder: string): Promise<void> {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const { stdout, success } = await new Deno.Command("git", { args, cwd: ROOT }).output();
  if (!success) throw new Error("Cannot copy the project as Git does not know it");
  for (const path of new TextDecoder().decode(stdout).split("\0").filter((path) => path !== "")) {
    await Deno.mkdir(dirname(`${folder}/${path}`), { recursive: true });
    await Deno.copyFile(ROOT + path, `${folder}/${path}`).catch(unlessDeleted);
  }
}

function unlessDeleted(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
