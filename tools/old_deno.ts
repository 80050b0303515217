/** Runs tests on the Deno that runs this, be it one that does not know all of deno.jsonc: Deno Deploy chooses its own. */

import { parse } from "jsonc-parser";

const ROOT = new URL("../", import.meta.url).pathname;

/** Deno before 2.8 refuses the key `test` as it stands here, and has its sanitizers on without it. */
const { test: _, ...known } = parse(await Deno.readTextFile(`${ROOT}deno.jsonc`));
const folder = await Deno.makeTempDir({ prefix: "anystream-old-deno-" });
await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify(known));
const args = [
  "test",
  "-A",
  "--no-check",
  "--config",
  `${folder}/deno.json`,
  "--lock",
  `${ROOT}deno.lock`,
  ...Deno.args,
];
const { code } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).spawn().status;
await Deno.remove(folder, { recursive: true });
Deno.exit(code);
