/** Metrics: what is counted, under which names, and the route that tells it. */

export { createMetrics, type Metrics } from "./metrics.ts";
export { createModelLabel, type ModelLabel } from "./model_labels.ts";
export { serveMetrics } from "./serve_metrics.ts";
