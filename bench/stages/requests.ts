/** Whole requests through a gateway without a network: all stages together. */

import { createInside, INSIDE_WORKS, insideCaller } from "../inside_gateway.ts";
import type { Stage } from "./stage.ts";

// Records are written some time after their request: they are a stage of their own.
const app = createInside({ RECORDS: "off" });

// A request runs through so much code that the first ones after another stage find none of it in the processor's caches.
export const requestStages: readonly Stage[] = [
  { name: "a request: plain", times: 24, warmUp: 200, run: insideCaller(app, INSIDE_WORKS.plain) },
  { name: "a request: 64-frame stream", times: 4, warmUp: 250, run: insideCaller(app, INSIDE_WORKS.stream) },
  { name: "a request: fake stream", times: 16, warmUp: 250, run: insideCaller(app, INSIDE_WORKS.fake) },
];
