/** The end of the process: no new requests, time for running answers, an in-band error for those that take longer. */

import { GatewayError } from "../chat/error.ts";
import { delay } from "../streaming/timer.ts";
import type { Ports } from "./gateway.ts";

/** Deno Deploy kills five seconds after SIGINT, Docker ten after SIGTERM. */
const GRACE = 3_000;
/** For the error frames to reach their clients. */
const LAST_WORDS = 500;
/** For what is kept to reach its storage. */
const LAST_WRITES = 1_000;

export interface Stoppable {
  server: Pick<Deno.HttpServer, "shutdown">;
  closing: AbortController;
  ports: Pick<Ports, "log" | "ending" | "store">;
}

/** Ends the process by itself on SIGINT or SIGTERM. */
export function stopOnSignals(stoppable: Stoppable): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, async () => {
      await stopGently(stoppable);
      Deno.exit(0);
    });
  }
}

export async function stopGently({ server, closing, ports: { log, ending, store } }: Stoppable): Promise<void> {
  log.info("stopping");
  const down = server.shutdown();
  await Promise.race([Promise.all([down, ending.idle()]), delay(GRACE)]);
  closing.abort(new GatewayError("shutting-down", "Cannot finish the answer as the gateway is stopping"));
  await Promise.race([down, delay(LAST_WORDS)]);
  await Promise.race([ending.done().then(() => store.close()), delay(LAST_WRITES)]);
}
