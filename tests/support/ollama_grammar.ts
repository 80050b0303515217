/** A strict reader of the lines that an Ollama client is sent: it throws at the first rule they break. */

import assert from "node:assert/strict";
import type { JsonObject } from "../../chat/json.ts";

export interface ReadOllamaStream {
  text: string;
  reasoning: string;
  toolCalls: { id?: string; name: string; arguments: JsonObject }[];
  images: string[];
  logprobs: unknown[];
  /** `done_reason` */
  finish?: string;
  /** The counts and durations of the last line. */
  usage: Record<string, number>;
  error?: string;
}

// What a line should look like; each member is asserted before it is relied on.
interface Said {
  role?: string;
  content?: unknown;
  thinking?: unknown;
  images?: unknown;
  tool_calls?: unknown;
}
interface Line extends Said {
  [name: string]: unknown;
  message?: Said;
}

const COUNTS = ["prompt_eval_count", "prompt_eval_cached_count", "eval_count"];
const DURATIONS = ["total_duration", "load_duration", "prompt_eval_duration", "eval_duration"];
const DONE_REASONS = ["stop", "length", "load", "unload"];

/** Reads a whole stream, as one text or as its frames. */
export function checkOllamaStream(
  stream: string | readonly string[],
  options: { route: "chat" | "generate" },
): ReadOllamaStream {
  if (typeof stream !== "string") {
    for (const frame of stream) assert.match(frame, /^(?: |[^\n]+\n)$/, "a frame is one line, or a keep-alive space");
  }
  const text = typeof stream === "string" ? stream : stream.join("");
  assert.ok(!text.includes("\r"), "lines end with LF only");
  assert.ok(text.endsWith("\n"), "the last line is ended, and nothing follows it");
  const machine = lineMachine(options.route);
  for (const line of text.slice(0, -1).split("\n")) machine.push(line);
  return machine.end();
}

function lineMachine(route: "chat" | "generate") {
  const read: ReadOllamaStream = { text: "", reasoning: "", toolCalls: [], images: [], logprobs: [], usage: {} };
  let over = false;

  function readHead(line: Line): void {
    assert.ok(typeof line.model === "string" && line.model !== "", "every line has a model");
    const time = line.created_at;
    assert.ok(typeof time === "string", "every line has a time");
    assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/, "the time is RFC 3339");
    assert.equal(typeof line.done, "boolean", "every line says whether it is the last");
  }

  function saidIn(line: Line): Said {
    if (route === "generate") {
      assert.ok(!("message" in line), "generate has no message");
      return { ...line, content: line.response, images: line.image === undefined ? undefined : [line.image] };
    }
    assert.ok(!("response" in line), "chat has no response");
    assert.ok(typeof line.message === "object" && line.message !== null, "every line of chat has a message");
    assert.equal(line.message.role, "assistant", "the message is the assistant's");
    return line.message;
  }

  function readSaid({ content, thinking, images, tool_calls }: Said): void {
    assert.ok(typeof content === "string", "content is a string in every line");
    read.text += content;
    if (thinking !== undefined) {
      assert.ok(typeof thinking === "string" && thinking !== "", "thinking is there only where there is some");
      read.reasoning += thinking;
    }
    if (images !== undefined) {
      assert.ok(Array.isArray(images) && images.length > 0, "images are there only where there are some");
      for (const image of images) assert.match(image, /^[A-Za-z0-9+/]+=*$/, "L4: an image is bare base64");
      read.images.push(...images);
    }
    if (tool_calls !== undefined) readCalls(tool_calls);
  }

  function readCalls(calls: unknown): void {
    assert.ok(Array.isArray(calls) && calls.length > 0, "calls are there only where there are some");
    for (const { id, function: called } of calls) {
      assert.ok(typeof called?.name === "string" && called.name !== "", "a call has its name");
      const given = called.arguments;
      assert.ok(typeof given === "object" && given !== null && !Array.isArray(given), "T10: arguments are an object");
      if (called.index !== undefined) assert.ok(Number.isInteger(called.index), "an index is a whole number");
      if (id !== undefined) {
        assert.ok(typeof id === "string" && id !== "", "an id is not empty");
        assert.ok(read.toolCalls.every((other) => other.id !== id), "T15: ids are unique");
      }
      read.toolCalls.push({ ...(id !== undefined && { id }), name: called.name, arguments: given });
    }
  }

  function readNumbers(line: Line): void {
    for (const name of [...COUNTS, ...DURATIONS]) {
      const value = line[name];
      if (value === undefined) continue;
      assert.equal(line.done, true, `${name} stands in the last line`);
      assert.ok(typeof value === "number" && Number.isInteger(value) && value >= 0, `${name} is a whole number`);
      // Clients divide by them.
      if (DURATIONS.includes(name)) assert.ok(value > 0, `${name} is more than 0, or absent`);
      read.usage[name] = value;
    }
  }

  function readError(line: Line): void {
    assert.deepEqual(Object.keys(line), ["error"], "E5: an error line holds the error alone");
    assert.ok(typeof line.error === "string" && line.error !== "", "E5: the error is a string");
    read.error = line.error;
    over = true;
  }

  return {
    push(text: string): void {
      assert.ok(!over, "nothing follows the last line");
      assert.match(text, /^[ \t]*\{[^\n]*\}$/, "a line is one object, with nothing but keep-alive spaces before it");
      const line: Line = JSON.parse(text);
      if ("error" in line) return readError(line);
      readHead(line);
      readSaid(saidIn(line));
      if (line.logprobs !== undefined) {
        assert.ok(Array.isArray(line.logprobs));
        read.logprobs.push(...line.logprobs);
      }
      readNumbers(line);
      const { done_reason: reason } = line;
      assert.equal(typeof reason === "string", line.done, "the last line, and no other, says why it is");
      if (typeof reason !== "string") return;
      assert.ok(DONE_REASONS.includes(reason), `${reason} is a word of the vocabulary`);
      read.finish = reason;
      over = true;
    },
    end(): ReadOllamaStream {
      assert.ok(over, "a stream ends with done: true or an error");
      return read;
    },
  };
}
