/** Plays the matrix outside the tests: every client against every upstream, as a table of `passed/played` cells. */

import { CLIENTS, VENDORS } from "../tests/matrix/all.ts";
import { withBench } from "../tests/matrix/bench.ts";
import { type Bench, type Cell, isPlayed, MODES, runCell } from "../tests/matrix/cell.ts";
import { type Client, titleOf } from "../tests/matrix/client.ts";
import { SCENARIOS } from "../tests/matrix/scenario.ts";
import type { Vendor } from "../tests/matrix/vendor.ts";

const failures: string[] = [];

console.log(row(["client ＼ upstream", ...VENDORS.map(({ dialect }) => dialect)]));
console.log(row(["---", ...VENDORS.map(() => "---:")]));
for (const client of CLIENTS) {
  const counts: string[] = [];
  for (const vendor of VENDORS) counts.push(await play(client, vendor));
  console.log(row([titleOf(client), ...counts]));
}
for (const failure of failures) console.log(`\n${failure}`);
Deno.exit(failures.length === 0 ? 0 : 1);

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

async function play(client: Client, vendor: Vendor): Promise<string> {
  const count = { passed: 0, played: 0 };
  for (const mode of MODES) {
    // A bench for each, as a gateway remembers for a while which upstreams have failed.
    await withBench(VENDORS, async (bench) => {
      for (const scenario of SCENARIOS.filter((scenario) => isPlayed(scenario, mode))) {
        count.played++;
        if (await passes({ client, vendor, mode, scenario }, bench)) count.passed++;
      }
    });
  }
  return `${count.passed}/${count.played}`;
}

async function passes(cell: Cell, bench: Bench): Promise<boolean> {
  try {
    await runCell(cell, bench);
    return true;
  } catch (error) {
    const { client, vendor, mode, scenario } = cell;
    failures.push(`${titleOf(client)} client, ${vendor.dialect} upstream, ${mode}, ${scenario.name}: ${error}`);
    return false;
  }
}
