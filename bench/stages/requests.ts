/** Whole requests through a gateway without a network: all stages together. */

import { createInside, INSIDE_WORKS, insideCaller } from "../inside_gateway.ts";
import type { Stage } from "./stage.ts";

// Records are written some time after their request: they are a stage of their own.
const app = createInside({ RECORDS: "off" });

export const requestStages: readonly Stage[] = [
  { name: "a request: plain", times: 4, run: insideCaller(app, INSIDE_WORKS.plain) },
  { name: "a request: 64-frame stream", times: 1, run: insideCaller(app, INSIDE_WORKS.stream) },
  { name: "a request: fake stream", times: 4, run: insideCaller(app, INSIDE_WORKS.fake) },
];
