/** The resolved configuration: what holds after all sources were merged, as zod schemas and the types inferred from them. */

import * as z from "zod";
import { lazy } from "../../dialects/lazy.ts";
import type { ModelsFile } from "../catalog/schema.ts";
import { keyLimitsSchema } from "./key_limits.ts";
import { type ProviderConfig, timeoutsSchema } from "./provider_schema.ts";
import {
  characters,
  duration,
  flag,
  lifetime,
  milliseconds,
  oneOf,
  text,
  texts,
  tokensPerSecond,
  url,
  whole,
} from "./values.ts";

/** What names a database: any text is a path, but for one that looks like a URL. */
function storageUrl() {
  const expected = 'the path of a file, the http or https URL of a denokv server, or "memory"';
  return text(expected).refine(
    (text) => !text.includes("://") || url(["http", "https"]).safeParse(text).success,
    expected,
  );
}

/** Whose bodies are kept with their records. */
export const RECORDED_BODIES = ["off", "errors", "full"] as const;

const clientKeySchema = lazy(() =>
  z.strictObject({
    /** What records and logs call it; never the key. */
    name: text("a name"),
    secret: text("a key that is not empty"),
    limits: keyLimitsSchema(),
  }, { error: "a key as text, or a table {name, key}" })
);

const ORIGINS = "a list of origins as https://app.example.com, or *";

/** As browsers send it: without a path, be it a slash. */
function origin() {
  return text(ORIGINS).transform((given, context) => {
    if (given === "*" || given === "null") return given;
    const { origin } = URL.parse(given) ?? {};
    // Apps and extensions have schemes that no standard knows: `tauri://localhost`.
    const [, scheme, host] = /^([\w.+-]+):\/\/([^/?#@*\s]+)\/?$/.exec(given) ?? [];
    if (origin === "null" && scheme !== undefined) return `${scheme.toLowerCase()}://${host}`;
    if (origin !== undefined && origin !== "null") return origin;
    context.addIssue({ code: "custom", message: ORIGINS });
    return z.NEVER;
  });
}

/** What is kept and counted is a name's, and limits are a key's: neither may be another's, too. */
function demandOneOfEach(keys: readonly Record<"name" | "secret", string>[], context: z.RefinementCtx): void {
  for (const member of ["name", "secret"] as const) {
    const seen = new Set<string>();
    for (const [index, key] of keys.entries()) {
      const message = member === "name" ? "a name that no other has" : "keys that differ";
      if (seen.has(key[member])) context.addIssue({ code: "custom", path: [index, member], message });
      seen.add(key[member]);
    }
  }
}

export const configSchema = z.strictObject({
  host: text("a host name or address"),
  port: whole(0, 65_535, "a port,"),
  /** The clients' keys; empty: the gateway is open. */
  keys: z.array(z.lazy(clientKeySchema), { error: "a key, or a list of keys" }).superRefine(demandOneOfEach),
  /** Absent: admin routes and dashboard are closed. */
  adminKey: text("a key that is not empty").exactOptional(),
  advanced: z.strictObject({
    fakeStreamInterval: milliseconds(1),
    keepAliveInterval: milliseconds(10),
    keepAlive: oneOf(["comment", "chunk"]),
    /** Attempts at each candidate. 0 is how people write "no retries". */
    maxRetries: whole(0, 100).transform((attempts) => Math.max(attempts, 1)),
    requestVariation: oneOf(["off", "retry", "always"]),
    /** White space in front of a JSON answer that is long in coming. */
    jsonKeepAlive: flag,
    /** Which upstream answered is told to every client. */
    debugHeaders: flag,
    /** Tokens per second of a fake stream; 0 delivers the answer whole. */
    pace: tokensPerSecond,
    /** Bytes. */
    bodyLimit: whole(1024, 1_073_741_824, "bytes, a whole number"),
    modelsTtl: duration,
    /** A public id, as clients give it. */
    searchModel: text("the id of a model").exactOptional(),
    /** Whether a conversation stays with the upstream and the key that answered it last. */
    affinity: flag,
    /** Requests answered at a time by one instance; 0: any number. */
    maxConcurrent: whole(0, 1_000_000),
    /** Requests that wait for one of those to end. */
    maxQueue: whole(0, 1_000_000),
    queueTimeout: milliseconds(1),
    timeouts: timeoutsSchema,
  }),
  logging: z.strictObject({
    level: oneOf(["debug", "info", "warn", "error"]),
    format: oneOf(["auto", "json", "pretty"]),
  }),
  metrics: z.strictObject({ access: oneOf(["key", "open", "off"]) }),
  records: z.strictObject({
    enabled: flag,
    bodies: oneOf(RECORDED_BODIES),
    /** Bytes of one body. */
    limit: whole(1024, 16_777_216, "bytes, a whole number"),
    /** Milliseconds. */
    expire: lifetime,
  }),
  storage: z.strictObject({
    /** Absent: what the platform provides. */
    url: storageUrl().exactOptional(),
  }).default({}),
  streams: z.strictObject({
    /** Names of client keys, or `*`. */
    resume: texts("a list of names of client keys, or *"),
    linger: duration,
    /** Characters. */
    limit: characters,
    expire: milliseconds(1000),
  }),
  security: z.strictObject({ allowPrivateProviders: flag }),
  responses: z.strictObject({
    store: oneOf(["always", "never"]),
    /** Characters. */
    limit: characters,
    expire: lifetime,
  }),
  sessions: z.strictObject({
    enabled: flag,
    reasoning: flag,
    /** Characters. */
    limit: characters,
    expire: lifetime,
  }),
  cors: z.strictObject({ origins: z.array(origin(), { error: ORIGINS }) }),
  /** What models.json says; the catalogue reads it. */
  models: z.custom<ModelsFile>(),
  /** Human sentences about what is allowed and still probably not meant. */
  warnings: z.array(z.string()),
});

export interface Config extends z.infer<typeof configSchema> {
  /** The enabled ones: those of the file in its order, then those of the environment, then the demo. */
  providers: ProviderConfig[];
}
export type ClientKey = Config["keys"][number];
