/** What of a client's own body stays as it is when the request has to be written anew. */

import type { ChatRequest } from "../../chat/request.ts";
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
export function inOwnWords(request: ChatRequest, written: Written): Written {
  const { body } = request.source;
  return keepOwnWords(request, written, {
    // Required upstream, and left out by some clients.
    own: { ...body, max_tokens: body.max_tokens ?? written.body.max_tokens },
    before: parseRequest(body, { text: "" }),
    fields: FIELDS,
    routed: ["model", "stream"],
  });
}
