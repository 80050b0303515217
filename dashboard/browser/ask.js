/** Asks the gateway in any dialect, and gives each frame of the answer as it comes. */
/// <reference lib="dom" />

import { ApiError, logInAgain } from "./api.js";

/**
 * @typedef {object} Frame
 * @property {string} raw the frame's text, as it came
 * @property {any} [json] what it says; absent where it is no JSON, as keep-alives are
 */

/**
 * @param {string} path
 * @param {{ body: unknown, headers?: Record<string, string>, signal: AbortSignal }} options
 * @returns {AsyncGenerator<Frame>}
 */
export async function* ask(path, { body, headers = {}, signal }) {
  const response = await fetch(`/admin/play${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    signal,
  });
  if (response.status === 401) logInAgain();
  const type = response.headers.get("content-type") ?? "";
  const end = type.startsWith("text/event-stream")
    ? /\r?\n\r?\n/
    : type.startsWith("application/x-ndjson")
    ? /\n/
    : undefined;
  if (!response.ok || response.body === null || end === undefined) {
    const raw = await response.text();
    const json = parse(raw);
    if (!response.ok) throw new ApiError(response.status, problemOf(json) ?? `Status ${response.status}`, json);
    yield { raw, json };
    return;
  }
  for await (const raw of split(response.body, end)) yield { raw, json: parse(dataOf(raw)) };
}

/**
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body
 * @param {RegExp} end what parts the frames
 */
async function* split(body, end) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    while (true) {
      const { value, done } = await reader.read();
      if (done) break;
      const parts = (rest + value).split(end);
      rest = parts.pop() ?? "";
      yield* parts.filter((part) => part.trim() !== "");
    }
    if (rest.trim() !== "") yield rest;
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** @param {string} raw */
function dataOf(raw) {
  const lines = raw.split(/\r?\n/);
  const data = lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trimStart());
  return data.length === 0 ? raw : data.join("\n");
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The sentence of an error, in any dialect.
 *
 * @param {any} json
 * @returns {string | undefined}
 */
export function problemOf(json) {
  const error = json?.error ?? json?.response?.error ?? json?.[0]?.error;
  if (typeof error === "string") return error;
  return error?.message;
}
