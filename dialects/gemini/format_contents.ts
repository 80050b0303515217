/** The messages of a history as contents, and the instructions that stand beside them. */

import { countLeading, reminder } from "../../chat/instructions.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { Message, ToolMessage, UserPart } from "../../chat/request.ts";
import type { LossList } from "../losses.ts";
import { callIds } from "../tool_ids.ts";
import { unshown } from "../unshown.ts";
import { signCalls } from "./call_signatures.ts";
import { formatPart, type PartOptions } from "./format_parts.ts";
import { fitsResponse, wrapResponse } from "./function_response.ts";
import { generationOf, THIRD_GENERATION } from "./model_generation.ts";
import { type Turns, turns } from "./turns.ts";

export interface ContentOptions {
  lost: LossList;
  isOwn: boolean;
  model: string;
  /** Said behind the client's own instructions. */
  instruction: string | undefined;
}

export interface Conversation {
  systemInstruction?: JsonObject;
  contents: JsonObject[];
}

/** Instructions at the head are concatenated in order (CASES R6); those further down are said by the user, in a tag. */
export function formatContents(messages: readonly Message[], options: ContentOptions): Conversation {
  const isThird = generationOf(options.model) >= THIRD_GENERATION;
  const head = messages.slice(0, countLeading(messages));
  const instructions = [...head.map(({ parts }) => joinTexts(parts)), options.instruction ?? ""].filter((text) =>
    text !== ""
  );

  const lined = turns();
  const ids = callIds();
  messages.forEach((message, at) => {
    if (at >= head.length) say(lined, message, { ...options, ids, path: `messages[${at}]` });
  });
  // Newer models refuse to go on with words put into their mouth (https://github.com/envoyproxy/ai-gateway/pull/2686).
  if (isThird && messages.at(-1)?.role === "assistant") {
    options.lost.add("messages", "the model is asked to go on with the answer that was begun, as it takes none itself");
  }
  const contents = lined.end({ allowPrefill: !isThird });
  const parts = instructions.map((text) => ({ text }));
  // A request of instructions alone is refused: the model is to do as they say.
  if (contents.length === 0) return { contents: [{ role: "user", parts }] };
  return {
    ...(parts.length > 0 && { systemInstruction: { parts } }),
    contents: isThird ? signCalls(contents) : contents,
  };
}

function say(lined: Turns, message: Message, options: PartOptions): void {
  if ("name" in message && message.name !== undefined && message.role !== "tool") {
    options.lost.add(`${options.path}.name`, "the API has no names for who speaks");
  }
  switch (message.role) {
    case "system":
    case "developer": {
      const text = joinTexts(message.parts);
      return lined.user(text === "" ? [] : [{ text: reminder(text) }]);
    }
    case "user":
      return lined.user(formatUser(message.parts, options));
    case "assistant":
      return lined.model(formatAll(message.parts, options));
    case "tool":
      return sayResult(lined, message, options);
    default:
      return message satisfies never;
  }
}

function formatUser(parts: readonly UserPart[], options: PartOptions): JsonObject[] {
  const shown = formatAll(parts, options);
  const note = shown.length === 0 ? unshown(parts) : undefined;
  return note === undefined ? shown : [{ text: note }];
}

/** Texts that stood apart stay so, as the last word of one would run into the next. */
function joinTexts(parts: Message["parts"]): string {
  return parts.map((part) => part.type === "text" ? part.text : "").filter((text) => text !== "").join("\n\n");
}

function formatAll(parts: readonly Parameters<typeof formatPart>[0][], options: PartOptions): JsonObject[] {
  return parts.flatMap((part, at) => formatPart(part, { ...options, path: `${options.path}.content[${at}]` }));
}

/**
 * A result under the name of its call (CASES G11). Newer models are shown its media within it; what they do not take
 * there, and all media for the older ones, stands behind all results of the turn (T19).
 */
function sayResult(lined: Turns, message: ToolMessage, options: PartOptions): void {
  const texts = message.parts.filter((part) => part.type === "text");
  const media = formatAll(message.parts.filter((part) => part.type !== "text"), options);
  const within = generationOf(options.model) >= THIRD_GENERATION ? media.filter(fitsResponse) : [];
  const text = texts.length === 0 ? whereMediaAre({ media, within }) : joinTexts(texts);
  const response = wrapResponse(text, message.isError ?? false);
  const shown = within.length === 0 ? {} : { parts: within };
  const id = options.ids.result(message.callId);
  const isAnswer = lined.result(id, (name) => ({ functionResponse: { id, name, response, ...shown } }));
  if (isAnswer) return lined.user(media.filter((part) => !within.includes(part)));
  options.lost.add(options.path, "no call waits for this result, so it is told as text");
  lined.user([{ text: `Result of ${message.name ?? "a call"}: ${text}` }, ...media]);
}

function whereMediaAre({ media, within }: { media: readonly JsonObject[]; within: readonly JsonObject[] }): string {
  if (media.length === 0) return "";
  return within.length === 0 ? "The result is in the next message" : "The result is attached";
}
