/** What of a client's own body stays as it is when the request has to be written anew. */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { Quirks } from "../dialect.ts";
import { isObject } from "../json.ts";
import { type FieldTable, keepOwnWords, type Written } from "../own_words.ts";
import { parseRequest } from "./parse_request.ts";

const FIELDS: FieldTable = {
  system: ["messages"],
  messages: ["messages"],
  max_tokens: ["maxTokens"],
  temperature: ["temperature"],
  top_p: ["topP"],
  top_k: ["topK"],
  stop_sequences: ["stop"],
  tools: ["tools", "toolChoice"],
  tool_choice: ["tools", "toolChoice", "parallelToolCalls"],
  // A budget must stay below the limit.
  thinking: ["reasoning", "maxTokens"],
  output_config: ["reasoning", "output"],
  output_format: ["output"],
  metadata: ["user"],
  service_tier: ["serviceTier"],
};

/** The written request in the client's own words, as far as no stage altered what they say. */
export function inOwnWords(request: ChatRequest, written: Written, quirks: Pick<Quirks, "noSystemTurns">): Written {
  const { body } = request.source;
  const before = parseRequest(body, { text: "" });
  const turns = systemTurns(body);
  const isRetold = turns.length > 0 && (quirks.noSystemTurns || !isSame(before.messages, request.messages));
  return keepOwnWords(request, written, {
    own: {
      ...body,
      // Required upstream, and left out by some clients.
      max_tokens: body.max_tokens ?? written.body.max_tokens,
      ...(isRetold && effortBy(body, request)),
    },
    before,
    fields: FIELDS,
    routed: ["model", "stream"],
    retold: isRetold ? ["messages", ...(turns.some(changesTools) ? ["tools" as const] : [])] : [],
  });
}

function isSame(before: ChatRequest["messages"], messages: ChatRequest["messages"]): boolean {
  return JSON.stringify(before) === JSON.stringify(messages);
}

/** The turns of a client's body that are instructions: they also say which tools there are from then on, and with what effort. */
export function systemTurns({ messages }: JsonObject): JsonObject[] {
  return Array.isArray(messages) ? messages.filter(isObject).filter(({ role }) => role === "system") : [];
}

function changesTools({ content }: JsonObject): boolean {
  const isChange = (block: Json) =>
    isObject(block) && (block.type === "tool_addition" || block.type === "tool_removal");
  return Array.isArray(content) && content.some(isChange);
}

/** The effort as it is by now, where the turn that set it is not sent. */
function effortBy({ output_config: config }: JsonObject, { reasoning }: ChatRequest): JsonObject {
  const own = isObject(config) ? config : {};
  return reasoning?.effort === undefined || reasoning.effort === "none" || own.effort === reasoning.effort
    ? {}
    : { output_config: { ...own, effort: reasoning.effort } };
}
