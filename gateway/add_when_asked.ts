/** Routes that are there once one of them is asked for: no start waits for their modules. */

import type { Hono, MiddlewareHandler } from "hono";
import type { GatewayEnv } from "./context.ts";

/** `add` loads and adds them, below `paths`. The app's router must take routes at any time. */
export function addWhenAsked(app: Hono<GatewayEnv>, paths: readonly string[], add: () => Promise<void>): void {
  let added: Promise<void> | undefined;
  let areThere = false;

  const addFirst: MiddlewareHandler<GatewayEnv> = async function addFirst(context, next) {
    if (areThere) return await next();
    await (added ??= add().catch((error) => {
      // Whoever asks next tries again.
      added = undefined;
      throw error;
    }));
    areThere = true;
    // What answers this request was chosen when there were none of these.
    return await app.fetch(context.req.raw, context.env);
  };
  for (const path of paths) app.use(path, addFirst);
}
