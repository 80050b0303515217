/** The resolved configuration: what holds after all sources were merged, as zod schemas and the types inferred from them. */

import * as z from "zod";
import { AUTH_STYLES } from "../../providers/auth.ts";
import { OPENAI_APIS } from "../../providers/openai.ts";
import { pollingFields } from "../../providers/polling/schema.ts";
import { type Quirks, WEB_SEARCH_WORDS } from "../../dialects/dialect.ts";
import type { ModelsFile } from "../catalog/schema.ts";
import { keyLimitsSchema } from "./key_limits.ts";

// Every message below is the "expected" of a ConfigProblem: it completes the sentence "X is Y, expected …".

const WEEK = 7 * 24 * 3_600_000;
const MINUTE = 60_000;
const TEN_YEARS = 520 * WEEK;

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

/** An absolute URL to put paths behind. A credential in it would end up in logs and traces, and fetch refuses it. */
function url(protocols: readonly string[]) {
  const expected = `an ${protocols.join(" or ")} URL without user name, password and query`;
  return z.string({ error: expected }).refine((text) => {
    const url = URL.parse(text);
    if (url === null || !protocols.includes(url.protocol.slice(0, -1))) return false;
    return url.username + url.password + url.search + url.hash === "";
  }, expected).meta({ format: "uri" });
}

/** What names a database: any text is a path, but for one that looks like a URL. */
function storageUrl() {
  const expected = 'the path of a file, the http or https URL of a denokv server, or "memory"';
  return text(expected).refine(
    (text) => !text.includes("://") || url(["http", "https"]).safeParse(text).success,
    expected,
  );
}

export const STREAM_MODES = ["real", "fake", "auto"] as const;
export type StreamMode = (typeof STREAM_MODES)[number];

/** Whose bodies are kept with their records. */
export const RECORDED_BODIES = ["off", "errors", "full"] as const;

/** The file, a variable of the environment, the gateway itself, or whoever administers it. */
export const PROVIDER_ORIGINS = ["file", "environment", "built-in", "stored"] as const;

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
  refusedFields: texts("a list of names").exactOptional(),
  developerRole: flag.exactOptional(),
  reasoningDetails: flag.exactOptional(),
  customTools: flag.exactOptional(),
  cacheKey: flag.exactOptional(),
  cacheMarks: flag.exactOptional(),
  webSearch: oneOf(WEB_SEARCH_WORDS).exactOptional(),
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
  /** Where it comes from. Only a stored one can be changed while the gateway runs. */
  origin: oneOf(PROVIDER_ORIGINS),
  /** Who serves it, told by endpoint or name (`openai`, `langfast`): what models.json says of that vendor holds here. */
  vendor: z.string().exactOptional(),
};

const endpointFields = {
  ...commonFields,
  /** Without a slash at its end; paths are put behind it. */
  endpoint: url(["http", "https"]),
  /** The key pool; empty where the upstream wants none. */
  apiKeys: texts("a key, or a list of keys"),
  auth: oneOf(AUTH_STYLES),
  headers: headerMap,
  query: headerMap,
};

const httpFields = { ...endpointFields, quirks: quirksSchema };

const langfastSchema = z.strictObject({
  supabaseUrl: url(["http", "https"]),
  anonKey: text("LangFast's anon key"),
  socketUrl: url(["http", "https", "ws", "wss"]),
  accessToken: text("an access token").exactOptional(),
  refreshToken: text("a refresh token").exactOptional(),
});

/** One schema per type: a new type is a line here and one in the union below. */
export const providerSchemas = {
  openai: z.strictObject({ ...httpFields, type: z.literal("openai"), api: oneOf(OPENAI_APIS) }),
  anthropic: z.strictObject({ ...httpFields, type: z.literal("anthropic") }),
  gemini: z.strictObject({ ...httpFields, type: z.literal("gemini") }),
  ollama: z.strictObject({ ...httpFields, type: z.literal("ollama") }),
  langfast: z.strictObject({ ...commonFields, type: z.literal("langfast"), langfast: langfastSchema }),
  polling: z.strictObject({ ...endpointFields, type: z.literal("polling"), ...pollingFields }),
  demo: z.strictObject({ ...commonFields, type: z.literal("demo") }),
};

