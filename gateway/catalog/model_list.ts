/** One provider's model list: fetched when first needed, kept for a while, served stale while it is fetched anew. */

import { type GatewayError, toGatewayError } from "../../chat/error.ts";
import type { Provider, UpstreamModel } from "../../providers/provider.ts";
import type { ProviderConfig } from "../config/schema.ts";
import type { ListState } from "./catalog.ts";
import { createFilter } from "./filter.ts";

export interface ModelList {
  /** The models that may be used. Waits for the upstream only where nothing is known yet; never fails. */
  current(): Promise<UpstreamModel[]>;
  /** The same, without asking anybody. */
  known(): UpstreamModel[];
  /** The same, asked for now. @throws {GatewayError} what the upstream says */
  refresh(): Promise<UpstreamModel[]>;
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
  let fetched: { at: number; models: UpstreamModel[] } | undefined;
  let failure: ListState["failure"];
  /** The fetch under way: whoever comes meanwhile shares it. */
  let pending: Promise<void> | undefined;

  /** Why the last fetch failed. */
  let error: GatewayError | undefined;

  const ask = async (): Promise<void> => {
    error = undefined;
    try {
      // The list is everybody's, so that no client's leaving ends it; the provider keeps the time.
      fetched = { models: await provider.listModels(new AbortController().signal), at: now() };
      failure = undefined;
    } catch (thrown) {
      error = toGatewayError(thrown);
      failure = { at: now(), message: error.message };
    } finally {
      pending = undefined;
    }
  };

  const isDue = (): boolean => {
    if (given.length > 0 || pending !== undefined) return false;
    if (failure !== undefined && now() - failure.at < PAUSE) return false;
    return fetched === undefined || now() - fetched.at >= ttl;
  };

  const source = (): ListState["source"] => {
    if (given.length > 0) return "static";
    if (fetched !== undefined && fetched.models.length > 0) return "fetched";
    return fetched === undefined && failure === undefined ? "unasked" : "fallback";
  };

  const known = (): UpstreamModel[] => {
    const lists = { static: given, fetched: fetched?.models ?? [], unasked: fallback, fallback };
    return lists[source()].filter(({ id }) => allows(id));
  };

  return {
    allows,
    known,
    async current() {
      if (isDue()) pending = ask();
      if (source() === "unasked") await pending;
      return known();
    },
    async refresh() {
      if (given.length > 0) return known();
      await (pending ??= ask());
      if (error !== undefined) throw error;
      return known();
    },
    state: () => ({
      provider: provider.name,
      source: source(),
      models: known().length,
      ...fetched && { fetchedAt: fetched.at },
      refreshing: pending !== undefined,
      ...failure && { failure },
    }),
  };
}
