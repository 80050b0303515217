/** Whatever bytes an upstream puts on the wire, the whole gateway answers each client in its dialect, and lets go of all. */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { ChatEvent } from "../../chat/event.ts";
import { argumentsObject } from "../../dialects/call_arguments.ts";
import type { Dialect } from "../../dialects/dialect.ts";
import { parseJson } from "../../dialects/json.ts";
import { drain } from "../../streaming/pull.ts";
import { CALLERS } from "../support/callers.ts";
import { CLIENT_FORMS, type ClientForm } from "../support/client_forms.ts";
import { eventsOf, foldEvents, readStream } from "../support/codec.ts";
import { DIALECTS } from "../support/dialects.ts";
import { runs } from "../support/fuzz.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { anyDamage, anySplit, framesOf } from "../support/mutate.ts";
import { type RawAnswer, type RawUpstream, startRawUpstream } from "../support/raw_upstream.ts";
import { collect, fixturesOf, OPTIONS, readPieces, requestOf } from "../support/replay.ts";

const MODES = ["stream", "whole", "fake"] as const;
type Mode = (typeof MODES)[number];

/** How a client of each form asks, and how it reads a refusal. */
interface Asker {
  path(model: string, stream: boolean): string;
  body(model: string, stream: boolean): Record<string, unknown>;
  refusal(body: unknown): unknown;
}

const { openai_chat: chat, openai_responses: responses, anthropic, gemini, ollama } = CALLERS;
const counted = (stream: boolean) => stream ? { stream_options: { include_usage: true } } : {};
const GET = { name: "f", parameters: { type: "object" } };

const ASKERS: Readonly<Record<string, Asker>> = {
  "openai_chat": {
    ...chat,
    body: (model, stream) => ({ ...chat.body({ model, stream }), ...counted(stream) }),
  },
  "openai_chat, with functions": {
    ...chat,
    body: (model, stream) => ({ ...chat.body({ model, stream }), ...counted(stream), functions: [GET] }),
  },
  "openai_completions": {
    path: () => "/v1/completions",
    body: (model, stream) => ({ model, stream, prompt: "Hi", ...counted(stream) }),
    refusal: chat.refusal,
  },
  "openai_responses": { ...responses, body: (model, stream) => responses.body({ model, stream }) },
  "anthropic": { ...anthropic, body: (model, stream) => anthropic.body({ model, stream }) },
  "gemini": { ...gemini, path: (model, stream) => gemini.path({ model, stream }), body: () => gemini.body() },
  "gemini, as an array": {
    path: (model, stream) => gemini.path({ model, stream }).replace("?alt=sse", ""),
    body: () => gemini.body(),
    refusal: gemini.refusal,
  },
  "ollama": { ...ollama, body: (model, stream) => ollama.body({ model, stream }) },
  "ollama_generate": {
    path: () => "/api/generate",
    body: (model, stream) => ({ model, stream, prompt: "Hi" }),
    refusal: ollama.refusal,
  },
};

/** What an upstream sends, and what a reader of good will hears in it. */
interface Sent {
  answer: RawAnswer;
  body: Uint8Array;
  name: string;
  [fc.toStringMethod](): string;
}

const STATUS = fc.oneof(
  { weight: 8, arbitrary: fc.constant("200 OK") },
  { weight: 1, arbitrary: fc.constantFrom("204 No Content", "301 Moved", "400 Bad", "429 Slow", "500 Oh", "999 What") },
);
const TYPE = fc.oneof(
  { weight: 5, arbitrary: fc.constant(undefined) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "text/html",
      "application/json",
      "text/event-stream",
      "application/x-ndjson",
      "",
      "\x7f",
    ),
  },
);
/** Headers that say what is not so: bytes that are no gzip, more of them than come, or less. */
const LIE = fc.oneof(
  { weight: 8, arbitrary: fc.constant("") },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "content-encoding: gzip\r\n",
      "content-encoding: br\r\n",
      "content-encoding: unheard-of\r\n",
      "content-length: 100000\r\n",
      "content-length: 3\r\n",
      "content-length: x\r\n",
      "no header at all\r\n",
      "retry-after: -1\r\n",
    ),
  },
);
const THEN = fc.oneof(
  { weight: 12, arbitrary: fc.constant("end" as const) },
  { weight: 4, arbitrary: fc.constant("cut" as const) },
  { weight: 1, arbitrary: fc.constant("hang" as const) },
);
const TYPES = { sse: "text/event-stream", ndjson: "application/x-ndjson" } as const;

/** Streams and whole answers of a dialect, sound ones. */
async function soundBodies(dialect: Dialect): Promise<{ name: string; bytes: Uint8Array; type: string }[]> {
  const streams = fixturesOf(dialect.name).map((fixture) => ({ ...fixture, type: TYPES[dialect.framing] }));
  const wholes = await Promise.all(streams.map(async ({ name, bytes }) => {
    const reply = await collect(dialect, bytes);
    const usage = reply.usage ?? { input: 1, output: 1 };
    const body = dialect.formatResponse({ ...reply, usage }, requestOf(dialect), OPTIONS);
    return { name: `${name}, whole`, bytes: new TextEncoder().encode(JSON.stringify(body)), type: "application/json" };
  }));
  return [...streams, ...wholes];
}

