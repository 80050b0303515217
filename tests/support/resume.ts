/** Streams that survive their client, as a test asks for them. */

import type { TestGateway } from "./gateway.ts";

export interface StreamForm {
  path: string;
  body: Record<string, unknown>;
  /** Cuts a whole stream into its frames. */
  split(text: string): string[];
}

const QUESTION = [{ role: "user", content: "Hi" }];
const CONTENTS = { contents: [{ role: "user", parts: [{ text: "Hi" }] }] };
const blocks = (text: string) => text.match(/[^]+?\n\n/g) ?? [];
const lines = (text: string) => text.match(/[^\n]*\n/g) ?? [];
/** `[{…}\n`, `,\n{…}\n`, …, `]` */
const elements = (text: string) => text.match(/(?:,\n|\[)?[^\n]+\n|\]/g) ?? [];

/** Every form of a stream that the gateway writes. */
export const STREAM_FORMS = {
  chat: {
    path: "/v1/chat/completions",
    body: { model: "up/up-model", stream: true, messages: QUESTION },
    split: blocks,
  },
  completions: { path: "/v1/completions", body: { model: "up/up-model", stream: true, prompt: "Hi" }, split: blocks },
  responses: { path: "/v1/responses", body: { model: "up/up-model", stream: true, input: "Hi" }, split: blocks },
  messages: {
    path: "/v1/messages",
    body: { model: "up/up-model", stream: true, max_tokens: 99, messages: QUESTION },
    split: blocks,
  },
  gemini: { path: "/v1beta/models/up/up-model:streamGenerateContent?alt=sse", body: CONTENTS, split: blocks },
  "gemini array": { path: "/v1beta/models/up/up-model:streamGenerateContent", body: CONTENTS, split: elements },
  ollama: { path: "/api/chat", body: { model: "up/up-model", messages: QUESTION }, split: lines },
  "ollama generate": { path: "/api/generate", body: { model: "up/up-model", prompt: "Hi" }, split: lines },
} as const satisfies Record<string, StreamForm>;

export function askResumable(
  gateway: Pick<TestGateway, "url">,
  { path, body }: Pick<StreamForm, "path" | "body">,
  { id, headers = {}, signal }: { id: string; headers?: Record<string, string>; signal?: AbortSignal },
): Promise<Response> {
  return fetch(gateway.url + path, {
    method: "POST",
    headers: { "x-request-id": id, "x-anystream-resume": "1", ...headers },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
}

export function resume(
  gateway: Pick<TestGateway, "url">,
  id: string,
  after: number,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${gateway.url}/v1/streams/${id}`, {
    headers: after === 0 ? headers : { "last-event-id": String(after), ...headers },
  });
}

/** Reads until the text so far has this in it, and leaves. */
export async function readUntil(response: Response, wanted: RegExp): Promise<string> {
  const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader();
  const utf8 = new TextDecoder();
  let text = "";
  while (!wanted.test(text)) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`The stream ended before ${wanted}: ${text}`);
    text += utf8.decode(value, { stream: true });
  }
  await reader.cancel();
  return text;
}

export async function statusOf(asking: Promise<Response>): Promise<number> {
  const { status, body } = await asking;
  await body?.cancel();
  return status;
}

/** Waits until it holds, for ten seconds at most. */
export async function eventually(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`It did not come about that ${what}`);
}
