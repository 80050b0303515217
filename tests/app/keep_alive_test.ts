import assert from "node:assert/strict";
import { ask, type Caller, CALLER_LIST, CALLERS } from "../support/callers.ts";
import { DIALECTS } from "../support/dialects.ts";
import { chunk, completion, DONE, ROLE, STOP, textStream } from "../support/openai_frames.ts";
import type { Script } from "../support/mock_upstream.ts";
import { type Pair, withPair } from "../support/pair.ts";

/** What keeps each dialect's stream alive: DIALECTS.md §1.6. */
const PINGS: Record<Caller["dialect"], RegExp> = {
  openai_chat: /^: keep-alive\n\n/gm,
  openai_responses: /^event: response\.in_progress\ndata: \{"type":"response\.in_progress",.*\}\n\n/gm,
  anthropic: /^event: ping\ndata: \{"type": "ping"\}\n\n/gm,
  gemini:
    /^data: \{"candidates":\[\{"content":\{"parts":\[\{"text":"","thought":true\}\],"role":"model"\},"index":0\}\]\}\n\n/gm,
  ollama: / (?=[ {])/g,
};

const PAUSE = 120;
const INTERVALS = { KEEP_ALIVE_INTERVAL: "10", FAKE_STREAM_INTERVAL: "10" };
const STREAMED: Script = { kind: "stream", chunks: textStream("Hel", "lo"), delay: PAUSE };
const WHOLE: Script = { kind: "json", body: completion({ content: "Hello" }), delay: 3 * PAUSE };
const MODES = { real: STREAMED, fake: WHOLE } as const;

async function read({ url }: { url: string }, caller: Caller, mode: keyof typeof MODES): Promise<string> {
  const headers = { "x-stream-mode": mode };
  const response = await ask(url, caller, { model: "up/up-model", stream: true, headers });
  assert.equal(response.status, 200);
  return await response.text();
}

function textOf({ dialect }: Caller, stream: string): string {
  const known = DIALECTS.find((known) => known.dialect.name === dialect) ?? assert.fail(dialect);
  return known.check(stream).text;
}

/** The pings that stand before the answer, and all of them. */
function countPings({ dialect }: Caller, stream: string): { before: number; all: number } {
  const count = (text: string) => text.match(PINGS[dialect])?.length ?? 0;
  return { before: count(stream.slice(0, stream.search(/Hel/))), all: count(stream) };
}

for (const mode of ["real", "fake"] as const) {
  withPair({ env: INTERVALS }).test({
    name: `V1 V5 V8 a silent ${mode} stream is kept alive in each dialect's own way, which its clients do not see`,
    async run({ gateway, upstream }) {
      upstream.push(MODES[mode]);
      await Promise.all(CALLER_LIST.map(async (caller) => {
        const stream = await read(gateway, caller, mode);
        const { before, all } = countPings(caller, stream);
        assert.ok(before >= 2, `${caller.dialect}: ${stream}`);
        if (mode === "real") assert.ok(all > before, `${caller.dialect} in its middle: ${stream}`);
        assert.equal(textOf(caller, stream), "Hello");
        if (caller.dialect !== "openai_chat") {
          assert.doesNotMatch(stream, /^:/m, "comments are for Chat Completions alone");
        }
      }));
    },
  });

  withPair({ env: { ...INTERVALS, KEEP_ALIVE: "chunk" } }).test({
    name:
      `V4 V8 a silent ${mode} stream of chunks that are to keep it alive has neither an end nor an empty list in them`,
    async run({ gateway, upstream }) {
      upstream.push(MODES[mode]);
      const stream = await read(gateway, CALLERS.openai_chat, mode);
      // Behind the end of its choice no chunk can say anything; comments keep the rest alive.
      const [said = ""] = stream.split('"finish_reason":"stop"');
      const chunks = said.split("\n\n").slice(0, -1).map((frame) => JSON.parse(frame.replace("data: ", "")));
      const pings = chunks.filter(({ choices: [choice] }) => choice.delta.content === "");
      assert.ok(pings.length >= 3, stream);
      for (const { choices } of pings) assert.deepEqual([choices.length, choices[0].finish_reason], [1, null]);
      assert.doesNotMatch(said, /^:/m);
      assert.equal(textOf(CALLERS.openai_chat, stream), "Hello");
    },
  });
}

withPair({ env: INTERVALS }).test({
  name: "V5 a Responses stream begins before it is kept alive, once, and its events are numbered on",
  async run({ gateway, upstream }) {
    for (const mode of ["real", "fake"] as const) {
      upstream.reset();
      upstream.push(MODES[mode]);
      const stream = await read(gateway, CALLERS.openai_responses, mode);
      assert.match(stream, /^event: response\.created\n/);
      assert.equal(stream.match(/^event: response\.created$/gm)?.length, 1);
      const numbers = [...stream.matchAll(/"sequence_number":(\d+)/g)].map(([, number]) => Number(number));
      assert.deepEqual(numbers, numbers.map((_, at) => at));
    }
  },
});

/** Reads a stream to its end; once the text is seen in it, the clock says that a minute has passed. */
async function readLate({ gateway }: Pair, mode: keyof typeof MODES, text: string): Promise<string> {
  const headers = { "x-stream-mode": mode };
  const response = await ask(gateway.url, CALLERS.anthropic, { model: "up/up-model", stream: true, headers });
  const { now } = performance;
  try {
    let stream = "";
    for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const wasSeen = stream.includes(text);
      stream += piece;
      if (!wasSeen && stream.includes(text)) performance.now = () => now.call(performance) + 61_000;
    }
    return stream;
  } finally {
    performance.now = now;
  }
}

withPair({ env: INTERVALS }).test({
  name:
    "V2 after a minute of silence Claude Code is sent an empty delta of the open block, as a ping is not enough for it",
  async run(pair) {
    pair.upstream.push(STREAMED);
    const stream = await readLate(pair, "real", "Hel");
    assert.match(stream, /Hel.*\n\n(event: ping\n.*\n\n)*event: content_block_delta\n.*"text_delta","text":""/);
    assert.equal(textOf(CALLERS.anthropic, stream), "Hello");
  },
});

withPair({ env: INTERVALS }).test({
  name: "V2 where no block is open, a fake stream opens a thought to say nothing in",
  async run(pair) {
    pair.upstream.push(WHOLE);
    const stream = await readLate(pair, "fake", "event: ping");
    assert.match(stream, /event: content_block_start\n.*"type":"thinking"/);
    assert.match(stream, /"thinking_delta","thinking":""/);
    assert.equal(textOf(CALLERS.anthropic, stream), "Hello");
  },
});

withPair({ env: INTERVALS }).test({
  name: "V8 a stream of calls is kept alive as well, and nothing follows its end",
  async run({ gateway, upstream }) {
    const called = { index: 0, id: "call_1", type: "function", function: { name: "f", arguments: '{"x":' } };
    const rest = { index: 0, function: { arguments: "1}" } };
    const chunks = [ROLE, chunk({ tool_calls: [called] }), chunk({ tool_calls: [rest] }), STOP, DONE];
    upstream.push({ kind: "stream", chunks, delay: PAUSE });
    await Promise.all(CALLER_LIST.map(async (caller) => {
      const stream = await read(gateway, caller, "real");
      assert.ok(countPings(caller, stream).all >= 2, stream);
      assert.equal(textOf(caller, stream), "");
      assert.match(stream, /call_1/);
    }));
  },
});
