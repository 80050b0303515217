/** The contract of an upstream: a thin client that opens one answer, and can list its models. */

import type { Beat, DialectName } from "../chat/event.ts";
import type { JsonObject } from "../chat/json.ts";
import type { ModelFacts } from "../chat/model.ts";
import type { RateLimits } from "../chat/rate_limits.ts";
import type { ChatRequest, Loss } from "../chat/request.ts";
import type { Pull } from "../streaming/pull.ts";

/** Milliseconds each; 0 switches one off. `total` is kept by the gateway, the others by the provider. */
export interface Timeouts {
  connect: number;
  headers: number;
  firstContent: number;
  idle: number;
  total: number;
}

/** One attempt at one upstream. */
export interface Call {
  /** Aborted when the client left, the deadline passed, or another attempt won. The provider owns no other end. */
  signal: AbortSignal;
  /** The request's id, for logs. */
  requestId: string;
  /** Ask the upstream for a stream, or for one JSON answer. A provider that can only stream ignores it: it is collected. */
  stream: boolean;
  facts: ModelFacts;
  timeouts: Timeouts;
  /** The place of the key to ask with in the provider's pool, from 0; the next in turn where none is given. */
  key?: number | undefined;
  /** Fields that an upstream of OpenAI's chat dialect is sent beside the request's own, or in their place. */
  fields?: JsonObject | undefined;
  /** What the finish of an answer told that its rest is asked for with: the request is the same otherwise. */
  resume?: string | undefined;
}

/** An answer being given. Whoever holds it drains `beats` or cancels them. */
export interface Upstream {
  /** The dialect its `raw` is in; `undefined` where the upstream has none of ours. */
  dialect: DialectName | undefined;
  /** `json`: the whole answer in one beat, `raw` being the JSON body; `stream`: frames as they came. */
  form: "json" | "stream";
  /** Beats in the batches they arrived in; fails with a `GatewayError`. */
  beats: Pull<Beat[]>;
  lost: Loss[];
  /** What it says of its own limits, where it does. */
  limits?: RateLimits;
}

/**
 * Opens an answer. `request.model` is the id at the upstream.
 *
 * @throws {GatewayError} where the upstream refused, failed, or could not be reached
 */
export type Open = (request: ChatRequest, call: Call) => Promise<Upstream>;

export interface UpstreamModel {
  id: string;
  /** Seconds since the epoch. */
  created?: number;
  ownedBy?: string;
  facts?: ModelFacts;
}

export interface Provider {
  name: string;
  /** The dialect that its upstream would be asked this request in, where it is one of ours. `request.model` is the upstream's. */
  dialectFor(request: ChatRequest): DialectName | undefined;
  /** A fingerprint of each key of its pool, in the pool's order; absent where there is none to choose. */
  keys?: readonly string[];
  open: Open;
  /**
   * How many input tokens the request has, counted by the upstream; absent where it cannot count.
   *
   * @throws {GatewayError}
   */
  countTokens?(request: ChatRequest, call: Call): Promise<number>;
  /**
   * Embeds texts, in the words of OpenAI's `/v1/embeddings`; absent where the upstream cannot. `body.model` is the id at
   * the upstream.
   *
   * @throws {GatewayError}
   */
  embed?(body: JsonObject, call: Call): Promise<JsonObject>;
  /** @throws {GatewayError} */
  listModels(signal: AbortSignal): Promise<UpstreamModel[]>;
}

/** What providers take from outside, so that tests can hand in their own. */
export interface ProviderPorts {
  fetch: typeof fetch;
  WebSocket: typeof WebSocket;
  /**
   * The same as `fetch` for a plain `http:` URL, but to this address of its host. Absent behind an outbound proxy, which
   * looks names up by itself.
   */
  fetchAt?: (address: string, url: string, init: RequestInit) => Promise<Response>;
  /**
   * Connects to the URL's host and hangs up; rejects where that fails. Absent where it would tell nothing: behind an
   * outbound proxy.
   */
  connect?: (url: URL, signal: AbortSignal) => Promise<void>;
  /** All addresses of a host name; rejects or is empty where there are none. */
  resolveHost(hostname: string): Promise<string[]>;
  /** Absent where an instance is alone. */
  notes?: Notes;
  /** Milliseconds since the epoch. */
  now(): number;
  /** A number in [0, 1). */
  random(): number;
  randomId(): string;
}

/**
 * Where the gateway's instances leave each other word of an upstream's model, as plain data. What cannot be read or kept,
 * or not in time, is as if it had never been there.
 */
export interface Notes {
  read(upstream: string, model: string): Promise<unknown>;
  /** `change` makes the note of the one that is there, and is called again where another instance left one meanwhile. */
  leave(upstream: string, model: string, { change, expireIn }: {
    change(before: unknown): unknown;
    /** Milliseconds. */
    expireIn: number;
  }): void;
}
