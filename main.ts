/** The local server: reads the configuration, says where it listens and what to try, serves until it is told to stop. */

import { createApp } from "./app.ts";
import { batchLines } from "./gateway/batch_lines.ts";
import { behindProxy, describeProblems, isHosted, loadConfig } from "./gateway/config/mod.ts";
import { curlExample } from "./gateway/landing.ts";
import { createPorts } from "./gateway/ports.ts";
import { stopOnSignals } from "./gateway/stop_gently.ts";
import { VERSION } from "./gateway/version.ts";
import { kvDatabase } from "./records/open_kv.ts";

/** Milliseconds. */
const WARN_AFTER = 50;

const outcome = loadConfig();
if ("problems" in outcome) {
  console.error(describeProblems(outcome.problems));
  Deno.exit(1);
}
const { config } = outcome;
const closing = new AbortController();
const database = kvDatabase({ ...config.storage, hosted: isHosted() });
const write = batchLines((text) => console.log(text));
const ports = createPorts({ config, closing: closing.signal, proxied: behindProxy(), database, write });
const app = createApp(outcome, ports);
const server = listen();
stopOnSignals({ server, closing, ports });
// Whoever waits for the start is answered first. It is no timer, for whose part of Node.js all would wait as well.
AbortSignal.timeout(WARN_AFTER).addEventListener("abort", () => void warn().catch(cannotWarn), { once: true });

function listen(): Deno.HttpServer<Deno.NetAddr> {
  const { host: hostname, port } = config;
  try {
    return Deno.serve({ hostname, port, onListen: greet }, app.fetch);
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    console.error(`Cannot listen on ${hostname}:${port} as another program does: set PORT to a port that is free`);
    Deno.exit(1);
  }
}

/** What is stored counts, too: the app is asked as anybody asks it. */
async function warn(): Promise<void> {
  const { warnings }: { warnings: string[] } = await (await app.request("/health")).json();
  for (const warning of warnings) ports.log.warn(warning);
}

function cannotWarn(error: unknown): void {
  ports.log.warn("Cannot look for what to warn of", { cause: String(error) });
}

function greet({ hostname, port }: Deno.NetAddr): void {
  const host = hostname === "0.0.0.0" || hostname === "::" ? "localhost" : hostname;
  console.log(`anystream ${VERSION} on http://${host}:${port} (Deno ${Deno.version.deno})
providers: ${config.providers.map(({ name }) => name).join(", ")}

Try it:
${curlExample(`http://${host}:${port}`, config.keys.length > 0 ? ' -H "authorization: Bearer $USER_SET_KEY"' : "")}
${config.adminKey === undefined ? "" : `\nThe dashboard: http://${host}:${port}/dashboard\n`}`);
}
