/** `GET /health`: what a person or a load balancer asks first. */

import { type Config, type ConfigProblem, exposureOf } from "./config/mod.ts";
import type { Gateway } from "./gateway.ts";
import { unpricedModels } from "./limits/mod.ts";
import { unknownSearchModel } from "./search_model.ts";
import { within } from "../streaming/timer.ts";
import { VERSION } from "./version.ts";

const RUNTIME = { version: VERSION, deno: Deno.version.deno } as const;

/** Milliseconds the storage may take to show how it is. */
const PATIENCE = 500;

/** The state of a running gateway. No provider is asked: health must answer at once, and a provider's trouble is its own. */
export async function healthOf(gateway: Gateway): Promise<Record<string, unknown>> {
  const { config, catalog, limits, places, routing, store } = gateway;
  const { isOpen } = await within(askStorage(gateway), PATIENCE, () => new Error("late")).catch(() => UNKNOWN);
  const storage = store.state();
  const problem = storage.degraded ?? storage.missing;
  const exposed = exposureOf({ isOpen, providers: config.providers });
  const lists = new Map(catalog.state().map((state) => [state.provider, state]));
  return {
    status: "ok",
    ...RUNTIME,
    storage: storage.mode,
    ...(problem !== undefined && { storageProblem: problem }),
    requests: places.state(),
    providers: config.providers.map(({ name, type, stream }) => ({ name, type, stream, models: lists.get(name) })),
    routing: routing.state(),
    // A model that was used already may be one that the configuration names.
    warnings: [...new Set([...config.warnings, ...exposed, ...standingWarnings(config), ...limits.warnings()])],
  };
}

/** What is not meant, as the configuration and the providers in use tell it. */
export function standingWarnings(config: Config): string[] {
  return [...unpricedModels(config), ...unknownSearchModel(config)];
}

/** Where keys may be stored, and whether any are is not known, nobody is let in. */
const UNKNOWN = { isOpen: false };

/** What is opened when it is first used, or is away, shows only when it is used; the providers stored there are in use then. */
async function askStorage({ access, providers, store }: Gateway): Promise<{ isOpen: boolean }> {
  const [isOpen] = await Promise.all([access.isOpen(), providers.ready, store.get(["health"])]);
  return { isOpen };
}

/** The state of a gateway whose configuration cannot be used, with the text that the local start prints. */
export function unhealthy(problems: readonly ConfigProblem[]): Record<string, unknown> {
  return { status: "misconfigured", ...RUNTIME, problems };
}
