/** Plays the matrix outside the tests: every client against every upstream, as a table of `passed/played` cells. */

import { CLIENTS, VENDORS } from "../tests/matrix/all.ts";
import { withBench } from "../tests/matrix/bench.ts";
import { type Bench, isPlayed, MODES, runCell } from "../tests/matrix/cell.ts";
import type { Client } from "../tests/matrix/client.ts";
import { SCENARIOS } from "../tests/matrix/scenario.ts";
import type { Vendor } from "../tests/matrix/vendor.ts";

const failures: string[] = [];

await withBench(VENDORS, async (bench) => {
  console.log(row(["client ＼ upstream", ...VENDORS.map(({ dialect }) => dialect)]));
  console.log(row(["---", ...VENDORS.map(() => "---:")]));
  for (const client of CLIENTS) {
    const counts: string[] = [];
    for (const vendor of VENDORS) counts.push(await play(client, vendor, bench));
    console.log(row([client.dialect, ...counts]));
  }
});
for (const failure of failures) console.log(`\n${failure}`);
Deno.exit(failures.length === 0 ? 0 : 1);

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

async function play(client: Client, vendor: Vendor, bench: Bench): Promise<string> {
  const cells = MODES.flatMap((mode) =>
    SCENARIOS.filter((scenario) => isPlayed(scenario, mode)).map((scenario) => ({ client, vendor, mode, scenario }))
  );
  let passed = 0;
  for (const cell of cells) {
    try {
      await runCell(cell, bench);
      passed++;
    } catch (error) {
      const { mode, scenario } = cell;
      failures.push(`${client.dialect} client, ${vendor.dialect} upstream, ${mode}, ${scenario.name}: ${error}`);
    }
  }
  return `${passed}/${cells.length}`;
}
