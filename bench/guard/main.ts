/** Measures all stages, in a process of its own, and prints their costs as JSON. */

import { STAGES } from "../stages/mod.ts";
import { measureStages } from "./measure.ts";

console.log(JSON.stringify(await measureStages(STAGES)));
// The gateway among the stages waits for requests.
Deno.exit(0);
