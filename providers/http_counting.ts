/** How upstreams that can count the tokens of a request are asked to: what each dialect's route takes and answers. */

import type { JsonObject } from "../chat/json.ts";
import { geminiModelName } from "../dialects/gemini_model_name.ts";
import { isObject } from "../dialects/json.ts";

export interface HttpCounting {
  /** The body of the question, from the body that would be sent for an answer. */
  format(body: JsonObject, model: string): JsonObject;
  /** The count; `undefined` where the answer tells none. No request has none at all. */
  parse(answer: unknown): number | undefined;
}

/**
 * All that the route takes, and it refuses the rest: https://platform.claude.com/docs/en/api/messages/count_tokens, and
 * for the betas `MessageCountTokensParams` of @anthropic-ai/sdk 1.11.0. `output_format` is the beta of `output_config`.
 */
const ANTHROPIC_MEMBERS: ReadonlySet<string> = new Set([
  ...["model", "messages", "system", "tools", "tool_choice", "thinking", "mcp_servers"],
  ...["output_config", "output_format", "context_management", "cache_control"],
]);

export const anthropicCounting: HttpCounting = {
  format: (body) => Object.fromEntries(Object.entries(body).filter(([name]) => ANTHROPIC_MEMBERS.has(name))),
  parse: (answer) => countOf(answer, "input_tokens"),
};

/** Only as a whole request are instructions and tools counted, and then it must name its model itself. */
export const geminiCounting: HttpCounting = {
  format(body, model) {
    // A client that asks for a count may have wrapped its request already.
    const wrapped = body.generateContentRequest ?? body.generate_content_request;
    return { generateContentRequest: { ...(isObject(wrapped) ? wrapped : body), model: geminiModelName(model) } };
  },
  parse: (answer) => countOf(answer, "totalTokens"),
};

function countOf(answer: unknown, member: string): number | undefined {
  const count = isObject(answer) ? answer[member] : undefined;
  return typeof count === "number" && Number.isInteger(count) && count > 0 ? count : undefined;
}
