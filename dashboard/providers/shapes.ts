/** What the admin routes of providers answer, as the page reads it; the routes are held to these shapes where they are made. */

import type { JsonObject } from "../../chat/json.ts";

/** One provider. Times are milliseconds since 1970. */
export interface ProviderShape {
  name: string;
  type: string;
  origin: "file" | "environment" | "built-in" | "stored";
  /** Whether it can be changed here; if not, `reason` says where. */
  editable: boolean;
  reason?: string;
  state: "used" | "disabled" | "unreadable" | "mistaken" | "shadowed";
  /** Why it is not used. */
  problem?: string;
  /** To be sent as `If-Match` with a change. */
  version?: string;
  changedAt?: number;
  /** Where it is, with all defaults filled in. */
  endpoint?: string;
  vendor?: string;
  /** How many keys it has. */
  keys: number;
  /** As they are written, without secrets: what a form begins with. */
  settings: JsonObject;
  /** How many values each secret has, by its path. */
  secrets: Readonly<Record<string, number>>;
  /** Its model list; absent where it is not used. */
  models?: ModelListShape;
  /** The newest first. */
  failures: readonly FailureShape[];
  warnings: readonly string[];
}

export interface ModelListShape {
  source: "static" | "unasked" | "fetched" | "fallback";
  models: number;
  fetchedAt?: number;
  refreshing: boolean;
  failure?: { at: number; message: string };
}

export interface FailureShape {
  at: number;
  kind: string;
  /** The upstream's id of the model. */
  model?: string;
  /** What the upstream said. */
  detail?: string;
}

export interface ProvidersShape {
  providers: ProviderShape[];
  storage: { mode: "kv" | "memory"; degraded?: string };
}

/** What a test came to. */
export interface TrialShape {
  verdict: string;
  /** For a person. */
  message: string;
  milliseconds: number;
  /** How many models it lists, where it was asked for them. */
  models?: number;
  /** The model that answered a short question. */
  model?: string;
  /** What the upstream said. */
  detail?: string;
}

/** What a new provider can begin with. */
export interface ChoicesShape {
  types: { type: string; title: string; description: string }[];
  vendors: { name: string; title: string; type: string; endpoint?: string; docs: string }[];
}
