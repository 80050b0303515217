/** Measures the stages of a checkout in a process of its own: this one, or that of the baseline. */

import type { Costs } from "./verdicts.ts";

/**
 * One thread, no chance: what V8 compiles when, and thereby what it allocates, is then nearly the same in every run. Code is
 * not thrown away again while other stages are measured.
 */
const FLAGS = ["--single-threaded", "--no-flush-bytecode", "--hash-seed=1", "--random-seed=1"];

/** Of all stages. */
export async function measureIn(root: string): Promise<Costs> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", `--v8-flags=${FLAGS}`, `${root}bench/guard/main.ts`],
    cwd: root,
    stdin: "null",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`Cannot measure the stages in ${root}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}
