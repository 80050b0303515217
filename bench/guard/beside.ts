/**
 * Measures the stages beside the code that the baseline was written for, here and now: another machine may be better at JSON and
 * worse at promises than the one that measured it, and what both are measured on at once says more than any number kept.
 */

import { measureIn } from "./measure_in.ts";
import { type Costs, least, regressions } from "./verdicts.ts";

/**
 * So many times the cost beside it is a regression. The same code measured twice differs by up to 7 % in one stage of 69 (by 5 %
 * after the second round of turns): with this limit what costs over 15 % more fails, and what costs the same does not.
 */
export const LIMIT_BESIDE = 1.1;

/** Each of the two is measured so often, in turn, and in so many rounds while something seems to have regressed. */
const TURNS = 3;
const ROUNDS = 4;

export interface Measured {
  then: Costs;
  now: Costs;
}

/** The commit that wrote the baseline; `undefined` where its files are not at hand. */
export async function commitOfBaseline(root: string): Promise<string | undefined> {
  const git = (...args: string[]) => run("git", ["-C", root, ...args]).catch(() => undefined);
  // In a shallow clone all files seem to come from the one commit that is there.
  if (await git("rev-parse", "--is-shallow-repository") !== "false") return undefined;
  if (await git("status", "--porcelain", "bench/baseline.json") !== "") return undefined;
  return await git("log", "-1", "--format=%H", "--", "bench/baseline.json") || undefined;
}

/** The stages of that commit, and of the files in `root`. */
export async function measureBeside(root: string, commit: string): Promise<Measured> {
  const folder = await Deno.makeTempDir({ prefix: "anystream-baseline-" });
  try {
    await run("git", ["-C", root, "archive", "--output", `${folder}/all.tar`, commit]);
    await run("tar", ["-xf", `${folder}/all.tar`, "-C", folder]);
    // The first run of files that Deno has not seen before costs otherwise than all that follow, and is not counted.
    for (const files of [`${folder}/`, root]) await measureIn(files);
    const measured: Measured = { then: {}, now: {} };
    for (let round = 0; round < ROUNDS; round++) {
      for (let turn = 0; turn < TURNS; turn++) {
        measured.then = least(measured.then, await measureIn(`${folder}/`));
        measured.now = least(measured.now, await measureIn(root));
      }
      if (regressions(measured.then, measured.now, LIMIT_BESIDE).length === 0) break;
    }
    return measured;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function run(command: string, args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, stdin: "null" }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  if (!success) throw new Error(`Cannot run ${command} ${args.join(" ")}: ${text(stderr)}`);
  return text(stdout);
}
