/** A provider of the resolved configuration: a schema for each type of them, and the types inferred from these. */

import * as z from "zod";
import { type Quirks, WEB_SEARCH_WORDS } from "../../dialects/dialect.ts";
import { lazy } from "../../dialects/lazy.ts";
import { AUTH_STYLES } from "../../providers/auth.ts";
import { OPENAI_APIS } from "../../providers/openai.ts";
import { pollingFields } from "../../providers/polling/schema.ts";
import { ONCE } from "./read_once.ts";
import { duration, flag, oneOf, text, texts, tokensPerSecond, url } from "./values.ts";

export const STREAM_MODES = ["real", "fake", "auto"] as const;
export type StreamMode = (typeof STREAM_MODES)[number];

/** The file, a variable of the environment, the gateway itself, or whoever administers it. */
export const PROVIDER_ORIGINS = ["file", "environment", "built-in", "stored"] as const;
export type ProviderOrigin = (typeof PROVIDER_ORIGINS)[number];

export const timeoutsSchema = z.strictObject({
  connect: duration,
  headers: duration,
  firstContent: duration,
  idle: duration,
  total: duration,
});

const optionalFlag = flag.exactOptional();

const quirksSchema = lazy(() =>
  z.strictObject({
    noStreamOptions: optionalFlag,
    flatContent: optionalFlag,
    maxTokensField: oneOf(["max_tokens", "max_completion_tokens"]).exactOptional(),
    tolerant: optionalFlag,
    thinkTags: optionalFlag,
    replayReasoning: optionalFlag,
    refusedFields: texts("a list of names").exactOptional(),
    developerRole: optionalFlag,
    reasoningDetails: optionalFlag,
    customTools: optionalFlag,
    cacheKey: optionalFlag,
    cacheMarks: optionalFlag,
    noSystemTurns: optionalFlag,
    webSearch: oneOf(WEB_SEARCH_WORDS).exactOptional(),
  }) satisfies z.ZodType<Quirks>
);

const modelIds = texts("a list of model ids");

const commonFields = lazy(() => ({
  name: text("a provider name").regex(/^[^\s/]+$/, "a provider name without slash and white space"),
  stream: oneOf(STREAM_MODES),
  /** Tokens per second of a fake stream, 0 for whole: that of `advanced` unless the provider has its own. */
  pace: tokensPerSecond,
  filter: z.strictObject({
    mode: oneOf(["whitelist", "blacklist"]),
    /** Upstream ids, exact or with `*` for any text. */
    models: modelIds,
  }).exactOptional(),
  /** The upstream's model ids where they are given; empty: they are fetched. */
  models: modelIds,
  /** Those of `advanced`, with the provider's own over them. */
  timeouts: timeoutsSchema,
  /** Where it comes from. Only a stored one can be changed while the gateway runs. */
  origin: oneOf(PROVIDER_ORIGINS),
  /** Who serves it, told by endpoint or name (`openai`, `langfast`): what models.json says of that vendor holds here. */
  vendor: z.string().exactOptional(),
}));

const endpointFields = lazy(() => {
  const headers = z.record(z.string(), z.string({ error: "a text" }), { error: "a table of texts" });
  return {
    ...commonFields(),
    /** Without a slash at its end; paths are put behind it. */
    endpoint: url(["http", "https"]),
    /** The key pool; empty where the upstream wants none. */
    apiKeys: texts("a key, or a list of keys"),
    auth: oneOf(AUTH_STYLES),
    headers,
    query: headers,
  };
});

const httpFields = lazy(() => ({ ...endpointFields(), quirks: quirksSchema() }));

const langfastSchema = lazy(() =>
  z.strictObject({
    supabaseUrl: url(["http", "https"]),
    anonKey: text("LangFast's anon key"),
    socketUrl: url(["http", "https", "ws", "wss"]),
    accessToken: text("an access token").exactOptional(),
    refreshToken: text("a refresh token").exactOptional(),
  })
);

export type LangfastConfig = z.infer<ReturnType<typeof langfastSchema>>;

/** Each is made when the first provider of its type is read: a new type is a line here. */
export const providerSchemas = {
  openai: lazy(() => z.strictObject({ ...httpFields(), type: z.literal("openai"), api: oneOf(OPENAI_APIS) })),
  anthropic: lazy(() => z.strictObject({ ...httpFields(), type: z.literal("anthropic") })),
  gemini: lazy(() => z.strictObject({ ...httpFields(), type: z.literal("gemini") })),
  ollama: lazy(() => z.strictObject({ ...httpFields(), type: z.literal("ollama") })),
  langfast: lazy(() => z.strictObject({ ...commonFields(), type: z.literal("langfast"), langfast: langfastSchema() })),
  polling: lazy(() => z.strictObject({ ...endpointFields(), type: z.literal("polling"), ...pollingFields() })),
  demo: lazy(() => z.strictObject({ ...commonFields(), type: z.literal("demo") })),
};

export type ProviderType = keyof typeof providerSchemas;
export type ProviderConfig = z.infer<ReturnType<(typeof providerSchemas)[ProviderType]>>;

export const PROVIDER_TYPES = Object.keys(providerSchemas) as ProviderType[];

export function isProviderType(type: unknown): type is ProviderType {
  return typeof type === "string" && Object.hasOwn(providerSchemas, type);
}

/** The settings by the schema of their type; of one that is none, which types there are is all that is said. */
export function readProvider(settings: Readonly<Record<string, unknown>>): z.ZodSafeParseResult<ProviderConfig> {
  const schema: z.ZodType<ProviderConfig> = isProviderType(settings.type)
    ? providerSchemas[settings.type]()
    : z.object({ type: oneOf(PROVIDER_TYPES) }).pipe(z.never());
  return schema.safeParse(settings, ONCE);
}
