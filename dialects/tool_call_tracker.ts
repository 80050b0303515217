/** Gives the tool calls of one choice dense indexes and unique ids, however their upstream numbers them (CASES T1–T4). */

import type { ChatEvent, ToolCallEvent } from "../chat/event.ts";
import { completeJson } from "./complete_json.ts";

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
  /** Arguments that came before the name. */
  waiting: string;
  /** Whether no arguments came so far, or white space alone. */
  isEmpty: boolean;
  /** Whether they begin as an object. */
  isObject: boolean;
  /** Whether they are a whole object so far. */
  isWhole: boolean;
  /** Takes the next fragment of them, and tells whether they are a whole value. */
  complete: (fragment: string) => boolean;
  /** What the upstream says, by which later deltas are recognised. */
  given: { index: number | undefined; id: string | undefined };
  signature: string | undefined;
  custom: boolean;
}

/** `makeId` makes an id for the call of a dense index whose upstream gave none, or one that is taken. */
export function toolCallTracker(makeId: (index: number) => string): ToolCallTracker {
  const calls = latestCalls();
  const ids = new Set<string>();
  /** The calls that have begun and have no arguments. */
  const empty = new Set<Call>();
  let begun = 0;

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
    const found = calls.find(delta);
    const call = found !== undefined && isSameCall(found, delta) ? found : calls.add(delta);
    calls.note(call, delta);
    const fragment = delta.arguments ?? "";
    grow(call, fragment);

    const events: CallEvent[] = [];
    const { waiting } = call;
    if (call.index === undefined && call.name !== "") events.push(begin(call));
    const { index } = call;
    const json = waiting + fragment;
    call.waiting = index === undefined ? json : "";
    if (index === undefined) return { events, exact: false };
    if (call.isEmpty) empty.add(call);
    else empty.delete(call);
    if (json !== "") events.push({ type: "tool-arguments", index, json });
    const [first] = events;
    const isIdKept = first?.type !== "tool-call" || first.id === delta.id;
    return { events, exact: delta.index === index && isIdKept && waiting === "" };
  }

  return { push, count: () => begun, hasEmpty: () => empty.size > 0 };
}

/** The latest call of each of the upstream's ids and indexes: found at once, however many there are. */
function latestCalls() {
  const byId = new Map<string, Call>();
  const byIndex = new Map<number, Call>();
  let last: Call | undefined;

  return {
    /** The call that a delta seems to go on with: by its id, else by its index, else the last one. */
    find({ index, id, name }: CallDelta): Call | undefined {
      const known = (id && byId.get(id)) || (index !== undefined && byIndex.get(index));
      if (known) return known;
      const isNew = index !== undefined && (id !== undefined || name !== undefined);
      return isNew ? undefined : last;
    },
    add({ index }: CallDelta): Call {
      last = newCall(index);
      if (index !== undefined) byIndex.set(index, last);
      return last;
    },
    /** Takes what the delta says of the call, its arguments left out. */
    note(call: Call, { id, name, signature, custom }: CallDelta): void {
      call.name ||= name ?? "";
      call.signature ??= signature;
      call.custom ||= custom ?? false;
      if (id === undefined || call.given.id !== undefined) return;
      call.given.id = id;
      byId.set(id, call);
    },
  };
}

/** Takes more of the arguments. */
function grow(call: Call, fragment: string): void {
  if (call.isEmpty && fragment.trim() !== "") {
    call.isEmpty = false;
    call.isObject = fragment.trimStart().startsWith("{");
  }
  call.isWhole = call.complete(fragment) && call.isObject;
}

function newCall(index: number | undefined): Call {
  return {
    index: undefined,
    name: "",
    waiting: "",
    isEmpty: true,
    isObject: false,
    isWhole: false,
    complete: completeJson(),
    given: { index, id: undefined },
    signature: undefined,
    custom: false,
  };
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
  if (!call.isWhole) return true;
  return delta.id !== undefined && !delta.arguments;
}
