/** A strict reader of the chunks that a Chat Completions client is sent: it throws at the first rule they break. */

import assert from "node:assert/strict";
import type { JsonObject } from "../../chat/json.ts";

export interface GrammarOptions {
  /** Whether the client asked for counts. */
  includeUsage: boolean;
  /** How many choices it asked for; 1 when absent. */
  n?: number;
  /** The client reads `function_call`. */
  legacy?: boolean;
}

export interface ReadCall {
  id: string;
  type: string;
  name: string;
  arguments: string;
}

export interface ReadChoice {
  text: string;
  reasoning: string;
  refusal: string;
  toolCalls: ReadCall[];
  functionCall?: { name: string; arguments: string };
  finish?: string;
}

/** What the stream said; the members of the first choice stand at the top. */
export interface ReadStream extends ReadChoice {
  choices: ReadChoice[];
  head: { id: string; model: string; created: number } | undefined;
  usage?: JsonObject | undefined;
  error?: { message: string; type: string; param: string | null; code: string | null };
}

// What a chunk should look like; each member is asserted before it is relied on.
interface Called {
  name?: string;
  arguments?: unknown;
  input?: unknown;
}
interface CallDelta {
  index: number;
  id?: string;
  type?: string;
  function?: Called;
  custom?: Called;
}
interface Delta {
  [name: string]: unknown;
  role?: string;
  tool_calls?: CallDelta[] | null;
  function_call?: Called;
}
interface Entry {
  index: number;
  delta: Delta;
  finish_reason: string | null;
}
interface Chunk {
  object: string;
  id: string;
  model: string;
  created: number;
  choices: Entry[];
  usage?: JsonObject | null;
  error?: NonNullable<ReadStream["error"]>;
}

const FINISH = ["stop", "length", "tool_calls", "content_filter", "function_call"];
const FOREIGN_NAMES = ["reasoning", "reasoning_text", "thinking", "thinking_blocks"];

/** Reads a whole stream, as one text or as its frames. */
export function checkOpenaiChatStream(stream: string | readonly string[], options: GrammarOptions): ReadStream {
  if (typeof stream !== "string") {
    for (const frame of stream) assert.match(frame, /^[^]+\n\n$/, "F20: a frame ends with one blank line");
  }
  const machine = streamMachine(options);
  for (const block of blocksOf(typeof stream === "string" ? stream : stream.join(""))) machine.push(block);
  return machine.end();
}

function blocksOf(text: string): string[] {
  assert.ok(!text.includes("\r"), "canonical frames have LF only");
  assert.ok(text.endsWith("\n\n"), "an event without its final blank line is never delivered");
  return text.slice(0, -2).split("\n\n");
}

