/** The gateway of the matrix with all its upstreams, for the length of a test. */

import { startGateway } from "../support/gateway.ts";
import type { Bench } from "./cell.ts";
import { startRecorder } from "./recorder.ts";
import { startVendors, type Vendor } from "./vendor.ts";

export async function withBench(
  vendors: readonly Vendor[],
  use: (bench: Bench) => Promise<void>,
  env: Record<string, string> = {},
): Promise<void> {
  const server = startVendors(vendors);
  const gateway = startGateway({
    env: { MAX_RETRIES: "1", IDLE_TIMEOUT: "400", FAKE_STREAM_INTERVAL: "40", ...env },
    toml: vendors.map(({ dialect }) => providerTable(dialect, server.endpoint(dialect))).join("\n"),
  });
  const recorder = startRecorder(gateway.url);
  try {
    await use({ gateway, recorder, vendors: server });
  } finally {
    await recorder.close();
    await gateway.close();
    await server.close();
  }
}

function providerTable(dialect: Vendor["dialect"], endpoint: string): string {
  const type = dialect.startsWith("openai") ? "openai" : dialect;
  return `
[providers.${dialect}]
type = "${type}"
endpoint = "${endpoint}${type === "openai" ? "/v1" : ""}"
api_key = "vendor-key-1"
models = ["text"]
${dialect === "openai_responses" ? 'api = "responses"' : ""}
`;
}