async function anySent(dialect: Dialect): Promise<fc.Arbitrary<Sent>> {
  const sound = fc.constantFrom(...await soundBodies(dialect));
  const keep = fc.constant((bytes: Uint8Array) => bytes);
  const body = fc.oneof(
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => ({ name: "noise", bytes, type: "" })) },
    {
      weight: 5,
      arbitrary: fc.tuple(sound, fc.oneof({ weight: 3, arbitrary: anyDamage }, { weight: 1, arbitrary: keep }))
        .map(([{ bytes, ...rest }, damage]) => ({ ...rest, bytes: damage(bytes, dialect.framing) })),
    },
  );
  return fc.tuple(
    body,
    anySplit,
    fc.record({ status: STATUS, type: TYPE, lie: LIE, chunked: fc.boolean(), then: THEN }),
  )
    .map(([{ name, bytes, type }, split, { status, type: other, lie, chunked, then }]): Sent => {
      const head = `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: ${other ?? type}\r\n${lie}`;
      return {
        answer: { head, pieces: split(bytes), chunked, then },
        body: bytes,
        name,
        [fc.toStringMethod]: () => JSON.stringify({ name, head, chunked, then, body: new TextDecoder().decode(bytes) }),
      };
    });
}

/** Whether some call's arguments are no JSON: they are told as they came, and no client of any dialect can read them. */
async function hasUnsoundCall(dialect: Dialect, { body }: Sent): Promise<boolean> {
  const json = parseJson(new TextDecoder().decode(body));
  const whole = json === undefined ? [] : dialect.parseResponse(json, "", {}).events;
  const events: ChatEvent[] = [...whole];
  try {
    events.push(...eventsOf((await drain(readPieces(dialect, [body]))).flat()));
  } catch {
    events.push(...eventsOf(readStream(dialect, new TextDecoder().decode(body))));
  }
  return foldEvents(events).choices.flatMap(({ parts }) => parts)
    .some((part) => part.type === "tool-call" && argumentsObject(part.json) === undefined);
}

interface Asked {
  form: ClientForm;
  mode: Mode;
  from: Dialect;
  /** Calls are passed on whose arguments are no JSON. */
  isUnsound: boolean;
}

async function ask({ url }: TestGateway, { form, mode, from, isUnsound }: Asked): Promise<void> {
  const asker = ASKERS[form.name]!;
  const [model, stream] = [`${from.name}/text`, mode !== "whole"];
  const response = await fetch(url + asker.path(model, stream), {
    method: "POST",
    headers: { "content-type": "application/json", ...(mode === "fake" && { "x-stream-mode": "fake" }) },
    body: JSON.stringify(asker.body(model, stream)),
  });
  const text = await response.text();
  if (response.status !== 200) {
    assert.notEqual(response.status, 500, text);
    asker.refusal(JSON.parse(text));
  } else if (!stream) assert.equal(typeof JSON.parse(text), "object");
  else checkStream(text, { form, mode, from, isUnsound });
}

/** A stream of the client's own dialect is relayed with what is wrong in it; it says the same, and ends. */
function checkStream(text: string, { form, from, isUnsound }: Asked): void {
  if (form.dialect.name === from.name || isUnsound) assert.notEqual(text, "");
  else form.read(framesIn(text, form), { n: choicesIn(text), includeUsage: true });
}

function framesIn(text: string, { dialect }: ClientForm): string[] {
  return dialect.streamType === "application/json" ? [text] : framesOf(text, dialect.framing);
}

/** An upstream that tells more choices than were asked for is passed on with them. */
function choicesIn(text: string): number {
  return Math.max(0, ...[...text.matchAll(/"index":(\d+)/g)].map(([, index]) => Number(index))) + 1;
}

function startBench(upstream: RawUpstream): TestGateway {
  const toml = DIALECTS.map(({ dialect: { name } }) => {
    const isOpenai = name.startsWith("openai");
    return `
[providers.${name}]
type = "${isOpenai ? "openai" : name}"
endpoint = "${upstream.url}${isOpenai ? "/v1" : ""}"
api_key = "vendor-key-1"
models = ["text"]
${name === "openai_responses" ? 'api = "responses"' : ""}
`;
  }).join("\n");
  return startGateway({
    toml,
    env: { MAX_RETRIES: "1", IDLE_TIMEOUT: "300", FIRST_CONTENT_TIMEOUT: "300", FAKE_STREAM_INTERVAL: "50" },
  });
}

for (const { dialect: from } of DIALECTS) {
  Deno.test(`whatever ${from.name} puts on the wire, each client gets an answer of its dialect, and nothing leaks`, async () => {
    const upstream = startRawUpstream();
    const gateway = startBench(upstream);
    try {
      const property = fc.asyncProperty(await anySent(from), async (sent) => {
        upstream.answer(sent.answer);
        const isUnsound = await hasUnsoundCall(from, sent);
        await Promise.all(
          CLIENT_FORMS.flatMap((form) =>
            MODES.map((mode) =>
              ask(gateway, { form, mode, from, isUnsound }).catch((error) => {
                throw new Error(`${form.name}, ${mode}: ${error}`, { cause: error });
              })
            )
          ),
        );
      });
      await fc.assert(property, { ...runs(12), endOnFailure: true });
      await letGo(upstream, gateway);
    } finally {
      await gateway.close();
      await upstream.close();
    }
  });
}

/** All connections are closed, every request has its line in the log, and none failed for a reason of our own. */
async function letGo(upstream: RawUpstream, gateway: TestGateway): Promise<void> {
  for (let attempt = 0; upstream.open() > 0 && attempt < 500; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.equal(upstream.open(), 0, "connections that nobody reads");
  assert.ok(!gateway.lines.some((line) => line.includes('"internal"')), "the gateway's own failures");
}