function streamMachine({ includeUsage, n = 1, legacy = false }: GrammarOptions) {
  const choices: ReadChoice[] = [];
  let head: ReadStream["head"];
  let usage: JsonObject | undefined;
  let error: ReadStream["error"];
  let done = false;

  function readHead(chunk: Chunk): void {
    assert.equal(chunk.object, "chat.completion.chunk", "O2: every chunk is named a chunk");
    assert.ok(typeof chunk.id === "string" && chunk.id !== "", "O2: every chunk has an id");
    assert.ok(typeof chunk.model === "string" && chunk.model !== "", "O2: every chunk has a model");
    assert.ok(Number.isInteger(chunk.created), "O2: every chunk has a time in seconds");
    const { id, model, created } = chunk;
    head ??= { id, model, created };
    assert.deepEqual({ id, model, created }, head, "O2: id, model and created stay the same");
  }

  function readUsage(chunk: Chunk): void {
    assert.ok(includeUsage, "O4: no chunk without choices for a client that did not ask for counts");
    assert.equal(usage, undefined, "O5: one chunk of counts");
    assert.ok(choices.length > 0 && choices.every((choice) => choice.finish), "O5: the counts follow the finish");
    for (const name of ["prompt_tokens", "completion_tokens", "total_tokens"]) {
      assert.ok(Number.isInteger(chunk.usage?.[name]), `O5: the counts have ${name}`);
    }
    usage = chunk.usage ?? undefined;
  }

  function readChoice(entry: Entry): void {
    assert.equal(usage, undefined, "O5: nothing but [DONE] follows the counts");
    assert.ok(Number.isInteger(entry.index) && entry.index >= 0 && entry.index < n, "a choice has an index below n");
    assert.ok("finish_reason" in entry, "O3: the finish_reason key is there");
    const { delta, finish_reason: finish } = entry;
    assert.ok(delta !== null && typeof delta === "object", "a choice has a delta");
    const choice = choices[entry.index] ??= { text: "", reasoning: "", refusal: "", toolCalls: [] };
    assert.equal(choice.finish, undefined, "O15: nothing follows the finish of a choice");
    readDelta(choice, delta);
    if (finish === null) return;
    assert.ok(FINISH.includes(finish), `O3: ${finish} is a word of the vocabulary`);
    assert.ok(!delta.reasoning_content, "O12: a chunk of thoughts alone carries no finish");
    readFinish(choice, finish);
  }

  function readDelta(choice: ReadChoice, delta: Delta): void {
    const isFirst = !begun.has(choice);
    begun.add(choice);
    if (isFirst || delta.role !== undefined) assert.equal(delta.role, "assistant", "O1: the first delta has the role");
    for (const name of FOREIGN_NAMES) {
      const value = delta[name];
      assert.ok(!value || (Array.isArray(value) && value.length === 0), `K1: ${name} is told as reasoning_content`);
    }
    choice.text += textOf(delta.content, "content");
    choice.reasoning += textOf(delta.reasoning_content, "reasoning_content");
    choice.refusal += textOf(delta.refusal, "refusal");
    for (const call of delta.tool_calls ?? []) readCall(choice, call);
    if (delta.function_call) readFunctionCall(choice, delta.function_call);
  }
  const begun = new Set<ReadChoice>();

  function readFunctionCall(choice: ReadChoice, call: Called): void {
    assert.ok(legacy, "function_call is for clients that sent functions");
    const { name = choice.functionCall?.name, arguments: json } = call;
    assert.ok(name, "the first delta of a call has its name");
    choice.functionCall = { name, arguments: (choice.functionCall?.arguments ?? "") + textOf(json, "arguments") };
  }

  function readCall({ toolCalls }: ReadChoice, call: CallDelta): void {
    assert.ok(!legacy, "a client that sent functions reads no tool_calls");
    assert.ok(Number.isInteger(call.index), "T3: a delta of a call has its index");
    const body = call.custom ?? call.function;
    const known = toolCalls[call.index];
    if (known === undefined) {
      assert.equal(call.index, toolCalls.length, "T11: indexes count from 0 without gaps");
      assert.ok(typeof call.id === "string" && call.id !== "", "T2: the first delta of a call has its id");
      assert.ok(toolCalls.every((other) => other.id !== call.id), "T15: ids are unique");
      assert.ok(call.type === "function" || call.type === "custom", "the first delta of a call has its type");
      assert.ok(body?.name, "the first delta of a call has its name");
      toolCalls.push({ id: call.id, type: call.type, name: body.name, arguments: "" });
    } else {
      assert.ok(call.id === undefined || call.id === known.id, "a call keeps its id");
      assert.ok(body?.name === undefined || body.name === known.name, "T4: a call keeps its name");
    }
    toolCalls[call.index]!.arguments += textOf(body?.arguments ?? body?.input, "arguments");
  }

  function readFinish(choice: ReadChoice, finish: string): void {
    choice.finish = finish;
    const isCut = finish === "length" || finish === "content_filter";
    if (finish === "tool_calls") assert.ok(choice.toolCalls.length > 0, "finish tool_calls means that there is a call");
    if (finish === "stop") {
      assert.equal(choice.toolCalls.length, 0, "A6: an answer that calls tools ends in tool_calls");
    }
    for (const call of choice.toolCalls) {
      if (!isCut && call.type === "function") JSON.parse(call.arguments); // T9
    }
  }

  return {
    push(block: string): void {
      assert.ok(!done, "nothing follows [DONE]");
      assert.equal(error, undefined, "E5: nothing follows an error");
      if (block.startsWith(":")) return;
      assert.match(block, /^data: [^\n]*$/, "F20: an event is one data line");
      const data = block.slice("data: ".length);
      if (data === "[DONE]") {
        assert.ok(choices.length > 0 && choices.every((choice) => choice.finish), "O3: every choice has its finish");
        if (includeUsage) assert.ok(usage, "O5: a client that asked is told the counts");
        done = true;
        return;
      }
      const chunk: Chunk = JSON.parse(data);
      if (chunk.error !== undefined) {
        error = readError(chunk);
        return;
      }
      readHead(chunk);
      assert.ok(Array.isArray(chunk.choices), "a chunk has choices");
      if (chunk.choices.length === 0) readUsage(chunk);
      else assert.ok(chunk.usage === undefined || chunk.usage === null, "O5: counts have a chunk of their own");
      chunk.choices.forEach(readChoice);
    },
    end(): ReadStream {
      assert.ok(done || error !== undefined, "a stream ends with [DONE] or an error");
      const first = choices[0] ?? { text: "", reasoning: "", refusal: "", toolCalls: [] };
      return { ...first, choices, head, usage, ...(error && { error }) };
    },
  };
}

function readError({ error, ...rest }: Chunk): ReadStream["error"] {
  assert.deepEqual(rest, {}, "E5: an error frame holds the error alone");
  assert.deepEqual(Object.keys(error ?? {}), ["message", "type", "param", "code"], "E3: the four members of an error");
  assert.ok(typeof error?.message === "string" && typeof error.type === "string");
  return error;
}

function textOf(value: unknown, name: string): string {
  assert.ok(value === undefined || value === null || typeof value === "string", `${name} is text`);
  return typeof value === "string" ? value : "";
}
