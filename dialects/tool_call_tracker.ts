/** Gives the tool calls of one choice dense indexes and unique ids, however their upstream numbers them (CASES T1–T4). */

import type { ChatEvent, ToolCallEvent } from "../chat/event.ts";
import { parseJson } from "./json.ts";

/** One delta of a call, as it came: any of its members may be missing. */
export interface CallDelta {
  index?: number | undefined;
  id?: string | undefined;
  name?: string | undefined;
  arguments?: string | undefined;
  signature?: string | undefined;
  /** The arguments are free text. */
  custom?: boolean | undefined;
}

export type CallEvent = ToolCallEvent | Extract<ChatEvent, { type: "tool-arguments" }>;

export interface ToolCallTracker {
  /** `exact`: the delta's own index and id are those of the events, so that its frame can be relayed. */
  push(delta: CallDelta): { events: CallEvent[]; exact: boolean };
  /** How many calls have begun. */
  count(): number;
  /** Whether a call that has begun has no arguments so far. */
  hasEmpty(): boolean;
}

interface Call {
  /** Undefined until the name is known: without it a call cannot begin. */
  index: number | undefined;
  name: string;
  json: string;
  /** What the upstream says, by which later deltas are recognised. */
  given: { index: number | undefined; id: string | undefined };
  signature: string | undefined;
  custom: boolean;
}

/** `makeId` makes an id for the call of a dense index whose upstream gave none, or one that is taken. */
export function toolCallTracker(makeId: (index: number) => string): ToolCallTracker {
  const calls: Call[] = [];
  const ids = new Set<string>();
  let begun = 0;

  /** The call that a delta seems to go on with: by its id, else by its index, else the last one. */
  function candidate({ index, id, name }: CallDelta): Call | undefined {
    const byId = id === undefined ? undefined : calls.findLast((call) => call.given.id === id);
    if (byId !== undefined) return byId;
    const byIndex = index === undefined ? undefined : calls.findLast((call) => call.given.index === index);
    if (byIndex !== undefined) return byIndex;
    const isNew = index !== undefined && (id !== undefined || name !== undefined);
    return isNew ? undefined : calls.at(-1);
  }

  function begin(call: Call): CallEvent {
    const index = begun++;
    call.index = index;
    const { id: given } = call.given;
    const id = given !== undefined && !ids.has(given) ? given : makeId(index);
    ids.add(id);
    const rest = {
      ...(call.signature !== undefined && { signature: call.signature }),
      ...(call.custom && { custom: true }),
    };
    return { type: "tool-call", index, id, name: call.name, ...rest };
  }

  function push(given: CallDelta): { events: CallEvent[]; exact: boolean } {
    const delta = { ...given, id: given.id || undefined, name: given.name || undefined };
    const found = candidate(delta);
    const call = found !== undefined && isSameCall(found, delta) ? found : addCall(calls, delta);
    call.name ||= delta.name ?? "";
    call.given.id ??= delta.id;
    call.signature ??= delta.signature;
    call.custom ||= delta.custom ?? false;

    const events: CallEvent[] = [];
    const waited = call.index === undefined ? call.json : "";
    call.json += delta.arguments ?? "";
    if (call.index === undefined && call.name !== "") events.push(begin(call));
    const { index } = call;
    if (index === undefined) return { events, exact: false };
    const json = waited + (delta.arguments ?? "");
    if (json !== "") events.push({ type: "tool-arguments", index, json });
    const [first] = events;
    const isIdKept = first?.type !== "tool-call" || first.id === delta.id;
    return { events, exact: delta.index === index && isIdKept && waited === "" };
  }

  return {
    push,
    count: () => begun,
    hasEmpty: () => calls.some((call) => call.index !== undefined && call.json.trim() === ""),
  };
}

function addCall(calls: Call[], { index, id }: CallDelta): Call {
  const call: Call = {
    index: undefined,
    name: "",
    json: "",
    given: { index, id },
    signature: undefined,
    custom: false,
  };
  calls.push(call);
  return call;
}

/**
 * Whether a delta goes on with a call or begins another. Only a delta with a name can begin one; vendors that number
 * every call 0, or not at all, are told from vendors that repeat the name in each delta by whether the arguments so far
 * are already whole (CASES T4).
 */
function isSameCall(call: Call, delta: CallDelta): boolean {
  if (delta.name === undefined || call.name === "") return true;
  const { given } = call;
  if (delta.id !== undefined && given.id !== undefined && delta.id !== given.id) return false;
  if (delta.index !== undefined && given.index !== undefined && delta.index !== given.index) return false;
  if (delta.name !== call.name) return false;
  if (!isWhole(call.json)) return true;
  return delta.id !== undefined && !delta.arguments;
}

function isWhole(json: string): boolean {
  return json.trimEnd().endsWith("}") && parseJson(json) !== undefined;
}
