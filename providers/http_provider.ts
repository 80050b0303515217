/** Every HTTP upstream, from data: base URL, key pool, dialect and quirks. */

import type { Beat } from "../chat/event.ts";
import { type GatewayError, timeoutError, withRetryAfter } from "../chat/error.ts";
import type { ChatRequest, Loss } from "../chat/request.ts";
import type { Quirks } from "../dialects/dialect.ts";
import { observe } from "../streaming/observe.ts";
import type { Pull } from "../streaming/pull.ts";
import { readText } from "../streaming/read_text.ts";
import { within } from "../streaming/timer.ts";
import { checkAddress } from "./address_guard.ts";
import { type AuthStyle, credentialHeaders } from "./auth.ts";
import { type HttpDialect, withVersion } from "./http_dialects.ts";
import type { Call, Provider, ProviderPorts, Upstream } from "./provider.ts";
import { createReach } from "./reach.ts";
import { readAnswer } from "./read_answer.ts";
import { parseRetryAfter } from "./retry_after.ts";
import { unreachable } from "./unreachable.ts";

export interface HttpProviderOptions {
  name: string;
  /** The base URL that the dialect's paths are put behind, without a slash at its end. */
  endpoint: string;
  /** The key pool; taken in turn. */
  apiKeys: readonly string[];
  auth: AuthStyle;
  /** Sent with every call, after the dialect's own. */
  headers: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  quirks: Quirks;
  /** The endpoint was entered by someone who does not run the gateway: it must not lead into its network. */
  publicOnly?: boolean;
}

/** An upstream's error body is read to here: more says nothing more. */
const ERROR_BODY_LIMIT = 65_536;
const MODEL_LIST_LIMIT = 16 * 1024 * 1024;
const MODEL_LIST_TIMEOUT = 10_000;

export function createHttpProvider(http: HttpDialect, options: HttpProviderOptions, ports: ProviderPorts): Provider {
  const { dialect } = http;
  const endpoint = withVersion(options.endpoint, http);
  const reach = createReach(ports);
  const guard = { resolve: ports.resolveHost, publicOnly: options.publicOnly ?? false };
  let turn = 0;

  const requestHeaders = (): Record<string, string> => ({
    ...http.headers,
    ...options.headers,
    ...credentialHeaders(options.auth, options.apiKeys[turn++ % Math.max(options.apiKeys.length, 1)]),
  });

  const url = (path: string): string => {
    const query = new URLSearchParams(options.query).toString();
    const mark = path.includes("?") ? "&" : "?";
    return endpoint + path + (query === "" ? "" : mark + query);
  };

  const formatBody = (request: ChatRequest, call: Call): { text: string; lost: Loss[] } => {
    const target = { model: request.model, stream: call.stream, facts: call.facts, quirks: options.quirks };
    const { dialect: from, text } = request.source;
    if (from === dialect.name && text !== undefined) {
      return { text: dialect.relayRequest(text, request, target), lost: [] };
    }
    const { body, lost } = dialect.formatRequest(request, target);
    return { text: JSON.stringify(body), lost };
  };

  const refusal = async (response: Response): Promise<GatewayError> => {
    const text = await readText(response.body, { limit: ERROR_BODY_LIMIT }).catch(() => "");
    const error = dialect.parseError(response.status, parseJson(text) ?? text);
    return withRetryAfter(error, error.retryAfter ?? parseRetryAfter(response.headers, ports.now()));
  };

  /** Sends the request, and hands on a response whose status is good. `abort` stays the caller's. */
  const send = async (body: string, request: ChatRequest, call: Call, abort: AbortController): Promise<Response> => {
    const target = url(http.answerPath(request.model, call.stream));
    await checkAddress(new URL(target), guard);
    const sent = ports.fetch(target, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "accept": call.stream ? "text/event-stream, application/json" : "application/json",
        ...requestHeaders(),
        ...(request.source.dialect === dialect.name ? request.source.headers : {}),
      },
      body,
      // A redirect would carry the key to wherever it points.
      redirect: "manual",
      signal: abort.signal,
    });
    const { connect, headers } = call.timeouts;
    const response = await within(
      Promise.race([sent, reach.failure(target, { limit: connect, signal: abort.signal })]),
      headers,
      () => timeoutError("headers", headers),
    );
    reach.answered();
    if (response.status >= 200 && response.status < 300) return response;
    throw await refusal(response);
  };

  return {
    name: options.name,
    dialect: dialect.name,

    async open(request, call): Promise<Upstream> {
      call.signal.throwIfAborted();
      const abort = new AbortController();
      const leave = () => abort.abort(call.signal.reason);
      call.signal.addEventListener("abort", leave, { once: true });
      const release = () => call.signal.removeEventListener("abort", leave);
      try {
        const { text, lost } = formatBody(request, call);
        const response = await send(text, request, call, abort);
        const { form, beats } = await readAnswer(response, { dialect, quirks: options.quirks, call, abort });
        return { dialect: dialect.name, form, beats: releasing(beats, release, abort), lost };
      } catch (error) {
        release();
        abort.abort(error);
        throw call.signal.aborted ? call.signal.reason : unreachable(error);
      }
    },

    async listModels(signal) {
      signal.throwIfAborted();
      const abort = new AbortController();
      const leave = () => abort.abort(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
      try {
        const listed = async () => {
          const target = url(http.modelsPath);
          await checkAddress(new URL(target), guard);
          const response = await ports.fetch(target, {
            headers: { accept: "application/json", ...requestHeaders() },
            redirect: "manual",
            signal: abort.signal,
          });
          if (!response.ok) throw await refusal(response);
          return http.parseModels(parseJson(await readText(response.body, { limit: MODEL_LIST_LIMIT })));
        };
        return await within(listed(), MODEL_LIST_TIMEOUT, () => timeoutError("headers", MODEL_LIST_TIMEOUT));
      } catch (error) {
        throw unreachable(error);
      } finally {
        signal.removeEventListener("abort", leave);
        abort.abort();
      }
    },
  };
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
