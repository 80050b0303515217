/** What the upstream of the benchmarks says: one answer of 64 words, whole and as frames, in each dialect. */

export const FRAMES = 64;

export interface Answer {
  whole: string;
  frames: string[];
}

const words = Array.from({ length: FRAMES - 3 }, (_, at) => `Word ${at} of the answer. `);
const text = words.join("");

const head = { id: "chatcmpl-bench", created: 1_760_000_000, model: "bench" };
const usage = { prompt_tokens: 20, completion_tokens: FRAMES, total_tokens: 20 + FRAMES };

export function openaiChunk(delta: Record<string, string>, finish: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices })}\n\n`;
}

export const openai: Answer = {
  whole: JSON.stringify({
    ...head,
    object: "chat.completion",
    choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
    usage,
  }),
  frames: [
    openaiChunk({ role: "assistant", content: "" }),
    ...words.map((content) => openaiChunk({ content })),
    openaiChunk({}, "stop"),
    `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices: [], usage })}\n\n`,
    "data: [DONE]\n\n",
  ],
};

const message = { id: "msg_bench", type: "message", role: "assistant", model: "bench", stop_sequence: null };

function named(type: string, more: Record<string, unknown> = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
}

export const anthropic: Answer = {
  whole: JSON.stringify({
    ...message,
    content: [{ type: "text", text }],
    stop_reason: "end_turn",
    usage: { input_tokens: 20, output_tokens: FRAMES },
  }),
  frames: [
    named("message_start", {
      message: { ...message, content: [], stop_reason: null, usage: { input_tokens: 20, output_tokens: 1 } },
    }),
    named("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
    ...words.map((text) => named("content_block_delta", { index: 0, delta: { type: "text_delta", text } })),
    named("content_block_stop", { index: 0 }),
    named("message_delta", {
      delta: { stop_reason: "end_turn", stop_sequence: null },
      usage: { output_tokens: FRAMES },
    }),
    named("message_stop"),
  ],
};

const counts = { promptTokenCount: 20, candidatesTokenCount: FRAMES, totalTokenCount: 20 + FRAMES };

function generated(text: string, finish?: string) {
  const candidate = {
    content: { role: "model", parts: [{ text }] },
    index: 0,
    ...(finish && { finishReason: finish }),
  };
  return { candidates: [candidate], usageMetadata: counts, modelVersion: "bench", responseId: "bench" };
}

export const gemini: Answer = {
  whole: JSON.stringify(generated(text, "STOP")),
  frames: [...words.map((word) => generated(word)), generated("The end.", "STOP")]
    .map((body) => `data: ${JSON.stringify(body)}\n\n`),
};
