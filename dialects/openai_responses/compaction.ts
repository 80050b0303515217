/**
 * Compaction: a conversation that became too long is told shorter, whatever model it is with. Codex asks for it by an item
 * `compaction_trigger`, and goes on with the one item `compaction` that it is answered (measured with 0.169, 2026-11-27);
 * `/v1/responses/compact` asks for the same. https://developers.openai.com/api/docs/guides/compaction (2026-11-27)
 */

import type { ChatEvent } from "../../chat/event.ts";
import type { Json, JsonObject } from "../../chat/json.ts";
import type { Message } from "../../chat/request.ts";
import { isObject } from "../json.ts";

/** What the model is asked in place of the trigger. */
export const WISH = "Stop here. This conversation has become too long; it will be gone on with by somebody who sees " +
  "nothing of it but the summary that you write now. Call no tools. Write down what the user wants, in their words where " +
  "those matter, with every constraint and preference; what was done and decided, and why; what was found out, exactly: " +
  "paths, names, commands, numbers, errors; and what is left to do, the next step first. Leave out all else.";

const LEAD = "The conversation up to here was too long, and is left out. This is the summary of it, to go on from:\n\n";

/** What a client is given to keep, so that it is told from what only OpenAI can read. */
const MARK = "anystream.summary:";

const TYPES: ReadonlySet<Json | undefined> = new Set(["compaction", "compaction_summary", "context_compaction"]);

/** Whether a body asks for a compaction. */
export function asksForCompaction({ input }: JsonObject): boolean {
  return Array.isArray(input) && input.some((item) => isObject(item) && isTrigger(item));
}

/** Whether a body has what only the gateway understands. */
export function hasOwnCompaction(body: JsonObject): boolean {
  const { input } = body;
  return asksForCompaction(body) ||
    (Array.isArray(input) && input.some((item) => isObject(item) && summaryIn(item) !== undefined));
}

/** What the user says in place of an item of compaction; `undefined` for any other item. */
export function wordsFor(item: JsonObject): string | undefined {
  if (isTrigger(item)) return WISH;
  const summary = summaryIn(item);
  return summary === undefined ? undefined : LEAD + summary;
}

function isTrigger({ type }: JsonObject): boolean {
  return type === "compaction_trigger";
}

function summaryIn({ type, encrypted_content: content }: JsonObject): string | undefined {
  if (!TYPES.has(type) || typeof content !== "string" || !content.startsWith(MARK)) return undefined;
  return content.slice(MARK.length);
}

/** An answer of which nothing is left but the item that its text becomes, and how much it was. */
export function compactor(): { push(events: readonly ChatEvent[]): ChatEvent[]; end(): ChatEvent[] } {
  let summary = "";
  let isTold = false;

  function end(): ChatEvent[] {
    if (isTold || summary === "") return [];
    isTold = true;
    const value = { type: "compaction", encrypted_content: MARK + summary };
    return [{ type: "opaque", dialect: "openai_responses", value }];
  }

  function one(event: ChatEvent): ChatEvent[] {
    switch (event.type) {
      case "text":
        summary += event.text;
        return [];
      case "finish":
        return [...end(), event];
      case "start":
      case "usage":
      case "error":
        return [event];
      default:
        return [];
    }
  }

  return { push: (events) => events.flatMap(one), end };
}

/** Characters of what the user said that stand beside a summary. */
const KEPT_WORDS = 60_000;

/**
 * The messages of the user's, from the last one back for as long as there is room: what was said is worth more than any
 * summary of it.
 */
export function lastWords(messages: readonly Message[]): Message[] {
  const said = messages.filter(({ role, parts }) => role === "user" && !parts.some(isOwnWord));
  let left = KEPT_WORDS;
  const begin = said.findLastIndex((message) => (left -= JSON.stringify(message.parts).length) < 0);
  return said.slice(begin + 1);
}

function isOwnWord(part: Message["parts"][number]): boolean {
  return part.type === "text" && (part.text === WISH || part.text.startsWith(LEAD));
}
