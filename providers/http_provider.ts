/** Every HTTP upstream, from data: base URL, key pool, dialect and quirks. */

import type { Beat } from "../chat/event.ts";
import { GatewayError } from "../chat/error.ts";
import { isFolded } from "../chat/fold_tools.ts";
import type { JsonObject } from "../chat/json.ts";
import type { ChatRequest } from "../chat/request.ts";
import type { Quirks } from "../dialects/dialect.ts";
import { parseEmbeddingRequest } from "../dialects/embeddings/parse_request.ts";
import { isObject, parseJson } from "../dialects/json.ts";
import { observe } from "../streaming/observe.ts";
import type { Pull } from "../streaming/pull.ts";
import { unfoldCalls } from "../streaming/unfold_calls.ts";
import { fingerprintsOf } from "./auth.ts";
import { createHttpClient, type HttpClient, type HttpEndpoint } from "./http_client.ts";
import { type HttpDialect, withVersion } from "./http_dialects.ts";
import type { Call, Provider, ProviderPorts, Upstream } from "./provider.ts";
import { parseRateLimits } from "./rate_limit_headers.ts";
import { readAnswer } from "./read_answer.ts";
import { formatBody } from "./taken/format_body.ts";
import { createRefusals, type Refusals } from "./taken/learned.ts";
import { type SendOptions, sendTaken } from "./taken/send_taken.ts";
import { firstWay } from "./taken/way.ts";
import { unreachable } from "./unreachable.ts";

export interface HttpProviderOptions extends HttpEndpoint {
  name: string;
  quirks: Quirks;
  /** Refusals that are answered elsewhere than here: nothing is left out of a request for them. */
  passesOn?: (error: unknown) => boolean;
}

const MODEL_LIST_LIMIT = 16 * 1024 * 1024;
const MODEL_LIST_TIMEOUTS = { connect: 0, headers: 10_000, firstContent: 10_000 };
const COUNT_LIMIT = 65_536;
/** OpenAI's largest answer: 2048 embeddings of 3072 numbers, each of about twenty characters. */
const EMBEDDINGS_LIMIT = 128 * 1024 * 1024;
/** What the log keeps of an answer that is not understood. */
const SNIPPET = 500;

/** The upstream as every call sees it. */
interface Line {
  client: HttpClient;
  http: HttpDialect;
  quirks: Quirks;
  refusals: Refusals;
  passesOn: (error: unknown) => boolean;
  now: () => number;
}

export function createHttpProvider(http: HttpDialect, options: HttpProviderOptions, ports: ProviderPorts): Provider {
  const { dialect, counting, embedding, modelsPath, parseModels } = http;
  const client = createHttpClient({
    ...options,
    endpoint: withVersion(options.endpoint, http),
    headers: { ...http.headers, ...options.headers },
    parseError: dialect.parseError,
  }, ports);
  const now = () => ports.now();
  const { quirks, passesOn = () => false } = options;
  const refusals = createRefusals({ now, upstream: nameAmong(options), notes: ports.notes });
  const line = { client, http, quirks, refusals, passesOn, now };
  return {
    name: options.name,
    dialectFor: () => dialect.name,
    keys: fingerprintsOf(options.apiKeys),
    open: (request, call) => open(request, call, line),
    ...(counting && { countTokens: (request, call) => countTokens(request, call, { ...line, counting }) }),
    ...(embedding && { embed: (body, call) => embed(body, call, { client, embedding }) }),
    async listModels(signal) {
      const asked = { signal, timeouts: MODEL_LIST_TIMEOUTS, limit: MODEL_LIST_LIMIT };
      const text = await client.exchange(modelsPath, asked);
      return parseModels(parseJson(text) ?? misunderstood(text));
    },
  };
}

/** What instances call the upstream among themselves: another endpoint under the name may refuse other things. */
function nameAmong({ name, endpoint }: HttpProviderOptions): string {
  return `${name} ${fingerprintsOf([endpoint]).join()}`;
}

