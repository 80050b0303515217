/** The dialects as a page speaks them: where a question goes, what it is, and where in a frame the answer's text stands. */
/// <reference lib="dom" />

/** @typedef {{ role: "user" | "assistant", text: string }} Message */
/**
 * @typedef {object} Dialect
 * @property {string} title
 * @property {(model: string, stream: boolean) => string} path
 * @property {(question: { model: string, messages: Message[], stream: boolean }) => unknown} body
 */

/** @param {Message[]} messages */
const plain = (messages) => messages.map(({ role, text }) => ({ role, content: text }));

/** @type {Readonly<Record<string, Dialect>>} */
export const DIALECTS = {
  openai_chat: {
    title: "OpenAI Chat",
    path: () => "/v1/chat/completions",
    body: ({ model, messages, stream }) => ({ model, messages: plain(messages), stream }),
  },
  openai_responses: {
    title: "OpenAI Responses",
    path: () => "/v1/responses",
    body: ({ model, messages, stream }) => ({ model, input: plain(messages), stream }),
  },
  anthropic: {
    title: "Anthropic Messages",
    path: () => "/v1/messages",
    body: ({ model, messages, stream }) => ({ model, max_tokens: 8192, messages: plain(messages), stream }),
  },
  gemini: {
    title: "Gemini",
    path: (model, stream) => `/v1beta/models/${model}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
    body: ({ messages }) => ({
      contents: messages.map(({ role, text }) => ({ role: role === "user" ? "user" : "model", parts: [{ text }] })),
    }),
  },
  ollama: {
    title: "Ollama",
    path: () => "/api/chat",
    body: ({ model, messages, stream }) => ({ model, messages: plain(messages), stream }),
  },
};

/** @type {Readonly<Record<string, (json: any) => unknown>>} */
const TEXTS = {
  openai_chat: ({ choices }) => choices?.[0]?.delta?.content ?? choices?.[0]?.message?.content,
  openai_completions: ({ choices }) => choices?.[0]?.text,
  openai_responses: ({ type, delta, output }) =>
    type === "response.output_text.delta"
      ? delta
      : output?.flatMap((/** @type {any} */ { content }) => content ?? []).map((/** @type {any} */ { text }) =>
        text ?? ""
      ).join(""),
  anthropic: ({ delta, content }) => delta?.text ?? content?.map((/** @type {any} */ { text }) => text ?? "").join(""),
  gemini: ({ candidates }) =>
    candidates?.[0]?.content?.parts?.map((/** @type {any} */ { text, thought }) => thought ? "" : text ?? "").join(""),
  ollama: ({ message }) => message?.content,
  ollama_generate: ({ response }) => response,
};

/**
 * The text that a frame, or a whole JSON answer, adds.
 *
 * @param {string} dialect
 * @param {unknown} json
 * @returns {string}
 */
export function textOf(dialect, json) {
  if (json === null || typeof json !== "object") return "";
  const text = TEXTS[dialect]?.(json);
  return typeof text === "string" ? text : "";
}
