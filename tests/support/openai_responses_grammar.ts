/** A strict reader of the events that a Responses client is sent: it throws at the first rule they break. */

import assert from "node:assert/strict";
import type { JsonObject } from "../../chat/json.ts";

export interface ReadCall {
  /** The `call_id`. */
  id: string;
  type: "function_call" | "custom_tool_call";
  name: string;
  arguments: string;
}

/** What the stream said. */
export interface ReadResponses {
  text: string;
  reasoning: string;
  refusal: string;
  toolCalls: ReadCall[];
  /** The status, and why it is incomplete: `completed`, `incomplete/max_output_tokens`, `failed`. */
  finish: string;
  usage: JsonObject | undefined;
  error: { type: string; code: string | null; message: string; param: string | null } | undefined;
  /** The last `response`. */
  response: JsonObject;
  types: string[];
}

// What an event should look like; each member is asserted before it is relied on.
interface Part {
  type: string;
  text?: string;
  refusal?: string;
  annotations?: unknown[];
  logprobs?: unknown[];
}
interface Item {
  [name: string]: unknown;
  id: string;
  type: string;
  status?: string;
  content?: Part[];
  summary?: Part[];
  call_id: string;
  name: string;
  arguments: string;
  input: string;
}
interface Event {
  [name: string]: unknown;
  type: string;
  sequence_number: number;
  output_index: number;
  item_id: string;
  item: Item;
  part: Part;
  delta: string;
  annotation_index: number;
  annotation: unknown;
  logprobs: unknown[];
  response: JsonObject;
  error: NonNullable<ReadResponses["error"]>;
}
interface Open {
  index: number;
  item: Item;
  part: Part | undefined;
  /** The text of the open part was told to be whole. */
  isTextDone: boolean;
  areArgumentsDone: boolean;
}

const TERMINALS = ["response.completed", "response.incomplete", "response.failed"];
const PREFIXES: ReadonlyMap<string, string> = new Map([
  ...[["message", "msg_"], ["function_call", "fc_"], ["custom_tool_call", "ctc_"]] as const,
  ...[["reasoning", "rs_"], ["image_generation_call", "ig_"]] as const,
]);
/** DIALECTS.md §4.2. */
const REQUIRED = [
  ...["id", "object", "created_at", "status", "error", "incomplete_details", "instructions", "metadata", "model"],
  ...["output", "parallel_tool_calls", "temperature", "tool_choice", "tools", "top_p"],
];
/** The events of a text, and the parts it stands in. */
const TEXT_EVENTS: { [event: string]: { part: string; index: "content_index" | "summary_index" } } = {
  "response.output_text": { part: "output_text", index: "content_index" },
  "response.refusal": { part: "refusal", index: "content_index" },
  "response.reasoning_text": { part: "reasoning_text", index: "content_index" },
  "response.reasoning_summary_text": { part: "summary_text", index: "summary_index" },
};
const CALL_EVENTS: { [event: string]: { type: string; member: "arguments" | "input" } } = {
  "response.function_call_arguments": { type: "function_call", member: "arguments" },
  "response.custom_tool_call_input": { type: "custom_tool_call", member: "input" },
};

export interface GrammarOptions {
  /** The stream may be an upstream's own: items that overlap and missing members, which official clients take. */
  relayed?: boolean;
}

/** Reads a whole stream, as one text or as its frames. */
export function checkOpenaiResponsesStream(
  stream: string | readonly string[],
  { relayed = false }: GrammarOptions = {},
): ReadResponses {
  if (typeof stream !== "string") {
    for (const frame of stream) assert.match(frame, /^[^]+\n\n$/, "F20: a frame ends with one blank line");
  }
  const machine = streamMachine(relayed);
  for (const event of eventsIn(typeof stream === "string" ? stream : stream.join(""))) machine.push(event);
  return machine.end();
}

function eventsIn(text: string): Event[] {
  assert.ok(!text.includes("\r"), "canonical frames have LF only");
  assert.ok(text.endsWith("\n\n"), "an event without its final blank line is never delivered");
  return text.slice(0, -2).split("\n\n").map((block) => {
    const [, name, data] = /^event: (.+)\ndata: ([^\n]+)$/.exec(block) ?? assert.fail(`not an event: ${block}`);
    const event: Event = JSON.parse(data ?? "");
    assert.equal(event.type, name, "the event line says the type");
    return event;
  });
}

