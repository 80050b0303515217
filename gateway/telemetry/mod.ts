/** OpenTelemetry, where the runtime has it on: spans and metrics of each request. */

/**
 * Where the runtime registers its providers before any module runs, under the name that all versions of the API share:
 * https://github.com/open-telemetry/opentelemetry-js/blob/main/api/src/internal/global-utils.ts
 */
const REGISTERED = Symbol.for("opentelemetry.js.api.1");

/** `undefined` where it is off: then neither a request costs anything, nor a start, as the API is eighty modules. */
export const telemetry = REGISTERED in globalThis ? await import("./registered.ts") : undefined;
