/** A strict reader of the events that a Messages client is sent: it throws at the first rule they break. */

import assert from "node:assert/strict";
import { type AnthropicBlock, type BlockStart, type Delta, readBlocks } from "./anthropic_blocks.ts";

export type { AnthropicBlock };

export interface AnthropicUsage {
  [name: string]: unknown;
  input_tokens: number;
  output_tokens: number;
}

export interface AnthropicError {
  type: string;
  message: string;
  details?: { error_code: string };
}

/** What the stream said; texts and thoughts of several blocks are joined. */
export interface AnthropicStream {
  text: string;
  reasoning: string;
  toolCalls: { id: string; name: string; arguments: string }[];
  blocks: AnthropicBlock[];
  finish?: string;
  stopSequence?: string | null;
  /** The last counts. */
  usage?: AnthropicUsage;
  head?: Head;
  error?: AnthropicError;
  pings: number;
}

interface Head {
  id: string;
  type: string;
  role: string;
  model: string;
  content: unknown[];
  stop_reason: unknown;
  stop_sequence: unknown;
  usage: AnthropicUsage;
}

// What an event should look like; each member is asserted before it is relied on.
interface Event {
  type: string;
  index: number;
  message: Head;
  content_block: BlockStart;
  delta: Delta & { stop_reason?: unknown; stop_sequence?: string | null; stop_details?: unknown };
  usage: AnthropicUsage;
  error: AnthropicError;
  request_id: unknown;
}

const STOP_REASONS = [
  ...["end_turn", "max_tokens", "stop_sequence", "tool_use"],
  ...["pause_turn", "refusal", "model_context_window_exceeded"],
];
/** With these the last call may be half a call. */
const CUT = ["max_tokens", "model_context_window_exceeded", "refusal"];

/** Reads a whole stream, as one text or as its frames. */
export function checkAnthropicStream(stream: string | readonly string[]): AnthropicStream {
  if (typeof stream !== "string") {
    for (const frame of stream) assert.match(frame, /^[^]+\n\n$/, "F20: a frame ends with one blank line");
  }
  const machine = streamMachine();
  for (const block of framesOf(typeof stream === "string" ? stream : stream.join(""))) machine.push(block);
  return machine.end();
}

function framesOf(text: string): string[] {
  assert.ok(!text.includes("\r"), "canonical frames have LF only");
  assert.ok(text.endsWith("\n\n"), "an event without its final blank line is never delivered");
  return text.slice(0, -2).split("\n\n");
}

function streamMachine() {
  const blocks = readBlocks();
  let head: Head | undefined;
  let ended: Pick<AnthropicStream, "finish" | "stopSequence" | "usage"> | undefined;
  let stopped = false;
  let error: AnthropicError | undefined;
  let pings = 0;

  function read(event: Event): void {
    switch (event.type) {
      case "message_start":
        assert.equal(head, undefined, "E10: one message_start");
        head = readHead(event.message);
        break;
      case "content_block_start":
        assertOpen();
        blocks.start(event.index, event.content_block);
        break;
      case "content_block_delta":
        assertOpen();
        blocks.grow(event.index, event.delta);
        break;
      case "content_block_stop":
        assertOpen();
        blocks.stop(event.index);
        break;
      case "message_delta":
        assertOpen();
        assert.ok(!blocks.isOpen(), "A7: every block is stopped before message_delta");
        ended = readEnd(event, blocks.all());
        break;
      case "message_stop":
        assert.ok(ended, "A1: message_delta comes before message_stop");
        stopped = true;
        break;
      case "error":
        error = readError(event);
        break;
      default:
        assert.fail(`${event.type} is an event that the clients know`);
    }
  }

  function assertOpen(): void {
    assert.ok(head, "A1: message_start comes first");
    assert.equal(ended, undefined, "A1: only message_stop follows message_delta");
  }

  return {
    push(frame: string): void {
      const [, name, data] = /^event: (\w+)\ndata: ([^\n]*)$/.exec(frame) ?? [];
      assert.ok(name && data, `A1: an event is its name and one line of data: ${frame}`);
      const event: Event = JSON.parse(data);
      assert.equal(event.type, name, "A1: the event's name is its type");
      assert.ok(!stopped, "nothing follows message_stop");
      assert.equal(error, undefined, "E5: nothing follows an error");
      if (name === "ping") pings++;
      else read(event);
    },
    end(): AnthropicStream {
      assert.ok(stopped || error, "a stream ends with message_stop or an error");
      const all = blocks.all();
      const calls = all.filter((block) => block.type === "tool_use");
      return {
        text: joined(all, "text"),
        reasoning: joined(all, "thinking"),
        toolCalls: calls.map(({ id = "", name = "", json }) => ({ id, name, arguments: json })),
        blocks: all,
        pings,
        ...(head && { head }),
        ...ended,
        ...(error && { error }),
      };
    },
  };
}

function joined(blocks: readonly AnthropicBlock[], type: string): string {
  return blocks.map((block) => block.type === type ? block.text : "").join("");
}

function readHead(message: Head): Head {
  assert.match(message.id, /^msg_\w+$/, "A12: the id looks native");
  assert.equal(message.type, "message");
  assert.equal(message.role, "assistant", "A12: the role is assistant");
  assert.ok(typeof message.model === "string" && message.model !== "", "A12: a model is named");
  assert.deepEqual(message.content, [], "A12: the content is empty at the start");
  assert.equal(message.stop_reason, null);
  assert.equal(message.stop_sequence, null);
  const { usage } = message;
  assertCounts(usage);
  const input = [usage.input_tokens, usage.cache_read_input_tokens, usage.cache_creation_input_tokens];
  assert.ok(input.some((count) => Number(count ?? 0) > 0), "A4: the prompt has tokens");
  return message;
}

function assertCounts(usage: AnthropicUsage): void {
  for (const name of ["input_tokens", "output_tokens"]) {
    assert.ok(Number.isInteger(usage?.[name]) && Number(usage[name]) >= 0, `A5: ${name} is a number`);
  }
}

function readEnd({ delta, usage }: Event, blocks: readonly AnthropicBlock[]) {
  const { stop_reason: finish, stop_sequence: stopSequence = null } = delta;
  assert.ok(typeof finish === "string" && STOP_REASONS.includes(finish), `A13: ${finish} is a stop reason`);
  assertCounts(usage);
  const calls = blocks.filter(({ type }) => type === "tool_use");
  if (finish === "end_turn") assert.equal(calls.length, 0, "A6: an answer that calls tools ends in tool_use");
  if (finish === "tool_use") assert.ok(calls.length > 0, "A6: tool_use means that there is a call");
  assert.equal(stopSequence !== null && finish !== "stop_sequence", false, "A10: stop_sequence names what was hit");
  for (const { json } of CUT.includes(finish) ? calls.slice(0, -1) : calls) {
    assert.equal(typeof JSON.parse(json || "{}"), "object", "T9: arguments are an object");
  }
  return { finish, stopSequence, usage };
}

function readError({ error, request_id, ...rest }: Event): AnthropicError {
  assert.deepEqual(rest, { type: "error" }, "E3: an error holds nothing else");
  assert.ok(request_id === null || typeof request_id === "string", "E3: an error has a request_id");
  assert.match(error.type, /^\w+_error$|^request_too_large$/, "E4: the type of an error");
  assert.ok(typeof error.message === "string" && error.message !== "", "E4: an error says what is wrong");
  return error;
}
