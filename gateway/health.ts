/** `GET /health`: what a person or a load balancer asks first. */

import type { ConfigProblem } from "./config/mod.ts";
import type { Gateway } from "./gateway.ts";
import { VERSION } from "./version.ts";

const RUNTIME = { version: VERSION, deno: Deno.version.deno } as const;

/** The state of a running gateway. No provider is asked: health must answer at once, and a provider's trouble is its own. */
export function healthOf({ config, catalog }: Gateway): Record<string, unknown> {
  const lists = new Map(catalog.state().map((state) => [state.provider, state]));
  return {
    status: "ok",
    ...RUNTIME,
    storage: "memory",
    providers: config.providers.map(({ name, type, stream }) => ({ name, type, stream, models: lists.get(name) })),
    warnings: config.warnings,
  };
}

/** The state of a gateway whose configuration cannot be used, with the text that the local start prints. */
export function unhealthy(problems: readonly ConfigProblem[]): Record<string, unknown> {
  return { status: "misconfigured", ...RUNTIME, problems };
}
