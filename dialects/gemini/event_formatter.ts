/** An answer's events as a client's stream: server-sent events with `alt=sse`, and one JSON array without (CASES G18). */

import { flatMap } from "../../chat/lists.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { EventFormatter, FormatOptions } from "../dialect.ts";
import { chunkFormatter } from "./chunk_formatter.ts";

/** The one keep-alive that no client trips over: an empty thought (DIALECTS.md §1.6). */
const EMPTY_THOUGHT = JSON.stringify({
  candidates: [{ content: { parts: [{ text: "", thought: true }], role: "model" }, index: 0 }],
});

/** Blocks of exactly `data: {…}` and a blank line: comments, names and `[DONE]` break clients (DIALECTS.md §1.4). */
export function eventFormatter(request: ChatRequest, options: FormatOptions): EventFormatter {
  const chunks = chunkFormatter(request, options);
  return {
    push: (beat) => flatMap(chunks.push(beat), frames),
    end: () => chunks.end().map(block),
    fail: (error) => chunks.fail(error).flatMap(frames),
    ping: () => chunks.isOver() ? [] : [block(EMPTY_THOUGHT)],
  };
}

/**
 * An error is told twice. `@google/genai` 1.30, which Gemini CLI 0.61 is built on, does not look for one in a block, and
 * takes an answer that broke off for a whole one; one that stands alone it raises, and so it does a rest that is no block.
 * To others a line without its end is no event (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 */
function frames(json: string): string[] {
  return json.startsWith('{"error":') ? [block(json), json] : [block(json)];
}

function block(json: string): string {
  return `data: ${json}\n\n`;
}

/** `[{…}\n,\n{…}\n]`, closed after a failure too; between the chunks, white space keeps the client waiting. */
export function arrayFormatter(request: ChatRequest, options: FormatOptions): EventFormatter {
  const chunks = chunkFormatter(request, options);
  let begun = false;
  const element = (json: string): string => {
    const lead = begun ? ",\n" : "[";
    begun = true;
    return `${lead}${json}\n`;
  };
  /** The last chunk, and the end of the array; nothing where it was written before. */
  const close = (last: () => string[]): string[] => {
    if (chunks.isOver()) return [];
    const elements = last().map(element);
    return [...elements, begun ? "]" : "[]"];
  };
  return {
    push(beat) {
      if (chunks.isOver()) return [];
      const elements = chunks.push(beat).map(element);
      return chunks.isOver() ? [...elements, "]"] : elements;
    },
    end: () => close(chunks.end),
    fail: (error) => close(() => chunks.fail(error)),
    ping: () => chunks.isOver() ? [] : ["\n"],
  };
}
