/** Keeps a client's own words in a body that has to be written anew, so that only what a stage altered is told otherwise. */

import type { JsonObject } from "../../chat/json.ts";
import type { ChatRequest, Loss } from "../../chat/request.ts";
import { parseRequest } from "./parse_request.ts";

type Field = Exclude<keyof ChatRequest, "model" | "stream" | "includeUsage" | "source" | "extra">;

/** The fields of a request that each member of a body is made of. */
const FIELDS: Readonly<Record<string, readonly Field[]>> = {
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

/**
 * The client's body, with those members as `written` has them that came of a field a stage altered (CASES Q5, R12). Thus
 * nothing is lost that only this dialect can say, such as the citations of a document.
 */
export function inOwnWords(
  request: ChatRequest,
  { body: written, lost }: { body: JsonObject; lost: Loss[] },
): { body: JsonObject; lost: Loss[] } {
  const own = request.source.body;
  const before = parseRequest(own, { text: "" });
  const isAltered = (field: Field) => JSON.stringify(before[field]) !== JSON.stringify(request[field]);
  const altered = new Set(Object.values(FIELDS).flat().filter(isAltered));
  const members = Object.keys(FIELDS).filter((name) => FIELDS[name]?.some((field) => altered.has(field)));
  const { model, stream, max_tokens } = written;
  const body: JsonObject = {
    ...own,
    max_tokens: own.max_tokens ?? max_tokens,
    ...Object.fromEntries(members.map((name) => [name, written[name]])),
    ...{ model, stream },
  };
  return {
    body: Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)),
    lost: lost.filter(({ path }) => [...altered].some((field) => path.split(/\W/)[0] === field)),
  };
}
