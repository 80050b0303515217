/** Every setting of the gateway itself: its variable, its place in TOML, its default, and the sentence that explains it. */

import type { Kind } from "./coerce.ts";
import type { Config } from "./schema.ts";

export interface Setting {
  /** The first that is set counts. */
  env: readonly string[];
  /** Paths in TOML; the first that is there counts. Case, `_` and `-` make no difference. */
  toml: readonly string[];
  kind: Kind;
  /** Absent where there is none. */
  default?: unknown;
  /** Never shown. */
  secret?: true;
  sentence: string;
}

/** `advanced.timeouts.idle` for every leaf of the resolved configuration that is one setting. */
type Leaves<T> = {
  [K in keyof T & string]-?: NonNullable<T[K]> extends string | number | boolean | readonly unknown[] ? K
    : `${K}.${Leaves<NonNullable<T[K]>>}`;
}[keyof T & string];

export type SettingPath = Leaves<Omit<Config, "providers" | "models" | "warnings">>;

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export const SETTINGS: Readonly<Record<SettingPath, Setting>> = {
  "host": {
    env: ["HOST"],
    toml: ["app.host"],
    kind: "text",
    default: "0.0.0.0",
    sentence: "The address to listen on.",
  },
  "port": {
    env: ["PORT"],
    toml: ["app.port"],
    kind: "number",
    default: 8000,
    sentence: "The port to listen on; 0 takes any free one.",
  },
  "keys": {
    env: ["USER_SET_KEY"],
    toml: ["app.keys"],
    kind: "clientKeys",
    default: [],
    secret: true,
    sentence:
      "The keys clients must bring, as texts or as tables {name, key} with limits; without any the gateway is open.",
  },
  "adminKey": {
    env: ["ADMIN_KEY"],
    toml: ["app.adminKey"],
    kind: "text",
    secret: true,
    sentence: "The key of the admin routes and the dashboard; without it they are closed.",
  },
  "advanced.fakeStreamInterval": {
    env: ["FAKE_STREAM_INTERVAL"],
    toml: ["advanced.fakeStreamInterval", "app.fakeStreamInterval"],
    kind: "number",
    default: 500,
    sentence: "Milliseconds between the keep-alives of a fake stream.",
  },
  "advanced.keepAliveInterval": {
    env: ["KEEP_ALIVE_INTERVAL"],
    toml: ["advanced.keepAliveInterval"],
    kind: "number",
    default: 4000,
    sentence: "Milliseconds of silence after which a real stream is kept alive.",
  },
  "advanced.keepAlive": {
    env: ["KEEP_ALIVE"],
    toml: ["advanced.keepAlive"],
    kind: "word",
    default: "comment",
    sentence: "How a stream is kept alive where the client's dialect leaves a choice: comment or chunk.",
  },
  "advanced.maxRetries": {
    env: ["MAX_RETRIES"],
    toml: ["advanced.maxRetries", "app.maxRetries"],
    kind: "number",
    default: 3,
    sentence: "Attempts at each of a model's upstreams where an answer fails or comes back empty.",
  },
  "advanced.requestVariation": {
    env: ["REQUEST_VARIATION"],
    toml: ["advanced.requestVariation", "advanced.contentSpoof"],
    kind: "variation",
    default: "off",
    sentence: "Whether requests are varied so that no upstream repeats a cached answer: off, retry or always.",
  },
  "advanced.jsonKeepAlive": {
    env: ["JSON_KEEP_ALIVE"],
    toml: ["advanced.jsonKeepAlive"],
    kind: "flag",
    default: false,
    sentence: "Whether white space keeps the connection of a client alive that waits for one JSON answer.",
  },
  "advanced.debugHeaders": {
    env: ["DEBUG_HEADERS"],
    toml: ["advanced.debugHeaders"],
    kind: "flag",
    default: false,
    sentence:
      "Whether every answer tells its upstream in x-anystream-route, and not only those asked for with x-anystream-debug: 1.",
  },
  "advanced.pace": {
    env: ["PACE"],
    toml: ["advanced.pace"],
    kind: "number",
    default: 0,
    sentence: "Tokens per second at which a fake stream delivers its answer; 0 delivers it whole.",
  },
  "advanced.bodyLimit": {
    env: ["BODY_LIMIT"],
    toml: ["advanced.bodyLimit"],
    kind: "number",
    default: 32 * 1024 * 1024,
    sentence: "The largest request body, in bytes.",
  },
  "advanced.modelsTtl": {
    env: ["MODELS_TTL"],
    toml: ["advanced.modelsTtl"],
    kind: "number",
    default: 10 * MINUTE,
    sentence: "Milliseconds after which a provider's model list is fetched anew.",
  },
  "advanced.searchModel": {
    env: ["SEARCH_MODEL"],
    toml: ["advanced.searchModel"],
    kind: "text",
    sentence:
      "The model that requests with no other tool than a search of the web go to, as Claude Code and Gemini CLI send them; without it to the one they ask for.",
  },
  "advanced.affinity": {
    env: ["AFFINITY"],
    toml: ["advanced.affinity"],
    kind: "flag",
    default: true,
    sentence:
      "Whether a conversation stays with the key, and among weighted upstreams with the one, that answered it last: its prompt is in their cache.",
  },
  "advanced.maxConcurrent": {
    env: ["MAX_CONCURRENT"],
    toml: ["advanced.maxConcurrent"],
    kind: "number",
    default: 0,
    sentence: "Requests that one instance answers at a time; 0 for any number.",
  },
  "advanced.maxQueue": {
    env: ["MAX_QUEUE"],
    toml: ["advanced.maxQueue"],
    kind: "number",
    default: 100,
    sentence: "Requests that wait while maxConcurrent are under way; those beyond are refused at once.",
  },
  "advanced.queueTimeout": {
    env: ["QUEUE_TIMEOUT"],
    toml: ["advanced.queueTimeout"],
    kind: "number",
    default: 10_000,
    sentence: "Milliseconds after which a request that waits is refused.",
  },
  "advanced.timeouts.connect": {
    env: ["CONNECT_TIMEOUT"],
    toml: ["advanced.timeouts.connect"],
    kind: "number",
    default: 10_000,
    sentence: "Milliseconds until a provider must be reached; 0 waits for ever, here and below.",
  },
  // An upstream that is asked without streaming sends its headers when the whole answer is written: nostreaming waited 600 s.
  "advanced.timeouts.headers": {
    env: ["HEADERS_TIMEOUT"],
    toml: ["advanced.timeouts.headers"],
    kind: "number",
    default: 10 * MINUTE,
    sentence: "Milliseconds until a provider must begin to answer.",
  },
  // A model that hides its thoughts is silent on a real stream for as long as it thinks.
  "advanced.timeouts.firstContent": {
    env: ["FIRST_CONTENT_TIMEOUT"],
    toml: ["advanced.timeouts.firstContent"],
    kind: "number",
    default: 10 * MINUTE,
    sentence: "Milliseconds until a provider's answer must have content.",
  },
  "advanced.timeouts.idle": {
    env: ["IDLE_TIMEOUT"],
    toml: ["advanced.timeouts.idle"],
    kind: "number",
    default: 2 * MINUTE,
    sentence: "Milliseconds a stream that has begun may be silent.",
  },
  // Long enough for three attempts of ten minutes, and for 128,000 tokens at 80 a second: a stream that flows is not cut.
  "advanced.timeouts.total": {
    env: ["TOTAL_TIMEOUT"],
    toml: ["advanced.timeouts.total"],
    kind: "number",
    default: 30 * MINUTE,
    sentence: "Milliseconds one request may take, all its attempts included.",
  },
  "logging.level": {
    env: ["LOG_LEVEL"],
    toml: ["logging.level"],
    kind: "word",
    default: "info",
    sentence: "The least level that is logged: debug, info, warn or error.",
  },
  "logging.format": {
    env: ["LOG_FORMAT"],
    toml: ["logging.format"],
    kind: "word",
    default: "auto",
    sentence: "The form of the log: json, pretty, or auto, which is pretty on a terminal.",
  },
  "metrics.access": {
    env: ["METRICS"],
    toml: ["metrics.access"],
    kind: "word",
    default: "key",
    sentence: "Who may read GET /metrics: key (whoever has the admin key), open (everybody) or off.",
  },
  "records.enabled": {
    env: ["RECORDS"],
    toml: ["records.enabled"],
    kind: "flag",
    default: true,
    sentence: "Whether a record of each request is kept.",
  },
  "records.bodies": {
    env: ["RECORD_BODIES"],
    toml: ["records.bodies"],
    kind: "word",
    default: "errors",
    sentence: "Whose request and answer are kept with the record: off, errors (those that failed) or full (all).",
  },
  "records.limit": {
    env: ["RECORD_LIMIT"],
    toml: ["records.limit"],
    kind: "number",
    default: 256 * 1024,
    sentence: "The most that is kept of one body, in bytes.",
  },
  "records.expire": {
    env: ["RECORD_EXPIRE"],
    toml: ["records.expire"],
    kind: "number",
    default: 30 * DAY,
    sentence: "Milliseconds after which a record is gone.",
  },
  "storage.url": {
    env: ["KV_URL"],
    toml: ["storage.url"],
    kind: "text",
    sentence: "Where things are kept: the path of a file, the URL of a denokv server (its token in " +
      "DENO_KV_ACCESS_TOKEN), or memory; without it, the Deno KV that the platform provides.",
  },
  "streams.resume": {
    env: ["STREAM_RESUME"],
    toml: ["streams.resume"],
    kind: "list",
    default: [],
    sentence:
      "The names of the client keys whose streams are all resumable, or *; others ask with x-anystream-resume: 1.",
  },
  "streams.linger": {
    env: ["STREAM_LINGER"],
    toml: ["streams.linger"],
    kind: "number",
    default: 10 * MINUTE,
    sentence: "Milliseconds that a resumable stream goes on after its client left; 0 for as long as it takes.",
  },
  "streams.limit": {
    env: ["STREAM_LIMIT"],
    toml: ["streams.limit"],
    kind: "number",
    default: 32 * 1024 * 1024,
    sentence: "The longest resumable stream, in characters of all its frames.",
  },
  "streams.expire": {
    env: ["STREAM_EXPIRE"],
    toml: ["streams.expire"],
    kind: "number",
    default: 60 * MINUTE,
    sentence: "Milliseconds after its last frame when what is kept of a resumable stream is gone.",
  },
  "security.allowPrivateProviders": {
    env: ["ALLOW_PRIVATE_PROVIDERS"],
    toml: ["security.allowPrivateProviders"],
    kind: "flag",
    default: false,
    sentence: "Whether a provider that is added while the gateway runs may be at a loopback or private address.",
  },
  "responses.store": {
    env: ["RESPONSES_STORE"],
    toml: ["responses.store"],
    kind: "word",
    default: "always",
    sentence: "Whether answers of /v1/responses are kept whose request does not say: always, never.",
  },
  "responses.limit": {
    env: ["RESPONSES_LIMIT"],
    toml: ["responses.limit"],
    kind: "number",
    default: 8 * 1024 * 1024,
    sentence: "The most that is put in front of a request by previous_response_id or conversation, in characters.",
  },
  "responses.expire": {
    env: ["RESPONSES_EXPIRE"],
    toml: ["responses.expire"],
    kind: "number",
    default: 30 * DAY,
    sentence: "Milliseconds after which an answer of /v1/responses, or a conversation without a change, is gone.",
  },
  "sessions.enabled": {
    env: ["SESSIONS"],
    toml: ["sessions.enabled"],
    kind: "flag",
    default: true,
    sentence: "Whether requests that name a session by x-session-id are answered in it; else the header means nothing.",
  },
  "sessions.reasoning": {
    env: ["SESSION_REASONING"],
    toml: ["sessions.reasoning"],
    kind: "flag",
    default: false,
    sentence: "Whether thoughts are put in front of later requests, too; x-session-reasoning says it for one request.",
  },
  "sessions.limit": {
    env: ["SESSION_LIMIT"],
    toml: ["sessions.limit"],
    kind: "number",
    default: 1024 * 1024,
    sentence: "The most that is kept of one session, in characters; beyond it the oldest turns are dropped.",
  },
  "sessions.expire": {
    env: ["SESSION_EXPIRE"],
    toml: ["sessions.expire"],
    kind: "number",
    default: 30 * DAY,
    sentence: "Milliseconds after its last turn when a session is gone.",
  },
  "cors.origins": {
    env: ["CORS_ORIGINS"],
    toml: ["cors.origins"],
    kind: "list",
    default: ["*"],
    sentence: "The origins whose pages may call the gateway from a browser.",
  },
};
