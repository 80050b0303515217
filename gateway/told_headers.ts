/** What a client is told beside its answer: headers written once the response is there, whoever made it. */

import type { Context, MiddlewareHandler } from "hono";
import type { GatewayEnv } from "./context.ts";

/**
 * Writes what was told on the response itself. Hono's own way, headers set before the response is made, makes it copy
 * every response that it did not make itself, with its body and all its headers: a tenth of a plain request.
 */
export const writeTold: MiddlewareHandler<GatewayEnv> = async function writeTold(context, next) {
  const told = new Map<string, string>();
  context.set("told", told);
  await next();
  const { headers } = context.res;
  for (const [name, value] of told) headers.set(name, value);
};

/** Tells the client, of an answer and of a failure alike; what is told again under a name takes the place of the first. */
export function tellClient(context: Context<GatewayEnv>, name: string, value: string): void {
  context.get("told").set(name, value);
}
