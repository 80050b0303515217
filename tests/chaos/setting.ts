/** Where a storm takes place: gateways on one database, in front of upstreams of all dialects, some of which share a model. */

import { VENDORS } from "../matrix/all.ts";
import type { Vendor } from "../matrix/vendor.ts";
import { ADMIN_KEY } from "../support/admin.ts";
import { type GatewayProcess, startGatewayProcess } from "../support/process.ts";
import { dice } from "./dice.ts";
import { createFleet, type Fleet } from "./fleet.ts";
import { startUpstream, type Upstream } from "./upstream.ts";

export interface Setting {
  upstream: Upstream;
  gateways: GatewayProcess[];
  fleet: Fleet;
  /** The file of the database. */
  database: string;
  /** The public ids of the models. */
  models: string[];
  close(): Promise<void>;
}

/** So short, against the time that one request may take, that all of them run out now and then. */
function clocksOf(deadline: number): Record<string, string> {
  return {
    HEADERS_TIMEOUT: String(deadline / 4),
    FIRST_CONTENT_TIMEOUT: String(deadline / 4),
    IDLE_TIMEOUT: String(deadline / 4),
    TOTAL_TIMEOUT: String(deadline),
    KEEP_ALIVE_INTERVAL: "700",
    FAKE_STREAM_INTERVAL: "400",
  };
}

/** So many that no key and no breaker decides for all. */
const MODELS = 24;
/** Milliseconds of silence after which some models ask a second upstream. */
const HEDGE_AFTER = 250;

const SCRIPT = new URL("gateway_process.ts", import.meta.url).pathname;

export interface SettingOptions {
  seed: number;
  /** Processes of the gateway, on one database. */
  gateways: number;
  /** Milliseconds one request may take, all its attempts included. */
  deadline: number;
}

export async function startSetting({ seed, gateways: count, deadline }: SettingOptions): Promise<Setting> {
  const folder = await Deno.makeTempDir({ prefix: "storm" });
  const upstream = await startUpstream(seed);
  const models = drawModels(seed);
  const database = `${folder}/kv.sqlite`;
  const env = {
    ...clocksOf(deadline),
    CONFIG_TOML: VENDORS.map((vendor) => providerTable(vendor, upstream)).join("\n"),
    STORM_MODELS: JSON.stringify({ models }),
    KV_URL: database,
    ADMIN_KEY,
    METRICS: "open",
    LOG_FORMAT: "json",
    JSON_KEEP_ALIVE: "true",
  };
  const args = ["run", "-A", "--v8-flags=--expose-gc", SCRIPT];
  const gateways: GatewayProcess[] = [];
  // One after the other: they would wait for each other's database.
  for (let at = 0; at < count; at++) {
    gateways.push(await startGatewayProcess({ entry: "main.ts", env, args, cwd: "/" }));
  }
  return {
    upstream,
    gateways,
    fleet: createFleet(gateways),
    database,
    models: Object.keys(models),
    async close() {
      for (const gateway of gateways) await gateway.close();
      await upstream.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

function providerTable({ dialect }: Vendor, upstream: Upstream): string {
  const isOpenai = dialect.startsWith("openai");
  return `
[providers.${dialect}]
type = "${isOpenai ? "openai" : dialect}"
endpoint = "${upstream.endpoint(dialect)}${isOpenai ? "/v1" : ""}"
api_key = ["vendor-key-1", "vendor-key-2", "vendor-key-3"]
models = ["storm"]
${dialect === "openai_responses" ? 'api = "responses"' : ""}
`;
}

/** Each with up to three candidates of any dialect, in any mode. */
function drawModels(seed: number): Record<string, unknown> {
  return Object.fromEntries(Array.from({ length: MODELS }, (_, at) => {
    const lot = dice(seed, "model", at);
    const candidates = Array.from({ length: lot.between(1, 3) }, () => {
      const { dialect, family = "" } = lot.pick(VENDORS);
      return { provider: dialect, model: `${family}storm-${at}`, stream: lot.pick(["real", "real", "auto", "fake"]) };
    });
    return [`storm-${at}`, { candidates, ...(lot.happens(0.5) && { hedge_after: HEDGE_AFTER }) }];
  }));
}
