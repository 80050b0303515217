import assert from "node:assert/strict";
import type { Beat, ChatEvent } from "../../../chat/event.ts";
import { GatewayError } from "../../../chat/error.ts";
import type { ChatRequest } from "../../../chat/request.ts";
import type { AttemptNote, StreamMode } from "../../../gateway/observation.ts";
import { learning, noting } from "../../../gateway/routing/attempt.ts";
import { createItinerary } from "../../../gateway/routing/itinerary.ts";
import { type Opened, openLane, type OpenLaneOptions } from "../../../gateway/routing/open_lane.ts";
import { createRouting } from "../../../gateway/routing/routing.ts";
import { travel } from "../../../gateway/routing/travel.ts";
import type { Open } from "../../../providers/provider.ts";
import { drain, pullFrom } from "../../../streaming/pull.ts";
import { inFakeTime } from "../../support/fake_time.ts";
import { manualPull } from "../../support/manual_pull.ts";
import { candidateOf } from "./support.ts";

const start: ChatEvent = { type: "start", id: "1", model: "m" };
const finish: ChatEvent = { type: "finish", reason: "stop" };
const said = (text: string): ChatEvent[] => [start, { type: "text", text }, finish];

/** What one attempt gets: events of a whole stream, or a refusal. */
type Outcome = ChatEvent[] | GatewayError;

interface Try {
  request: ChatRequest;
  streamed: boolean;
  at: number;
}

function scripted(outcomes: Outcome[]): { open: Open; tries: Try[] } {
  const tries: Try[] = [];
  const open: Open = (request, { stream }) => {
    tries.push({ request, streamed: stream, at: performance.now() });
    const outcome = outcomes.shift();
    if (outcome === undefined) throw new Error("one attempt too many");
    if (outcome instanceof GatewayError) return Promise.reject(outcome);
    const beats: Beat[][] = outcome.map((event) => [{ events: [event] }]);
    return Promise.resolve({ dialect: undefined, form: stream ? "stream" : "json", beats: pullFrom(beats), lost: [] });
  };
  return { open, tries };
}

const request: ChatRequest = {
  model: "m",
  messages: [{ role: "user", parts: [{ type: "text", text: "Hi" }] }],
  stream: true,
  includeUsage: false,
  extra: {},
  source: { dialect: "openai_chat", body: {}, text: "{}" },
};

interface Asked {
  mode?: StreamMode;
  variation?: OpenLaneOptions["variation"];
  signal?: AbortSignal;
}

/** Opens with three attempts at one upstream, in fake time that passes by itself. */
async function ask(open: Open, asked: Asked = {}): Promise<{ text: string; notes: AttemptNote[] }> {
  const notes: AttemptNote[] = [];
  const { mode, variation = "off", signal = new AbortController().signal } = asked;
  const now = () => performance.now();
  const random = () => 0.5;
  const routing = createRouting({ now });
  let result: { opened: Opened } | { error: unknown } | undefined;
  await inFakeTime(async (time) => {
    const candidates = [candidateOf("up/m", { open })];
    const itinerary = createItinerary({ candidates, routing, maxAttempts: 3, mode, stream: true, now, random });
    const attempt = openLane({ requestId: "r", variation, random, requestFor: () => request });
    const noted = noting(learning(attempt, { routing, itinerary }), { now, note: (note) => notes.push(note) });
    const opening = travel(noted, itinerary, signal)
      .then((opened) => result = { opened }, (error) => result = { error });
    await time.pass(60_000);
    await opening;
  });
  if (result === undefined || "error" in result) throw Object.assign(result?.error as Error, { notes });
  const events = (await drain(result.opened.upstream.beats)).flat().flatMap((beat) => beat.events);
  return { text: events.map((event) => event.type === "text" ? event.text : "").join(""), notes };
}

const overloaded = new GatewayError("overloaded", "Cannot answer as the provider is overloaded");

Deno.test("V13 a real stream that says nothing is asked again, and the attempts are noted with their verdicts", async () => {
  const { open, tries } = scripted([[start, finish], [start], said("good")]);
  const { text, notes } = await ask(open);
  assert.equal(text, "good");
  assert.deepEqual(tries.map(({ streamed }) => streamed), [true, true, true]);
  assert.deepEqual(notes.map(({ outcome }) => outcome), ["upstream-empty", "upstream-empty", "began"]);
});

Deno.test("G6 V12 a whole answer that is empty is asked again in fake mode", async () => {
  const { open, tries } = scripted([[start, finish], said("good")]);
  assert.equal((await ask(open, { mode: "fake" })).text, "good");
  assert.deepEqual(tries.map(({ streamed }) => streamed), [false, false]);
});

Deno.test("an auto stream that starts badly is asked again without streaming", async () => {
  for (const kind of ["upstream-empty", "upstream-malformed", "upstream-cut"] as const) {
    const { open, tries } = scripted([new GatewayError(kind, "Cannot answer"), said("good")]);
    assert.equal((await ask(open, { mode: "auto" })).text, "good");
    assert.deepEqual(tries.map(({ streamed }) => streamed), [true, false], kind);
  }
});

