/** Requests, and the settings of answers, for the tests of this dialect. */

import type { ChatRequest } from "../../../chat/request.ts";
import type { FormatOptions } from "../../../dialects/dialect.ts";
import { openaiCompletions } from "../../../dialects/openai_completions/mod.ts";

export const OPTIONS: FormatOptions = { model: "alias", id: "abc", created: 1_788_000_000, keepAlive: "comment" };

export function parse(body: Record<string, unknown>): ChatRequest {
  const whole = { model: "m", prompt: "Once", ...body };
  return openaiCompletions.parseRequest(whole, { text: JSON.stringify(whole) });
}
