/** What an OpenAI-compatible upstream sends, in short. */

const HEAD = { id: "chatcmpl-up", created: 1_760_000_000, model: "up-model" };

export interface Choice {
  index?: number;
  delta?: Record<string, unknown>;
  finish_reason?: string | null;
}

/** One chunk as a frame. */
export function chunk(delta: Record<string, unknown>, finish: string | null = null, index = 0): string {
  return frame({ choices: [{ index, delta, finish_reason: finish }] });
}

export function frame(fields: Record<string, unknown>): string {
  return `data: ${JSON.stringify({ ...HEAD, object: "chat.completion.chunk", ...fields })}\n\n`;
}

export const ROLE = chunk({ role: "assistant", content: "" });
export const STOP = chunk({}, "stop");
export const DONE = "data: [DONE]\n\n";
export const USAGE = { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 };

/** A whole stream that says these pieces. */
export function textStream(...pieces: string[]): string[] {
  return [ROLE, ...pieces.map((content) => chunk({ content })), STOP, DONE];
}

/** A whole JSON answer with this message. */
export function completion(message: Record<string, unknown>, finish = "stop", more: Record<string, unknown> = {}) {
  return {
    ...HEAD,
    object: "chat.completion",
    choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason: finish }],
    usage: USAGE,
    ...more,
  };
}