async function open(request: ChatRequest, call: Call, line: Line): Promise<Upstream> {
  const { http: { dialect }, quirks, now } = line;
  call.signal.throwIfAborted();
  const abort = new AbortController();
  const leave = () => abort.abort(call.signal.reason);
  call.signal.addEventListener("abort", leave, { once: true });
  const release = () => call.signal.removeEventListener("abort", leave);
  try {
    const { response, call: taken, request: asked, lost } = await sendTaken(request, call, {
      ...line,
      dialect,
      send: sender(line, abort.signal),
    });
    const { form, beats } = await readAnswer(response, { dialect, quirks, call: taken, abort });
    const limits = parseRateLimits(response.headers, now());
    const kept = releasing(isFolded(asked) ? unfoldCalls(beats) : beats, release, abort);
    return { dialect: dialect.name, form, beats: kept, lost, ...(limits && { limits }) };
  } catch (error) {
    release();
    abort.abort(error);
    throw call.signal.aborted ? call.signal.reason : unreachable(error);
  }
}

/** Sends one body, until the signal is aborted. */
function sender(line: Line, signal: AbortSignal): SendOptions["send"] {
  const { client, http: { answerPath } } = line;
  return (request, call, text) =>
    client.send(answerPath(request.model, call.stream), {
      body: text,
      accept: call.stream ? "text/event-stream, application/json" : "application/json",
      headers: ownHeaders(request, line),
      key: call.key,
      timeouts: call.timeouts,
      signal,
    });
}

/** The client's headers that are part of its dialect, for an upstream of the same. */
function ownHeaders({ source }: ChatRequest, { http: { dialect } }: Line): Readonly<Record<string, string>> {
  return source.dialect === dialect.name ? source.headers ?? {} : {};
}

async function countTokens(
  request: ChatRequest,
  call: Call,
  line: Line & { counting: NonNullable<HttpDialect["counting"]> },
): Promise<number> {
  const { client, counting, http: { dialect }, refusals } = line;
  const { quirks, refused: learned, ...way } = firstWay(request, refusals.of(request.model), line.quirks);
  const body = parseJson(formatBody(way.request, call, { dialect, quirks, learned }).text);
  const text = await client.exchange(counting.path(request.model), {
    body: JSON.stringify(counting.format(isObject(body) ? body : {}, request.model)),
    headers: ownHeaders(request, line),
    key: call.key,
    timeouts: call.timeouts,
    signal: call.signal,
    limit: COUNT_LIMIT,
  });
  return counting.parse(parseJson(text)) ?? misunderstood(text);
}

async function embed(
  body: JsonObject,
  call: Call,
  { client, embedding: { path, codec } }: { client: HttpClient; embedding: NonNullable<HttpDialect["embedding"]> },
): Promise<JsonObject> {
  const request = parseEmbeddingRequest(body);
  const texts: string[] = [];
  // One after another, as a vendor that limits a batch limits how many come at once, too.
  for (const batch of codec.format(request)) {
    const { key, timeouts, signal } = call;
    const asked = { body: JSON.stringify(batch), key, timeouts, signal, limit: EMBEDDINGS_LIMIT };
    texts.push(await client.exchange(path(request.model), asked));
  }
  return codec.parse(texts.map(parseJson), request) ?? misunderstood(texts.join("\n"));
}

/** @throws {GatewayError} always: for an answer that is none */
function misunderstood(text: string): never {
  throw new GatewayError("upstream-malformed", "Cannot answer as the provider sent something that is no answer", {
    detail: text.slice(0, SNIPPET),
  });
}

/** The beats, and at their end, failure or cancellation the release of all that the call holds. */
function releasing(beats: Pull<Beat[]>, release: () => void, abort: AbortController): Pull<Beat[]> {
  return observe(beats, {
    item() {},
    end(outcome) {
      release();
      // Cancelling the body alone does not stop a fetch on every runtime (CASES V15).
      if (outcome.type !== "done") abort.abort();
    },
  });
}