function streamMachine(relayed: boolean) {
  const types: string[] = [];
  const output: Item[] = [];
  const ids = new Set<string>();
  const open = new Map<number, Open>();
  let added = 0;
  let head: { id: unknown; model: unknown; created_at: unknown } | undefined;
  let number = -1;
  let error: ReadResponses["error"];
  let last: JsonObject | undefined;
  const said = { text: "", reasoning: "", refusal: "" };

  function readResponse({ type, response }: Event): void {
    for (const name of REQUIRED) assert.ok(relayed || name in response, `P1: the response has ${name}`);
    assert.equal(response.object, "response");
    assert.ok(Number.isInteger(response.created_at), "created_at is in seconds");
    const { id, model, created_at } = response;
    assert.match(String(id), /^resp_\w+$/, "P1: the id looks native");
    head ??= { id, model, created_at };
    assert.deepEqual({ id, model, created_at }, head, "P1: id, model and time stay the same");
    const status = type.slice("response.".length);
    assert.equal(response.status, status === "created" ? "in_progress" : status, "the status is the event's");
  }

  function readLifecycle(event: Event): void {
    readResponse(event);
    if (event.type === "response.created") assert.deepEqual(types, [], "response.created comes once, and first");
  }

  function addItem({ output_index: index, item }: Event): void {
    assert.ok(relayed || types.includes("response.in_progress"), "P1: response.in_progress precedes the items");
    assert.ok(relayed || open.size === 0, "P1: one item is done before the next is added");
    assert.equal(index, added++, "P1: output_index counts from 0 without gaps");
    assert.ok(typeof item.id === "string" && item.id !== "" && !ids.has(item.id), "items have ids of their own");
    ids.add(item.id);
    const prefix = PREFIXES.get(item.type);
    if (prefix !== undefined) assert.ok(item.id.startsWith(prefix), `the id of a ${item.type} begins with ${prefix}`);
    if (item.type === "message") {
      assert.deepEqual([item.role, item.content, item.status], ["assistant", [], "in_progress"]);
    }
    if (item.type === "reasoning") assert.deepEqual(item.summary, [], "P4: a thought opens empty");
    if (item.type === "function_call" || item.type === "custom_tool_call") openCall(item);
    open.set(index, { index, item, part: undefined, isTextDone: false, areArgumentsDone: false });
  }

  function openCall(item: Item): void {
    assert.equal(item.arguments ?? item.input, "", "P3: a call opens without its arguments");
    assert.ok(item.call_id && item.name, "P3: a call has its call_id and its name");
    assert.ok(!ids.has(item.call_id), "T15: ids are unique");
    ids.add(item.call_id);
  }

  function opened(event: Event): Open {
    const item = open.get(event.output_index) ?? assert.fail(`${event.type} has the index of an open item`);
    if (!event.type.startsWith("response.output_item.")) {
      assert.equal(event.item_id, item.item.id, `${event.type} has the id of its item`);
    }
    return item;
  }

  function listOf({ item }: Open, part: string): Part[] {
    return part === "summary_text" ? item.summary ??= [] : item.content ??= [];
  }

  function addPart(event: Event): void {
    const item = opened(event);
    assert.equal(item.part, undefined, "one part is done before the next is added");
    const { part } = event;
    const isSummary = part.type === "summary_text";
    assert.equal(isSummary, event.type === "response.reasoning_summary_part.added");
    assert.equal(item.item.type, isSummary || part.type === "reasoning_text" ? "reasoning" : "message");
    assert.equal(
      event[isSummary ? "summary_index" : "content_index"],
      listOf(item, part.type).length,
      "P1: parts count",
    );
    assert.equal(part.text ?? part.refusal, "", "P1: a part opens empty");
    if (part.type === "output_text") assert.deepEqual(part.annotations, [], "P1: a text opens without annotations");
    if (isSummary && event.summary_index !== 0) said.reasoning += "\n\n";
    item.part = part;
    item.isTextDone = false;
  }

  function partOf(event: Event, type: string): Part {
    const item = opened(event);
    if (item.part === undefined) assert.fail(`${event.type} is about no open part`);
    assert.equal(item.part.type, type, `${event.type} is about a ${type}`);
    const index = event[type === "summary_text" ? "summary_index" : "content_index"];
    assert.equal(index, listOf(item, type).length, `${event.type} has the index of the open part`);
    return item.part;
  }

  function readText(event: Event, { part: type }: { part: string }): void {
    const part = partOf(event, type);
    const member = type === "refusal" ? "refusal" : "text";
    if (event.type.endsWith(".done")) {
      assert.equal(event[member], part[member], "P1: the whole text is what the deltas said");
      opened(event).isTextDone = true;
      return;
    }
    assert.ok(!opened(event).isTextDone, "P1: no delta follows the whole text");
    assert.ok(typeof event.delta === "string" && event.delta !== "", "P4: no empty deltas");
    if (type === "output_text") assert.ok(Array.isArray(event.logprobs), "P1: a delta of text has logprobs");
    part[member] = (part[member] ?? "") + event.delta;
    said[type === "output_text" ? "text" : type === "refusal" ? "refusal" : "reasoning"] += event.delta;
  }

  function endPart(event: Event): void {
    const item = opened(event);
    const part = partOf(event, event.part.type);
    assert.ok(item.isTextDone, "P1: the whole text precedes the end of its part");
    // Logprobs come with the deltas; that they are all there is other tests' subject.
    assert.deepEqual({ ...event.part, logprobs: [] }, { ...part, logprobs: [] }, "P1: the part is what was said of it");
    listOf(item, part.type).push(event.part);
    item.part = undefined;
  }

  function annotate(event: Event): void {
    const { annotations = [] } = partOf(event, "output_text");
    assert.equal(event.annotation_index, annotations.length, "annotations count");
    annotations.push(event.annotation);
  }

  function readArguments(event: Event, { type, member }: { type: string; member: "arguments" | "input" }): void {
    const { item } = opened(event);
    assert.equal(item.type, type, `${event.type} is about a ${type}`);
    if (event.type.endsWith(".done")) {
      assert.equal(event[member], item[member], "P3: the whole arguments are what the deltas said");
      opened(event).areArgumentsDone = true;
      return;
    }
    assert.ok(!opened(event).areArgumentsDone, "P3: no delta follows the whole arguments");
    assert.ok(typeof event.delta === "string" && event.delta !== "", "T8: no empty deltas");
    item[member] += event.delta;
  }

  function endItem(event: Event): void {
    const { item, part, areArgumentsDone } = opened(event);
    assert.equal(part, undefined, "P2: a part is done before its item");
    const isCall = item.type === "function_call" || item.type === "custom_tool_call";
    if (isCall) assert.ok(areArgumentsDone, "P3: the whole arguments precede the end of the call");
    const { status, encrypted_content: _, ...rest } = event.item;
    const { status: __, encrypted_content: ___, ...told } = item;
    const isPlain = isCall || item.type === "message" || item.type === "reasoning";
    if (isPlain) assert.deepEqual(rest, told, "P1: the item is what was said of it");
    assert.deepEqual([rest.id, rest.type], [told.id, told.type], "P1: an item keeps its id and its type");
    if (isPlain && "status" in item) {
      assert.ok(status === "completed" || status === "incomplete", "an item that is done says so");
    }
    if (item.type === "function_call" && status === "completed") {
      assert.notEqual(item.arguments.trim(), "", "T9: a call without arguments has an empty object");
    }
    output[event.output_index] = event.item;
    open.delete(event.output_index);
  }

  function readError(event: Event): void {
    const { code, message, param, error: nested } = event;
    assert.ok(message && nested.type, "E3: an error has a message and a type");
    assert.deepEqual({ code, message, param }, { code: nested.code, message: nested.message, param: nested.param });
    error = nested;
  }

  function conclude(event: Event): void {
    readResponse(event);
    const { response, type } = event;
    const told = output.filter(Boolean);
    const whole = response.output as unknown as Item[];
    assert.deepEqual(whole.map(withoutNotes), told.map(withoutNotes), "P1: the last event has all output");
    // What was found out of a text behind it stands where all of it does.
    for (const [at, notes] of told.map(notesOf).entries()) {
      assert.deepEqual(notesOf(whole[at]!).slice(0, notes.length), notes, "P1: the last event has all notes");
    }
    const isFailed = type === "response.failed";
    assert.equal(isFailed, error !== undefined, "E5: a failure is told as an error first");
    assert.equal((response.error ?? null) !== null, isFailed, "only a failed response has an error");
    if (!isFailed) assert.equal(open.size, 0, "P2: every item is done before the end");
    if (isFailed && error !== undefined) {
      const { code, type, message } = error;
      assert.deepEqual(response.error, { code: code ?? type, message }, "P6: the code stands in the response, too");
    }
    checkUsage(response.usage);
    last = response;
  }

  function read(event: Event): void {
    const text = TEXT_EVENTS[event.type.replace(/\.(?:delta|done)$/, "")];
    if (text !== undefined) return readText(event, text);
    const call = CALL_EVENTS[event.type.replace(/\.(?:delta|done)$/, "")];
    if (call !== undefined) return readArguments(event, call);
    if (TERMINALS.includes(event.type)) return conclude(event);
    const known: { [type: string]: (event: Event) => void } = {
      "response.created": readLifecycle,
      "response.queued": readLifecycle,
      "response.in_progress": readLifecycle,
      "response.output_item.added": addItem,
      "response.content_part.added": addPart,
      "response.reasoning_summary_part.added": addPart,
      "response.output_text.annotation.added": annotate,
      "response.content_part.done": endPart,
      "response.reasoning_summary_part.done": endPart,
      "response.output_item.done": endItem,
      "error": readError,
    };
    // A server tool tells of its progress in events of its own.
    if (/^response\.\w+_call\./.test(event.type)) return void opened(event);
    (known[event.type] ?? assert.fail(`${event.type} is no event of this API`))(event);
  }

  return {
    push(event: Event): void {
      assert.equal(last, undefined, "nothing follows the end");
      if (error !== undefined) assert.equal(event.type, "response.failed", "only response.failed follows an error");
      if (types.length === 0) assert.equal(event.type, "response.created", "response.created comes first");
      assert.ok(Number.isInteger(event.sequence_number) && event.sequence_number > number, "P1: numbers rise");
      number = event.sequence_number;
      read(event);
      types.push(event.type);
    },
    end(): ReadResponses {
      if (last === undefined) assert.fail("the stream has an end");
      const details = last.incomplete_details;
      const reason = details !== null && typeof details === "object" && "reason" in details ? `/${details.reason}` : "";
      const usage = last.usage;
      return {
        ...said,
        toolCalls: output.filter(Boolean).flatMap(readCall),
        finish: `${last.status}${reason}`,
        usage: usage !== null && typeof usage === "object" && !Array.isArray(usage) ? usage : undefined,
        error,
        response: last,
        types,
      };
    },
  };
}

function readCall({ type, call_id: id, name, ...item }: Item): ReadCall[] {
  if (type === "function_call") return [{ type, id, name, arguments: item.arguments }];
  return type === "custom_tool_call" ? [{ type, id, name, arguments: item.input }] : [];
}

function checkUsage(usage: unknown): void {
  if (usage === null || usage === undefined) return;
  const { input_tokens_details: input, output_tokens_details: output, ...counts } = usage as {
    [name: string]: unknown;
    input_tokens_details: { [name: string]: unknown };
    output_tokens_details: { [name: string]: unknown };
  };
  for (const name of ["input_tokens", "output_tokens", "total_tokens"]) {
    assert.ok(Number.isInteger(counts[name]), `the counts have ${name}`);
  }
  assert.ok(Number.isInteger(input.cached_tokens), "the counts have cached_tokens");
  assert.ok(Number.isInteger(output.reasoning_tokens), "the counts have reasoning_tokens");
}

function withoutNotes({ content, ...item }: Item): Item {
  return content === undefined ? { ...item } : { ...item, content: content.map(({ annotations: _, ...part }) => part) };
}

function notesOf({ content = [] }: Item): unknown[] {
  return content.flatMap(({ annotations = [] }) => annotations);
}
