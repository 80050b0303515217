/**
 * Holds what seems to be slower than the baseline says against the code that the baseline was written for, here and now: another
 * machine may be better at JSON and worse at promises than the one that measured it.
 */

import { measureIn } from "./measure_in.ts";
import { type Costs, least, regressions, type Verdict } from "./verdicts.ts";

/** Each of the two is measured so often, in turn. */
const TURNS = 3;

/** The commit that wrote the baseline; `undefined` where its files are not at hand. */
export async function commitOfBaseline(root: string): Promise<string | undefined> {
  const git = (...args: string[]) => run("git", ["-C", root, ...args]).catch(() => undefined);
  // In a shallow clone all files seem to come from the one commit that is there.
  if (await git("rev-parse", "--is-shallow-repository") !== "false") return undefined;
  if (await git("status", "--porcelain", "bench/baseline.json") !== "") return undefined;
  return await git("log", "-1", "--format=%H", "--", "bench/baseline.json") || undefined;
}

/** What of the stages is slower than it was at that commit. */
export async function confront(
  root: string,
  { commit, stages }: { commit: string; stages: readonly string[] },
): Promise<Verdict[]> {
  const folder = await Deno.makeTempDir({ prefix: "anystream-baseline-" });
  try {
    await run("git", ["-C", root, "archive", "--output", `${folder}/all.tar`, commit]);
    await run("tar", ["-xf", `${folder}/all.tar`, "-C", folder]);
    let [then, now]: [Costs, Costs] = [{}, {}];
    for (let turn = 0; turn < TURNS; turn++) {
      then = least(then, await measureIn(`${folder}/`));
      now = least(now, await measureIn(root));
    }
    return regressions(then, now).filter(({ stage, measure }) => measure === "ratio" && stages.includes(stage));
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