Deno.test("an auto stream that was merely refused is asked again as a stream", async () => {
  const { open, tries } = scripted([overloaded, said("good")]);
  await ask(open, { mode: "auto" });
  assert.deepEqual(tries.map(({ streamed }) => streamed), [true, true]);
});

Deno.test("E15 a fault of the client's is not asked again", async () => {
  for (const kind of ["invalid-request", "context-length", "upstream-auth", "unknown-model"] as const) {
    const { open, tries } = scripted([new GatewayError(kind, "Cannot answer")]);
    await assert.rejects(ask(open), { kind });
    assert.equal(tries.length, 1);
  }
});

Deno.test("E14 V19 the last attempt's error is told when all attempts are spent, each noted", async () => {
  const { open, tries } = scripted([overloaded, overloaded, new GatewayError("upstream-failure", "Cannot answer")]);
  const error = await ask(open).catch((error) => error);
  assert.equal(error.kind, "upstream-failure");
  assert.equal(tries.length, 3);
  assert.deepEqual(error.notes.map((note: AttemptNote) => note.outcome), [
    "overloaded",
    "overloaded",
    "upstream-failure",
  ]);
});

Deno.test("E12 a retry waits as long as the upstream said, and is left to the client where that is too long", async () => {
  const soon = new GatewayError("rate-limit", "Cannot answer", { retryAfter: 3000 });
  const { open, tries } = scripted([soon, said("good")]);
  await ask(open);
  assert.ok((tries[1]?.at ?? 0) - (tries[0]?.at ?? 0) >= 3000);

  const late = new GatewayError("rate-limit", "Cannot answer", { retryAfter: 60_000 });
  const second = scripted([late]);
  await assert.rejects(ask(second.open), { kind: "rate-limit", retryAfter: 60_000 });
  assert.equal(second.tries.length, 1);
});

Deno.test("G2 V12 a blocked or truncated answer is delivered, not asked again", async () => {
  for (const reason of ["content-filter", "length"] as const) {
    const thoughts: ChatEvent[] = reason === "length" ? [{ type: "reasoning", text: "hm" }] : [];
    const { open, tries } = scripted([[start, ...thoughts, { type: "finish", reason }]]);
    await ask(open, { mode: "fake" });
    assert.equal(tries.length, 1);
  }
});

Deno.test("E9 a stream that said something is never asked again: its failure is the reader's", async () => {
  const source = manualPull<Beat[]>();
  source.give([{ events: [start, { type: "text", text: "a" }] }]);
  source.fail(new GatewayError("upstream-cut", "Cannot finish"));
  let opened = 0;
  const open: Open = () => {
    opened++;
    return Promise.resolve({ dialect: undefined, form: "stream", beats: source, lost: [] });
  };
  await assert.rejects(ask(open), { kind: "upstream-cut" });
  assert.equal(opened, 1);
});

Deno.test("requestVariation changes the request on retries only, or always, or never", async () => {
  const changed = async (variation: OpenLaneOptions["variation"]) => {
    const { open, tries } = scripted([[start, finish], said("good")]);
    await ask(open, { variation, mode: "fake" });
    return tries.map((one) => one.request.messages !== request.messages);
  };
  assert.deepEqual(await changed("off"), [false, false]);
  assert.deepEqual(await changed("retry"), [false, true]);
  assert.deepEqual(await changed("always"), [true, true]);
});

Deno.test("V14 a client that leaves while an attempt is waited for gets no further attempt", async () => {
  const left = new AbortController();
  const { open, tries } = scripted([overloaded, said("good")]);
  const refused: Open = async (...args) => {
    const opening = open(...args);
    left.abort(new GatewayError("client-gone", "Cannot answer as the client closed the connection"));
    return await opening;
  };
  await assert.rejects(ask(refused, { signal: left.signal }), { kind: "client-gone" });
  assert.equal(tries.length, 1);
});

Deno.test("V14 an answer that arrives as its client leaves is no answer, as it was noted", async () => {
  for (const mode of ["real", "fake"] as const) {
    const leaving = new AbortController();
    const { open } = scripted([said("too late")]);
    const left = new GatewayError("client-gone", "Cannot answer as the client left");
    const asked = ask((request, call) => {
      leaving.abort(left);
      return open(request, call);
    }, { mode, signal: leaving.signal });
    await assert.rejects(asked, (error) => {
      assert.equal(error, left);
      const { notes } = error as { notes?: AttemptNote[] };
      assert.deepEqual(notes?.map(({ outcome }) => outcome), ["client-gone"]);
      return true;
    });
  }
});

Deno.test("V14 a stream that begins as its client leaves is cancelled, with the reason", async () => {
  const leaving = new AbortController();
  const left = new GatewayError("client-gone", "Cannot answer as the client left");
  const { open } = scripted([said("too late")]);
  const ended: unknown[] = [];
  const asked = ask(async (request, call) => {
    const upstream = await open(request, call);
    leaving.abort(left);
    return { ...upstream, beats: { ...upstream.beats, cancel: (reason) => void ended.push(reason) } };
  }, { mode: "real", signal: leaving.signal });
  await assert.rejects(asked, left);
  assert.deepEqual(ended, [left]);
});
