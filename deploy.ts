/** The Deno Deploy entry: the same app, with a bad configuration told by `/health` instead of ending the process. */

import { createApp } from "./app.ts";
import { behindProxy, isHosted, loadConfig } from "./gateway/config/mod.ts";
import { createPorts } from "./gateway/ports.ts";
import { stopOnSignals } from "./gateway/stop_gently.ts";
import { kvDatabase } from "./records/open_kv.ts";

const outcome = loadConfig();
const closing = new AbortController();
const ports = createPorts({
  closing: closing.signal,
  proxied: behindProxy(),
  ..."config" in outcome && {
    config: outcome.config,
    database: kvDatabase({ ...outcome.config.storage, hosted: isHosted() }),
  },
});
// The platform chooses the address (DEPLOY.md §4).
const server = Deno.serve(createApp(outcome, ports).fetch);
stopOnSignals({ server, closing, ports });
ports.log.info("started", { deno: Deno.version.deno });
