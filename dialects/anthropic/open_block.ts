/** What one content block of an upstream says, from its start to its stop. */

import type { ChatEvent } from "../../chat/event.ts";
import type { Json, JsonObject } from "../../chat/json.ts";
import { callId } from "../call_id.ts";
import { isObject, parseJson } from "../json.ts";
import { queriesIn } from "../web_search.ts";
import { parseCitation } from "./citations.ts";
import type { StreamDelta } from "./schema.ts";

export interface OpenBlock {
  /** What the start said. */
  events: ChatEvent[];
  /** The frame's events differ from what it says, so that it must not be relayed. */
  isRepaired?: boolean;
  delta(delta: StreamDelta): ChatEvent[];
  stop(): ChatEvent[];
}

/** What the blocks of one answer share. */
export interface AnswerState {
  /** The answer's id. */
  id: string;
  /** The ids of the calls that have begun: a call's index is not that of its block (CASES T11). */
  calls: Set<string>;
  /** How long the text is so far, for the places of citations. */
  length: number;
  /** The thoughts since the last signature (K13). */
  thought: string;
  /** The empty arguments of calls that have just ended: what follows tells whether the last broke off before its first. */
  bare: ToolArguments[];
}

type ToolArguments = Extract<ChatEvent, { type: "tool-arguments" }>;

export function openBlock(block: JsonObject, state: AnswerState): OpenBlock {
  switch (block.type) {
    case "text":
      return textBlock(block, state);
    case "thinking":
      return thoughtBlock(block, state);
    case "redacted_thinking":
      return whole([{ type: "redacted-reasoning", data: stringOf(block.data) }]);
    case "tool_use":
      return callBlock(block, state);
    default:
      return opaqueBlock(block);
  }
}

/** Citations come before their text or after it; they are told when the block is whole, as then its place is known. */
function textBlock(block: JsonObject, state: AnswerState): OpenBlock {
  const begin = state.length;
  const citations: JsonObject[] = Array.isArray(block.citations) ? block.citations.filter(isObject) : [];
  const say = (text: string): ChatEvent[] => {
    state.length += text.length;
    return text === "" ? [] : [{ type: "text", text }];
  };
  return {
    events: say(stringOf(block.text)),
    delta({ text, citation }) {
      if (citation) citations.push(citation);
      return say(text ?? "");
    },
    stop: () => citations.map((citation) => parseCitation(citation, { begin, end: state.length })),
  };
}

/** Some relays tell all thoughts once more in a signed block: only its signature is new (CASES K13). */
function thoughtBlock(block: JsonObject, state: AnswerState): OpenBlock {
  const think = (text: string, signature: string): ChatEvent[] => {
    state.thought = signature === "" ? state.thought + text : "";
    if (text === "" && signature === "") return [];
    return [{ type: "reasoning", text, ...(signature !== "" && { signature }) }];
  };
  const text = stringOf(block.thinking);
  const isRepaired = text !== "" && text === state.thought;
  return {
    events: think(isRepaired ? "" : text, stringOf(block.signature)),
    isRepaired,
    delta: ({ thinking, signature }) => think(thinking ?? "", signature ?? ""),
    stop: () => [],
  };
}

function callBlock(block: JsonObject, state: AnswerState): OpenBlock {
  const name = stringOf(block.name);
  if (name === "") return { ...whole([]), isRepaired: true };
  const index = state.calls.size;
  /** Arguments that came whole with the start, as some relays send them (CASES A11). */
  const input = isObject(block.input) && Object.keys(block.input).length > 0 ? JSON.stringify(block.input) : "";
  let isEmpty = true;
  const given = stringOf(block.id);
  // Some relays make an id of the name alone, the same for each call of it (CASES T15).
  const isRepaired = given === "" || state.calls.has(given);
  const id = isRepaired ? callId(`${state.id}/${index}`) : given;
  state.calls.add(id);
  return {
    events: [{ type: "tool-call", index, id, name }],
    isRepaired,
    delta({ partial_json: json }) {
      if (!json) return [];
      isEmpty = false;
      return [{ type: "tool-arguments", index, json }];
    },
    stop() {
      const whole: ToolArguments = { type: "tool-arguments", index, json: input === "" ? "{}" : input };
      if (isEmpty && input !== "") return [whole];
      if (isEmpty) state.bare.push(whole);
      return [];
    },
  };
}

/** A server tool's call or result, or a block that is newer than this page: told when it is whole. */
function opaqueBlock(block: JsonObject): OpenBlock {
  if (typeof block.type !== "string") return { ...whole([]), isRepaired: true };
  let json = "";
  return {
    events: [],
    delta({ partial_json }) {
      json += partial_json ?? "";
      return [];
    },
    stop() {
      const input = parseJson(json);
      const value = isObject(input) ? { ...block, input } : block;
      const isSearch = value.type === "server_tool_use" && value.name === "web_search";
      const queries = isSearch && isObject(value.input) ? queriesIn(value.input.query) : undefined;
      return [{ type: "opaque", dialect: "anthropic", value, ...(queries && { queries }) }];
    },
  };
}

function whole(events: ChatEvent[]): OpenBlock {
  return { events, delta: () => [], stop: () => [] };
}

function stringOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
