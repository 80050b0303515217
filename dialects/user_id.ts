/** The end user's id in the alphabet and length that every vendor takes. */

import { fitCallId } from "./tool_ids.ts";

/**
 * The user as an upstream of another dialect is told, always the same for the same user. OpenAI takes 64 characters,
 * OpenRouter and Zhipu 128, DeepSeek nothing but letters, digits, `-` and `_`, and Claude Code (2.1.329) sends a JSON text of
 * 180 with the ids of device and session (looplj/axonhub#1669, anthropics/claude-code#56643).
 */
export function fitUser(user: string | undefined): string | undefined {
  return user ? fitCallId(user) : undefined;
}
