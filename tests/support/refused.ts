/** An upstream that refuses, in the words of OpenAI, and one that answers. */

import type { Script } from "./mock_upstream.ts";
import { completion } from "./openai_frames.ts";

/** `error` are further members of the error. */
export function refused(
  message: string,
  { status = 400, ...error }: { status?: number; [member: string]: unknown } = {},
): Script {
  return { kind: "json", status, body: { error: { message, type: "invalid_request_error", ...error } } };
}

export const CHAT_ANSWER: Script = { kind: "json", body: completion({ content: "Hi" }) };
