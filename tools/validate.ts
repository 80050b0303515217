/** `deno task validate`: reads the configuration as the gateway would, and says what it means or what is wrong with it. */

import { describeConfig, describeProblems, loadConfig } from "../gateway/config/mod.ts";
import { standingWarnings } from "../gateway/health.ts";

const outcome = loadConfig();
if ("config" in outcome) {
  console.log(describeConfig(outcome.config, standingWarnings(outcome.config)));
} else {
  console.error(describeProblems(outcome.problems));
  for (const warning of outcome.warnings) console.error(`  ${warning}`);
  Deno.exit(1);
}
