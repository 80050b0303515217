/** Whose what is kept for a client is: the key's lasting id, as the name of a deleted key may be given to another. */

import type { Context } from "hono";
import type { GatewayEnv } from "./context.ts";

/** An empty text where the gateway is open: then all clients are one. */
export function ownerOf(context: Context<GatewayEnv>): string {
  return context.get("client")?.id ?? "";
}
