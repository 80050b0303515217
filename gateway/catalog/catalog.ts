/** The catalogue's contract: what a public model id means, and which ids there are. */

import type { JsonObject } from "../../chat/json.ts";
import type { ModelFacts } from "../../chat/model.ts";
import type { Provider, UpstreamModel } from "../../providers/provider.ts";
import type { ProviderConfig, StreamMode } from "../config/provider_schema.ts";
import type { ModelsFile, Prices } from "./schema.ts";
import type { Sources } from "./source.ts";

/** One upstream that can answer for a public id. */
export interface ResolvedCandidate {
  provider: Provider;
  config: ProviderConfig;
  /** The id at the upstream. */
  model: string;
  facts: ModelFacts;
  /** Absent where they are not known: a cost is then not known either, never 0. */
  prices?: Prices;
  /** The candidate's own mode, or else its provider's. */
  stream: StreamMode;
  /** Its share of first attempts, where the alias is drawn by weight. */
  weight?: number;
  /** An answer of it that breaks off is gone on with. */
  continuation?: boolean;
  /** Request fields the catalogue sets for this candidate, in the words of OpenAI's chat body; often empty. */
  parameters: JsonObject;
}

export interface ResolvedModel {
  /** The id in full: `{provider}/{model}`, or the alias as it stands in the catalogue. */
  publicId: string;
  /** In the order they are to be tried. */
  candidates: [ResolvedCandidate, ...ResolvedCandidate[]];
  /** Milliseconds without content after which the next of them is asked beside the first. */
  hedgeAfter?: number;
  /** No list has it, or several have: a provider that is not known yet may be the one that is meant. */
  isGuess?: true;
}

/** One line of the model list. */
export interface ListedModel {
  id: string;
  /** The id in full, where it is listed by the model's alone. */
  publicId?: string;
  /** Whose it is: the upstream's word, or the provider's name. */
  ownedBy: string;
  /** Seconds since the epoch. */
  created?: number;
  displayName?: string;
  facts: ModelFacts;
  prices?: Prices;
}

/** What is known of one provider's model list; all times in milliseconds since the epoch. */
export interface ListState {
  provider: string;
  /** `static`: given by the configuration; `unasked`: nobody needed it yet; `fallback`: the catalogue's own entries. */
  source: "static" | "unasked" | "fetched" | "fallback";
  models: number;
  fetchedAt?: number;
  refreshing: boolean;
  /** The last failure, until a fetch succeeds. */
  failure?: { at: number; message: string };
}

export interface Catalog {
  /**
   * What a public id means; an empty id means the catalogue's default model, at the first provider that has it. Asks
   * upstreams for their lists only where the id names no provider and no alias.
   *
   * @throws {GatewayError} `unknown-model`, naming up to three near ids; `invalid-request` for an empty id without default
   */
  resolve(id: string): Promise<ResolvedModel>;
  /**
   * Every id a client is to choose from: aliases, then each provider's models under its name; the demo's only where there is
   * nothing else, LangFast's by their ids alone where it is all there is. Never fails.
   */
  list(): Promise<ListedModel[]>;
  /** The name of the LangFast that is all there is: its list is no secret. */
  lonelyLangfast(): string | undefined;
  /**
   * The models that may be used of one provider, its list fetched anew unless the configuration gives it; `undefined`
   * where there is no such provider.
   *
   * @throws {GatewayError} what the upstream says
   */
  refresh(provider: string): Promise<readonly UpstreamModel[] | undefined>;
  state(): ListState[];
}

export interface CatalogOptions {
  models: ModelsFile;
  sources: Sources;
}
