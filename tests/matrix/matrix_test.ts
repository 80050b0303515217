import { CLIENTS, VENDORS } from "./all.ts";
import { withBench } from "./bench.ts";
import { isPlayed, MODES, runCell } from "./cell.ts";
import { titleOf } from "./client.ts";
import { SCENARIOS } from "./scenario.ts";

for (const client of CLIENTS) {
  for (const vendor of VENDORS) {
    Deno.test(`matrix: ${titleOf(client)} client, ${vendor.dialect} upstream`, async (test) => {
      for (const mode of MODES) {
        // A bench for each, as a gateway remembers for a while which upstreams have failed.
        await withBench(VENDORS, async (bench) => {
          for (const scenario of SCENARIOS.filter((scenario) => isPlayed(scenario, mode))) {
            await test.step(`${mode}: ${scenario.name}`, () => runCell({ client, vendor, mode, scenario }, bench));
          }
        });
      }
    });
  }
}
