/** Every HTTP upstream, from data: base URL, key pool, dialect and quirks. */

import type { Beat } from "../chat/event.ts";
import type { ChatRequest, Loss } from "../chat/request.ts";
import type { Quirks } from "../dialects/dialect.ts";
import { parseJson } from "../dialects/json.ts";
import { observe } from "../streaming/observe.ts";
import type { Pull } from "../streaming/pull.ts";
import { createHttpClient, type HttpClient, type HttpEndpoint } from "./http_client.ts";
import { type HttpDialect, withVersion } from "./http_dialects.ts";
import type { Call, Provider, ProviderPorts, Upstream } from "./provider.ts";
import { readAnswer } from "./read_answer.ts";
import { unreachable } from "./unreachable.ts";

export interface HttpProviderOptions extends HttpEndpoint {
  name: string;
  quirks: Quirks;
}

const MODEL_LIST_LIMIT = 16 * 1024 * 1024;
const MODEL_LIST_TIMEOUTS = { connect: 0, headers: 10_000, firstContent: 10_000 };
/** The upstream as every call sees it. */
interface Line {
  client: HttpClient;
  http: HttpDialect;
  quirks: Quirks;
}

export function createHttpProvider(http: HttpDialect, options: HttpProviderOptions, ports: ProviderPorts): Provider {
  const { dialect, modelsPath, parseModels } = http;
  const client = createHttpClient({
    ...options,
    endpoint: withVersion(options.endpoint, http),
    headers: { ...http.headers, ...options.headers },
    parseError: dialect.parseError,
  }, ports);
  const line = { client, http, quirks: options.quirks };
  return {
    name: options.name,
    dialect: dialect.name,
    open: (request, call) => open(request, call, line),
    async listModels(signal) {
      const asked = { signal, timeouts: MODEL_LIST_TIMEOUTS, limit: MODEL_LIST_LIMIT };
      return parseModels(parseJson(await client.exchange(modelsPath, asked)));
    },
  };
}

async function open(request: ChatRequest, call: Call, line: Line): Promise<Upstream> {
  const { client, http: { dialect, answerPath }, quirks } = line;
  call.signal.throwIfAborted();
  const abort = new AbortController();
  const leave = () => abort.abort(call.signal.reason);
  call.signal.addEventListener("abort", leave, { once: true });
  const release = () => call.signal.removeEventListener("abort", leave);
  try {
    const { text, lost } = formatBody(request, call, line);
    const response = await client.send(answerPath(request.model, call.stream), {
      body: text,
      accept: call.stream ? "text/event-stream, application/json" : "application/json",
      headers: ownHeaders(request, line),
      timeouts: call.timeouts,
      signal: abort.signal,
    });
    const { form, beats } = await readAnswer(response, { dialect, quirks, call, abort });
    return { dialect: dialect.name, form, beats: releasing(beats, release, abort), lost };
  } catch (error) {
    release();
    abort.abort(error);
    throw call.signal.aborted ? call.signal.reason : unreachable(error);
  }
}

function formatBody(
  request: ChatRequest,
  call: Call,
  { http: { dialect }, quirks }: Line,
): { text: string; lost: Loss[] } {
  const target = { model: request.model, stream: call.stream, facts: call.facts, quirks };
  const { dialect: from, text } = request.source;
  if (from === dialect.name && text !== undefined) {
    return { text: dialect.relayRequest(text, request, target), lost: [] };
  }
  const { body, lost } = dialect.formatRequest(request, target);
  return { text: JSON.stringify(body), lost };
}

/** The client's headers that are part of its dialect, for an upstream of the same. */
function ownHeaders({ source }: ChatRequest, { http: { dialect } }: Line): Readonly<Record<string, string>> {
  return source.dialect === dialect.name ? source.headers ?? {} : {};
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
