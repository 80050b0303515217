/** The real world behind the ports: network, clock, chance and log. */

import { resolveHost } from "../providers/address_guard.ts";
import { fetchAt } from "../providers/fetch_at.ts";
import { connectTo } from "../providers/reach.ts";
import type { Database } from "../records/open_kv.ts";
import { createStore } from "../records/resilient_store.ts";
import type { Config } from "./config/mod.ts";
import { createEnding } from "./ending.ts";
import type { Ports } from "./gateway.ts";
import { createLog, type LogOptions, type WriteLine } from "./log.ts";
import { createRedactor } from "./redact.ts";
import { secretsOf } from "./secrets_of.ts";

export interface PortsOptions {
  /** Absent where the configuration could not be read. */
  config?: Config;
  /** Aborted when the process is about to end. */
  closing: AbortSignal;
  /** Whether requests go out through a proxy, so that connecting to a provider by hand would tell nothing. */
  proxied?: boolean;
  /** Where things are kept; in memory unless given. */
  database?: Database;
  /** Takes the log's lines; the console, each at once, unless given. */
  write?: WriteLine;
}

export function createPorts({ config, closing, proxied, database, write }: PortsOptions): Ports {
  const now = () => Date.now();
  const redactor = createRedactor(config === undefined ? [] : secretsOf(config));
  const log = createLog({
    level: config?.logging.level ?? "info",
    format: formatOf(config?.logging.format ?? "auto"),
    redact: redactor.redact,
    write: write ?? ((compose) => console.log(compose())),
    now,
  });
  return {
    fetch: (input, init) => fetch(input, init),
    WebSocket,
    ...(!proxied && { connect: connectTo, fetchAt }),
    resolveHost,
    now,
    random: () => Math.random(),
    randomId: () => crypto.randomUUID().replaceAll("-", ""),
    closing,
    redactor,
    ending: createEnding(),
    log,
    store: createStore({ ...database, now, log }),
  };
}

function formatOf(format: Config["logging"]["format"]): LogOptions["format"] {
  if (format !== "auto") return format;
  return Deno.stdout.isTerminal() ? "pretty" : "json";
}
