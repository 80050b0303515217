/** Who is at the other end of the connection, as far as the server says. */

import type { Context } from "hono";

/** The address of whoever connected, a proxy included; `undefined` where the app is not called by `Deno.serve`. */
export function clientAddress({ env }: Context): string | undefined {
  const info: Partial<Deno.ServeHandlerInfo> | undefined = env;
  const address = info?.remoteAddr;
  return address !== undefined && "hostname" in address ? address.hostname : undefined;
}