export type ProviderType = keyof typeof providerSchemas;
const { openai, anthropic, gemini, ollama, langfast, polling, demo } = providerSchemas;
const providerSchema = z.discriminatedUnion("type", [openai, anthropic, gemini, ollama, langfast, polling, demo], {
  error: `one of ${Object.keys(providerSchemas).map((type) => `"${type}"`).join(", ")}`,
});

const clientKeySchema = z.strictObject({
  /** What records and logs call it; never the key. */
  name: text("a name"),
  secret: text("a key that is not empty"),
  limits: keyLimitsSchema,
}, { error: "a key as text, or a table {name, key}" });

export const configSchema = z.strictObject({
  host: text("a host name or address"),
  port: whole(0, 65_535, "a port,"),
  /** The clients' keys; empty: the gateway is open. */
  keys: z.array(clientKeySchema, { error: "a key, or a list of keys" }),
  /** Absent: admin routes and dashboard are closed. */
  adminKey: text("a key that is not empty").exactOptional(),
  advanced: z.strictObject({
    fakeStreamInterval: milliseconds(10),
    keepAliveInterval: milliseconds(10),
    keepAlive: oneOf(["comment", "chunk"]),
    /** Attempts at each candidate. 0 is how people write "no retries". */
    maxRetries: whole(0, 20).transform((attempts) => Math.max(attempts, 1)),
    requestVariation: oneOf(["off", "retry", "always"]),
    /** White space in front of a JSON answer that is long in coming. */
    jsonKeepAlive: flag,
    /** Which upstream answered is told to every client. */
    debugHeaders: flag,
    /** Tokens per second of a fake stream; 0 delivers the answer whole. */
    pace,
    /** Bytes. */
    bodyLimit: whole(1024, 1_073_741_824, "bytes, a whole number"),
    modelsTtl: milliseconds(),
    /** A public id, as clients give it. */
    searchModel: text("the id of a model").exactOptional(),
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
    expire: whole(MINUTE, TEN_YEARS, "milliseconds, a whole number"),
  }),
  storage: z.strictObject({
    /** Absent: what the platform provides. */
    url: storageUrl().exactOptional(),
  }).default({}),
  streams: z.strictObject({
    /** Names of client keys, or `*`. */
    resume: texts("a list of names of client keys, or *"),
    linger: milliseconds(),
    /** Characters. */
    limit: whole(1024, 1_073_741_824, "characters, a whole number"),
    expire: milliseconds(1000),
  }),
  security: z.strictObject({ allowPrivateProviders: flag }),
  responses: z.strictObject({
    store: oneOf(["always", "never"]),
    /** Characters. */
    limit: whole(1024, 1_073_741_824, "characters, a whole number"),
    expire: whole(MINUTE, TEN_YEARS, "milliseconds, a whole number"),
  }),
  sessions: z.strictObject({
    enabled: flag,
    reasoning: flag,
    /** Characters. */
    limit: whole(1024, 1_073_741_824, "characters, a whole number"),
    expire: whole(MINUTE, TEN_YEARS, "milliseconds, a whole number"),
  }),
  cors: z.strictObject({ origins: texts("a list of origins, or *") }),
  /** The enabled ones: those of the file in its order, then those of the environment, then the demo. */
  providers: z.array(providerSchema),
  /** What models.json says; the catalogue reads it. */
  models: z.custom<ModelsFile>(),
  /** Human sentences about what is allowed and still probably not meant. */
  warnings: z.array(z.string()),
});

export type Config = z.infer<typeof configSchema>;
export type ProviderConfig = Config["providers"][number];
export type ProviderOrigin = ProviderConfig["origin"];
export type LangfastConfig = z.infer<typeof langfastSchema>;
export type ClientKey = Config["keys"][number];
