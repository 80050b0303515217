/** What is loaded where OpenTelemetry is on. */

export { nameServerSpan } from "./name_server_span.ts";
export { createTelemetry } from "./telemetry.ts";
