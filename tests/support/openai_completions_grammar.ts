/** A strict reader of the chunks that a Completions client is sent: it throws at the first rule they break. */

import assert from "node:assert/strict";

export interface CompletionsOptions {
  /** Whether the client asked for counts. */
  includeUsage: boolean;
  /** How many choices it asked for; 1 when absent. */
  n?: number;
}

export interface ReadCompletion {
  text: string;
  finish?: string;
  /** The tokens whose log probabilities were told. */
  tokens: string[];
}

export interface ReadCompletionsStream {
  choices: ReadCompletion[];
  usage?: Record<string, unknown>;
  error?: { message: string };
}

const FINISH = ["stop", "length", "content_filter"];
const HEAD = ["id", "object", "created", "model"] as const;

/** Reads a whole stream, given as its frames. */
export function checkOpenaiCompletionsStream(
  frames: readonly string[],
  { includeUsage, n = 1 }: CompletionsOptions,
): ReadCompletionsStream {
  const read: ReadCompletionsStream = { choices: [] };
  let head: unknown[] | undefined;
  let done = false;

  function readChoice({ index, text, finish_reason: finish, logprobs, ...rest }: Record<string, unknown>): void {
    assert.deepEqual(rest, {}, "a choice has four members");
    assert.ok(typeof index === "number" && Number.isInteger(index) && index >= 0 && index < n, "its index is below n");
    assert.equal(typeof text, "string", "its text is a string");
    const choice = read.choices[index] ??= { text: "", tokens: [] };
    assert.equal(choice.finish, undefined, "O15: nothing follows the finish of a choice");
    choice.text += text;
    if (logprobs !== null) choice.tokens.push(...readLogprobs(logprobs));
    if (finish === null) return;
    assert.ok(typeof finish === "string" && FINISH.includes(finish), `O3: ${finish} is a word of the vocabulary`);
    choice.finish = finish;
  }

  for (const frame of frames) {
    assert.ok(!done && read.error === undefined, "nothing follows the end");
    if (frame === ": keep-alive\n\n") continue;
    assert.match(frame, /^data: [^\n]*\n\n$/, "F20: an event is one data line");
    const data = frame.slice("data: ".length).trim();
    if (data === "[DONE]") {
      assert.ok(
        read.choices.length > 0 && read.choices.every((choice) => choice?.finish),
        "O3: every choice has its end",
      );
      done = true;
      continue;
    }
    const { choices, usage, error, ...rest } = JSON.parse(data);
    if (error !== undefined) {
      assert.deepEqual(Object.keys(error), ["message", "type", "param", "code"], "E3: the four members of an error");
      read.error = error;
      continue;
    }
    const own = HEAD.map((name) => rest[name]);
    assert.equal(own[1], "text_completion", "O2: every chunk is named");
    assert.deepEqual(own, head ??= own, "O2: every chunk has the same head");
    if (choices.length === 0) {
      assert.ok(includeUsage && read.usage === undefined, "O4 O5: counts once, for a client that asked");
      assert.ok(read.choices.every((choice) => choice.finish), "O5: counts follow the end");
      read.usage = usage;
      continue;
    }
    assert.equal(read.usage, undefined, "O5: nothing but [DONE] follows the counts");
    choices.forEach(readChoice);
  }
  assert.ok(done || read.error !== undefined, "a stream ends with [DONE] or an error");
  return read;
}

function readLogprobs(value: unknown): string[] {
  const { tokens, ...others } = value as Record<string, unknown[]>;
  assert.deepEqual(Object.keys(others), ["token_logprobs", "top_logprobs", "text_offset"]);
  for (const list of Object.values(others)) assert.equal(list.length, tokens?.length, "the lists go side by side");
  return tokens as string[];
}
