/** A caller of each dialect in bare HTTP: how it asks, and how it reads a refusal. */

import assert from "node:assert/strict";

export interface Ask {
  model: string;
  stream: boolean;
}

export interface Refusal {
  /** The dialect's word for the kind; `undefined` where it has none. */
  word: string | undefined;
  message: string;
  /** The request's id in the body; `undefined` where it has no place there. */
  requestId: string | undefined;
}

export interface Caller {
  dialect: "openai_chat" | "openai_responses" | "anthropic" | "gemini" | "ollama";
  path(ask: Ask): string;
  body(ask: Ask): Record<string, unknown>;
  /** Asserts the envelope, and reads it. */
  refusal(body: unknown): Refusal;
}

const messages = [{ role: "user", content: "Hi" }];

export const CALLERS = {
  openai_chat: {
    dialect: "openai_chat",
    path: () => "/v1/chat/completions",
    body: (ask) => ({ ...ask, messages }),
    refusal: openaiRefusal,
  },
  openai_responses: {
    dialect: "openai_responses",
    path: () => "/v1/responses",
    body: (ask) => ({ ...ask, input: "Hi" }),
    refusal: openaiRefusal,
  },
  anthropic: {
    dialect: "anthropic",
    path: () => "/v1/messages",
    body: (ask) => ({ ...ask, max_tokens: 100, messages }),
    refusal(body) {
      const { type, error, request_id: requestId, ...more } = body as Record<string, unknown>;
      assert.deepEqual([type, more], ["error", {}]);
      const { type: word, message } = error as Record<string, string>;
      return { word, message: text(message), requestId: text(requestId) };
    },
  },
  gemini: {
    dialect: "gemini",
    path: ({ model, stream }) =>
      `/v1beta/models/${model}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
    body: () => ({ contents: [{ role: "user", parts: [{ text: "Hi" }] }] }),
    refusal(body) {
      assert.deepEqual(Object.keys(body as object), ["error"]);
      const { code, message, status, details } = (body as { error: Record<string, unknown> }).error;
      assert.ok(Number.isInteger(code), "the code is the status");
      const [info] = (details as Record<string, string>[]).filter((detail) => detail["@type"]?.endsWith("RequestInfo"));
      return { word: text(status), message: text(message), requestId: info?.requestId };
    },
  },
  ollama: {
    dialect: "ollama",
    path: () => "/api/chat",
    body: (ask) => ({ ...ask, messages }),
    refusal(body) {
      assert.deepEqual(Object.keys(body as object), ["error"]);
      return { word: undefined, message: text((body as Record<string, unknown>).error), requestId: undefined };
    },
  },
} as const satisfies { [Name in Caller["dialect"]]: Caller };

export const CALLER_LIST: readonly Caller[] = Object.values(CALLERS);

function openaiRefusal(body: unknown): Refusal {
  assert.deepEqual(Object.keys(body as object), ["error"]);
  const { type, message, request_id: requestId, ...rest } = (body as { error: Record<string, unknown> }).error;
  assert.deepEqual(Object.keys(rest), ["param", "code"]);
  return { word: text(type), message: text(message), requestId: text(requestId) };
}

function text(value: unknown): string {
  assert.ok(typeof value === "string" && value !== "", `a text: ${value}`);
  return value;
}

export interface AskOptions extends Ask {
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Asks in the caller's dialect. */
export function ask(url: string, caller: Caller, { headers, signal, ...asked }: AskOptions): Promise<Response> {
  return fetch(url + caller.path(asked), {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(caller.body(asked)),
    ...(signal && { signal }),
  });
}
