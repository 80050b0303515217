/** One provider's model list: fetched when first needed, kept for a while, served stale while it is fetched anew. */

import { toGatewayError } from "../../chat/error.ts";
import type { Provider, UpstreamModel } from "../../providers/provider.ts";
import type { ProviderConfig } from "../config/provider_schema.ts";
import type { ListState } from "./catalog.ts";
import { createFilter, type ModelFilter, namesOf } from "./filter.ts";

export interface ModelList {
  /** The models that may be used. Waits for the upstream only where nothing is known yet; never fails. */
  current(): Promise<readonly UpstreamModel[]>;
  /** The same, without asking anybody. */
  known(): readonly UpstreamModel[];
  /** The first of them that goes by this id, be it written with or without `models/`. */
  find(id: string): UpstreamModel | undefined;
  /** The same, asked for now. @throws {GatewayError} what the upstream says */
  refresh(): Promise<readonly UpstreamModel[]>;
  /** Whether the filter lets an id through; it need not be in the list. */
  allows(id: string): boolean;
  state(): ListState;
}

export interface ModelListOptions {
  provider: Provider;
  config: ProviderConfig;
  /** What the catalogue knows of this provider, for when its own list cannot be had or is empty. */
  fallback: readonly UpstreamModel[];
  /** Milliseconds. */
  ttl: number;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Milliseconds after a failure in which nobody asks again. */
const PAUSE = 30_000;

export function createModelList({ provider, config, fallback, ttl, now }: ModelListOptions): ModelList {
  const allows = createFilter(config.filter);
  const given = config.models.map((id): UpstreamModel => ({ id }));
  const fetching = createFetching(provider, now);

  const isDue = (): boolean => {
    const { fetched, failure } = fetching.state();
    if (given.length > 0 || fetching.pending() !== undefined) return false;
    if (failure !== undefined && now() - failure.at < PAUSE) return false;
    return fetched === undefined || now() - fetched.at >= ttl;
  };

  const source = (): ListState["source"] => {
    const { fetched, failure } = fetching.state();
    if (given.length > 0) return "static";
    if (fetched !== undefined && fetched.models.length > 0) return "fetched";
    return fetched === undefined && failure === undefined ? "unasked" : "fallback";
  };

  /** Filtered and indexed once for each list: every request looks its model up. */
  let index = indexOf(given, allows);
  const indexed = (): Index => {
    const lists = { static: given, fetched: fetching.state().fetched?.models ?? [], unasked: fallback, fallback };
    const list = lists[source()];
    if (index.list !== list) index = indexOf(list, allows);
    return index;
  };
  const known = () => indexed().models;

  return {
    allows,
    known,
    find: (id) => indexed().byId.get(id),
    async current() {
      // Whoever knows models already does not wait: a failure is told by the state.
      const asked = isDue() ? fetching.ask().catch(() => {}) : fetching.pending();
      if (source() === "unasked") await asked;
      return known();
    },
    async refresh() {
      if (given.length === 0) await fetching.ask();
      return known();
    },
    state() {
      const { fetched, failure } = fetching.state();
      return {
        provider: provider.name,
        source: source(),
        models: known().length,
        ...fetched && { fetchedAt: fetched.at },
        refreshing: fetching.pending() !== undefined,
        ...failure && { failure },
      };
    },
  };
}

interface Index {
  /** As it came. */
  list: readonly UpstreamModel[];
  /** Those that may be used. */
  models: readonly UpstreamModel[];
  byId: ReadonlyMap<string, UpstreamModel>;
}

function indexOf(list: readonly UpstreamModel[], allows: ModelFilter): Index {
  const models = list.filter(({ id }) => allows(id));
  const byId = new Map(models.map((model) => [model.id, model]));
  // Another name of one is not in the way of a model that is called so.
  for (const model of models) {
    for (const id of namesOf(model.id)) if (!byId.has(id)) byId.set(id, model);
  }
  return { list, models, byId };
}

interface Fetched {
  /** The last that came, whatever failed since. */
  fetched?: { at: number; models: UpstreamModel[] };
  /** The last one's, if it failed. */
  failure?: NonNullable<ListState["failure"]>;
}

/** One look at the provider's list at a time: whoever comes meanwhile shares it. */
function createFetching(provider: Provider, now: () => number) {
  let state: Fetched = {};
  let pending: Promise<void> | undefined;

  async function look(): Promise<void> {
    try {
      // The list is everybody's, so that no client's leaving ends it; the provider keeps the time.
      state = { fetched: { models: await provider.listModels(new AbortController().signal), at: now() } };
    } catch (thrown) {
      const error = toGatewayError(thrown);
      state = { ...state, failure: { at: now(), message: error.message } };
      throw error;
    }
  }

  return {
    state: () => state,
    /** Settles as `ask` does, but never rejects. */
    pending: () => pending?.catch(() => {}),
    /** @throws {GatewayError} what the look failed with */
    ask: () => pending ??= look().finally(() => pending = undefined),
  };
}
