/** Citations, which OpenAI's clients know as annotations on the text. */

import type { ChatEvent } from "../../chat/event.ts";
import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";

/** A citation on the text from `begin` to `end`. The original goes along, for clients of this dialect. */
export function parseCitation(citation: JsonObject, { begin, end }: { begin: number; end: number }): ChatEvent {
  const { url, source, title, document_title } = citation;
  const address = url ?? source;
  const annotation: JsonObject = typeof address === "string"
    ? { type: "url_citation", url_citation: { url: address, title: title ?? "", start_index: begin, end_index: end } }
    : { type: "file_citation", file_citation: { filename: document_title ?? "", start_index: begin, end_index: end } };
  return { type: "annotation", annotation: { ...annotation, anthropic_citation: citation } };
}

/** The citation an annotation was made of. Others cannot be told: a web citation needs a mark only Anthropic can make. */
export function formatCitation({ anthropic_citation: citation }: JsonObject): Json | undefined {
  return isObject(citation) ? citation : undefined;
}
