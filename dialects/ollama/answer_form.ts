/** How the two routes write what the model said: the one member of an answer in which they differ. */

import type { Json, JsonObject } from "../../chat/json.ts";

export interface Said {
  content: string;
  thinking?: string;
  calls?: JsonObject[];
  /** base64 */
  images?: string[];
}

export type AnswerForm = (said: Said) => JsonObject;

/** `content` is a string in every message: LangChain fails on any other. */
export function chatForm({ content, thinking, calls, images }: Said): JsonObject {
  return {
    message: {
      role: "assistant",
      content,
      ...(thinking !== undefined && { thinking }),
      ...(images !== undefined && { images }),
      ...(calls !== undefined && { tool_calls: calls }),
    },
  };
}

/** `context` belongs to the official types, and ollama-ai-provider-v2 4.0.1 drops every line without it. */
export function generateForm({ content, thinking, calls, images }: Said): JsonObject {
  const image: Json | undefined = images?.[0];
  return {
    response: content,
    ...(thinking !== undefined && { thinking }),
    ...(image !== undefined && { image }),
    ...(calls !== undefined && { tool_calls: calls }),
    context: [],
  };
}

/** RFC 3339, from seconds since the epoch; its start where an upstream's clock tells no time. */
export function createdAt(seconds: number): string {
  const date = new Date(seconds * 1000);
  return (Number.isNaN(date.getTime()) ? new Date(0) : date).toISOString();
}
