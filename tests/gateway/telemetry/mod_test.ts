import assert from "node:assert/strict";
import { telemetry } from "../../../gateway/telemetry/mod.ts";

Deno.test("where the runtime has OpenTelemetry off, nothing of it is loaded", () => {
  assert.equal(telemetry, undefined);
});
