/** The resolved configuration: what holds after all sources were merged, as zod schemas and the types inferred from them. */

import { z } from "zod";
import { AUTH_STYLES } from "../../providers/auth.ts";
import type { Quirks } from "../../dialects/dialect.ts";
import { modelsFileSchema } from "../catalog/schema.ts";

// Every message below is the "expected" of a ConfigProblem: it completes the sentence "X is Y, expected …".

const WEEK = 7 * 24 * 3_600_000;

function whole(min: number, max: number, what = "a whole number") {
  const expected = `${what} from ${min} to ${max}`;
  return z.int({ error: expected }).min(min, expected).max(max, expected);
}

function milliseconds(min = 0) {
  return whole(min, WEEK, "milliseconds, a whole number");
}

function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values, { error: `one of ${values.map((value) => `"${value}"`).join(", ")}` });
}

function text(expected: string) {
  return z.string({ error: expected }).trim().min(1, expected);
}

function texts(expected: string) {
  return z.array(text(expected), { error: expected });
}

const flag = z.boolean({ error: "true or false" });
const headerMap = z.record(z.string(), z.string({ error: "a text" }), { error: "a table of texts" });

/** An absolute http(s) URL; a user name or password in it would end up in logs and traces, and fetch refuses it. */
const httpUrl = text("an http or https URL").refine(
  (url) => isUrl(url, ["http:", "https:"]),
  "an http or https URL without user name and password",
);
const socketUrl = text("an http, https, ws or wss URL").refine(
  (url) => isUrl(url, ["http:", "https:", "ws:", "wss:"]),
  "an http, https, ws or wss URL without user name and password",
);

function isUrl(value: string, protocols: readonly string[]): boolean {
  const url = URL.parse(value);
  return url !== null && protocols.includes(url.protocol) && url.username === "" && url.password === "";
}

export const STREAM_MODES = ["real", "fake", "auto"] as const;
export type StreamMode = (typeof STREAM_MODES)[number];

const pace = z.number({ error: "tokens per second, 0 or more" }).min(0, "tokens per second, 0 or more");

const timeoutsSchema = z.strictObject({
  connect: milliseconds(),
  headers: milliseconds(),
  firstContent: milliseconds(),
  idle: milliseconds(),
  total: milliseconds(),
});

const quirksSchema = z.strictObject({
  noStreamOptions: flag.exactOptional(),
  flatContent: flag.exactOptional(),
  maxTokensField: oneOf(["max_tokens", "max_completion_tokens"]).exactOptional(),
  tolerant: flag.exactOptional(),
  thinkTags: flag.exactOptional(),
  replayReasoning: flag.exactOptional(),
  developerRole: flag.exactOptional(),
}) satisfies z.ZodType<Quirks>;

const filterSchema = z.strictObject({
  mode: oneOf(["whitelist", "blacklist"]),
  /** Upstream ids, exact or with `*` for any text. */
  models: texts("a list of model ids"),
});

const commonFields = {
  name: text("a provider name").regex(/^[^\s/]+$/, "a provider name without slash and white space"),
  stream: oneOf(STREAM_MODES),
  /** Tokens per second of a fake stream, 0 for whole: that of `advanced` unless the provider has its own. */
  pace,
  filter: filterSchema.exactOptional(),
  /** The upstream's model ids where they are given; empty: they are fetched. */
  models: texts("a list of model ids"),
  /** Those of `advanced`, with the provider's own over them. */
  timeouts: timeoutsSchema,
  /** Switched on by an environment variable, not by the file. */
  fromEnvironment: flag,
};

const httpFields = {
  ...commonFields,
  /** Without a slash at its end; the dialect's paths are put behind it. */
  endpoint: httpUrl,
  /** The key pool; empty where the upstream wants none. */
  apiKeys: texts("a key, or a list of keys"),
  auth: oneOf(AUTH_STYLES),
  headers: headerMap,
  query: headerMap,
  quirks: quirksSchema,
};

const langfastSchema = z.strictObject({
  supabaseUrl: httpUrl,
  anonKey: text("LangFast's anon key"),
  socketUrl: socketUrl,
  accessToken: text("an access token").exactOptional(),
  refreshToken: text("a refresh token").exactOptional(),
});

/** One schema per type. A new type is one line here, one in `PROVIDER_TYPES`' users, and its own fields if it has any. */
export const providerSchemas = {
  openai: z.strictObject({ ...httpFields, type: z.literal("openai"), api: oneOf(["chat", "responses"]) }),
  anthropic: z.strictObject({ ...httpFields, type: z.literal("anthropic") }),
  gemini: z.strictObject({ ...httpFields, type: z.literal("gemini") }),
  ollama: z.strictObject({ ...httpFields, type: z.literal("ollama") }),
  langfast: z.strictObject({ ...commonFields, type: z.literal("langfast"), langfast: langfastSchema }),
  demo: z.strictObject({ ...commonFields, type: z.literal("demo") }),
};

export type ProviderType = keyof typeof providerSchemas;
export const PROVIDER_TYPES = [
  "openai",
  "anthropic",
  "gemini",
  "ollama",
  "langfast",
  "demo",
] as const satisfies readonly ProviderType[];

const { openai, anthropic, gemini, ollama, langfast, demo } = providerSchemas;
export const providerSchema = z.discriminatedUnion("type", [openai, anthropic, gemini, ollama, langfast, demo], {
  error: `one of ${PROVIDER_TYPES.map((type) => `"${type}"`).join(", ")}`,
});

const clientKeySchema = z.strictObject({
  /** What records and logs call it; never the key. */
  name: text("a name"),
  secret: text("a key that is not empty"),
});

export const configSchema = z.strictObject({
  host: text("a host name or address"),
  port: whole(0, 65_535, "a port,"),
  /** The clients' keys; empty: the gateway is open. */
  keys: z.array(clientKeySchema),
  /** Absent: admin routes and dashboard are closed. */
  adminKey: text("a key that is not empty").exactOptional(),
  advanced: z.strictObject({
    fakeStreamInterval: milliseconds(10),
    keepAliveInterval: milliseconds(10),
    keepAlive: oneOf(["comment", "chunk"]),
    /** Attempts in all. 0 is how people write "no retries". */
    maxRetries: whole(0, 20).transform((attempts) => Math.max(attempts, 1)),
    requestVariation: oneOf(["off", "retry", "always"]),
    /** White space in front of a JSON answer that is long in coming. */
    jsonKeepAlive: flag,
    /** Tokens per second of a fake stream; 0 delivers the answer whole. */
    pace,
    /** Bytes. */
    bodyLimit: whole(1024, 1_073_741_824, "bytes, a whole number"),
    modelsTtl: milliseconds(),
    timeouts: timeoutsSchema,
  }),
  logging: z.strictObject({
    level: oneOf(["debug", "info", "warn", "error"]),
    format: oneOf(["auto", "json", "pretty"]),
  }),
  cors: z.strictObject({ origins: texts("a list of origins, or *") }),
  /** The enabled ones: those of the file in its order, then those of the environment, the demo last. */
  providers: z.array(providerSchema),
  /** What models.json says; the catalogue reads it. */
  models: modelsFileSchema,
  /** Human sentences about what is allowed and still probably not meant. */
  warnings: z.array(z.string()),
});

export type Config = z.infer<typeof configSchema>;
export type ProviderConfig = Config["providers"][number];
export type HttpProviderConfig = Extract<ProviderConfig, { endpoint: string }>;
export type LangfastConfig = z.infer<typeof langfastSchema>;
export type ClientKey = Config["keys"][number];
