/** `deno task chaos`: lets it storm, says what happened, and what did not hold. */

import { parseArgs } from "node:util";
import { type Report, runStorm, type StormOptions } from "../tests/chaos/storm.ts";
import type { Standing } from "../tests/chaos/standing.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    clients: { type: "string", default: "200" },
    gateways: { type: "string", default: "1" },
    outages: { type: "string", default: "0" },
    loses: { type: "string", default: "none" },
    deadline: { type: "string", default: "8000" },
    seed: { type: "string", default: String(crypto.getRandomValues(new Uint32Array(1))[0]) },
  },
});
const seed = Number(values.seed);
const options = {
  seed,
  seconds: Number(values.seconds),
  clients: Number(values.clients),
  gateways: Number(values.gateways),
  deadline: Number(values.deadline),
  outages: Number(values.outages),
  loses: lossOf(values.loses),
};
console.log(
  `${options.clients} clients, ${options.gateways} gateways, ${options.seconds} s; again with --seed ${seed}`,
);
const report = await runStorm(options);
print(report);
Deno.exit(report.faults.length === 0 ? 0 : 1);

/** `--loses killed` or `--loses stopped`, where there is another gateway. */
function lossOf(word: string): StormOptions["loses"] {
  return Number(values.gateways) > 1 && (word === "killed" || word === "stopped") ? word : undefined;
}

function print({ requests, endings, mishaps, attempts, before, after, drained, faults, late, warnings }: Report): void {
  console.log(`\n${requests} requests ended for their clients:`);
  console.table(endings);
  console.log("What befell the attempts at upstreams, and what the gateways made of them:");
  console.table(mishaps);
  console.table(attempts);
  console.log(
    `What the gateways held before and after (clocks up to ${late} ms late; SIGINT under load: ${drained} ms):`,
  );
  // Of one that was lost there is no standing afterwards.
  console.table(before.flatMap((standing, at) => [standing, ...after.slice(at, at + 1)]).map(shown));
  for (const warning of warnings.slice(0, 10)) console.log(warning);
  for (const fault of faults.slice(0, 20)) console.log(`\n✗ ${fault}`);
  console.log(faults.length === 0 ? "\nNothing was lost." : `\n${faults.length} faults.`);
}

function shown({ heap, resident, ...rest }: Standing): Record<string, unknown> {
  const mebibytes = (bytes: number) => Number((bytes / 1024 ** 2).toFixed(1));
  return { "heap MiB": mebibytes(heap), "resident MiB": mebibytes(resident), ...rest };
}
