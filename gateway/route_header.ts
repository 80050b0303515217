/** `x-anystream-route`: told, which upstream answered; asked for with the admin key, which provider is to. */

import type { Context } from "hono";
import { GatewayError } from "../chat/error.ts";
import type { ResolvedModel } from "./catalog/mod.ts";
import { clientAddress } from "./client_address.ts";
import type { GatewayEnv } from "./context.ts";
import type { Gateway } from "./gateway.ts";
import type { Observation } from "./observation.ts";
import { tellClient } from "./told_headers.ts";

const HEADER = "x-anystream-route";

/** Where the admin key stands beside the client's own, which is sent as ever. Neither goes to any upstream. */
const ADMIN_HEADER = "x-anystream-admin-key";

/** Header values are Latin-1 at most, and a client may call a model anything. */
const PLAIN = /[^\x20-\x7e]/g;
const MOST_CHARACTERS = 200;

/**
 * Tells `provider/model; attempts=2; mode=real` to a client that sent `x-anystream-debug: 1`, or to all where the
 * configuration says so. Of a stream that is kept alive before it begins, only the attempts made until then are known.
 */
export function tellRoute(
  context: Context<GatewayEnv>,
  { provider, upstreamModel, attempts, mode }: Observation,
  { always }: { always: boolean },
): void {
  if (provider === undefined || !(always || context.req.header("x-anystream-debug") === "1")) return;
  const name = `${provider}/${upstreamModel ?? ""}`.replace(PLAIN, "?").slice(0, MOST_CHARACTERS);
  tellClient(context, HEADER, `${name}; attempts=${attempts.length}; mode=${mode ?? "auto"}`);
}

/**
 * The provider, or `provider/model`, that a request is to be answered by.
 *
 * @throws {GatewayError} `unauthorized` without the admin key
 */
export function forcedRoute(context: Context<GatewayEnv>, { admin }: Gateway): string | undefined {
  const route = context.req.header(HEADER)?.trim();
  if (route === undefined || route === "") return undefined;
  try {
    admin.check(context.req.header(ADMIN_HEADER), clientAddress(context));
  } catch (cause) {
    if (cause instanceof GatewayError && cause.kind === "rate-limit") throw cause;
    throw new GatewayError("forbidden", `Cannot choose the route as ${ADMIN_HEADER} does not hold the admin key`, {
      cause,
    });
  }
  return route;
}

/**
 * The model with the upstreams of a forced route only: the provider's among its own candidates, or else the model of that
 * name at that provider.
 *
 * @throws {GatewayError} `unknown-model`
 */
export async function resolveRoute(
  { catalog }: Gateway,
  { model, route }: { model: string; route: string | undefined },
): Promise<ResolvedModel> {
  if (route === undefined) return await catalog.resolve(model);
  if (route.includes("/")) return await catalog.resolve(route);
  const resolved = await catalog.resolve(model);
  const [first, ...rest] = resolved.candidates.filter(({ provider }) => provider.name === route);
  if (first !== undefined) return { ...resolved, candidates: [first, ...rest] };
  return await catalog.resolve(`${route}/${resolved.candidates[0].model}`);
}
