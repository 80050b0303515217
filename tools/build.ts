/** `deno task build`: bundles the gateway into a folder, `dist/bin` unless another is named, and spares its start what it does not need. */

import { resolve } from "node:path";

const ENTRIES = ["main.ts", "deploy.ts"];
const ROOT = new URL("../", import.meta.url).pathname;

/**
 * What Deno's bundler (2.9.6) puts before all code, for packages that ask for parts of Node.js as CommonJS does: a start waits
 * 8 ms of 80 for node:module, while only the metrics' library asks, and only when somebody reads them.
 */
const PREAMBLE =
  /import\s*\{\s*createRequire as (\w+)\s*\}\s*from\s*"node:module";\s*var (\w+)\s*=\s*\1\(import\.meta\.url\);/g;

const folder = resolve(Deno.args[0] ?? "dist/bin");
const options = ["--quiet", "--code-splitting", "--minify", "--outdir", folder];
const { success } = await new Deno.Command(Deno.execPath(), { args: ["bundle", ...options, ...ENTRIES], cwd: ROOT })
  .spawn().status;
if (!success) Deno.exit(1);
for await (const { name } of Deno.readDir(folder)) if (name.endsWith(".js")) await askLater(`${folder}/${name}`);

async function askLater(file: string): Promise<void> {
  const text = await Deno.readTextFile(file);
  const spared = text.replace(PREAMBLE, "var $2=(name)=>process.getBuiltinModule(name);");
  if (spared !== text) await Deno.writeTextFile(file, spared);
}
