/** OpenTelemetry: spans and metrics of each request. */

export { nameServerSpan } from "./name_server_span.ts";
export { createTelemetry } from "./telemetry.ts";
