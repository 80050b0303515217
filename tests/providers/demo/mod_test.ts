/** Every demo model as the gateway meets it, streamed and whole. */

import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { estimateInput } from "../../../chat/estimate_usage.ts";
import { GatewayError } from "../../../chat/error.ts";
import type { Beat } from "../../../chat/event.ts";
import type { Json, JsonObject } from "../../../chat/json.ts";
import type { Reply } from "../../../chat/reply.ts";
import { replyFolder } from "../../../chat/reply_folder.ts";
import { type ChatRequest, textOf } from "../../../chat/request.ts";
import { judge } from "../../../chat/verdict.ts";
import { createDemo } from "../../../providers/demo/mod.ts";
import type { Call } from "../../../providers/provider.ts";
import { drain } from "../../../streaming/pull.ts";
import { inFakeTime } from "../../support/fake_time.ts";
import { assistant, sampleRequest, toolResult, user } from "../../chat/sample_request.ts";

let ids = 0;
const demo = createDemo({ name: "demo" }, { now: () => 5000, randomId: () => `id-${++ids}` });

function call(changes: Partial<Call> = {}): Call {
  return {
    signal: new AbortController().signal,
    requestId: `request-${++ids}`,
    stream: true,
    facts: {},
    timeouts: { connect: 0, headers: 0, firstContent: 0, idle: 0, total: 0 },
    ...changes,
  };
}

async function beatsOf(model: string, changes: Partial<ChatRequest> = {}, how: Partial<Call> = {}): Promise<Beat[]> {
  const upstream = await demo.open(sampleRequest({ model, ...changes }), call(how));
  return (await drain(upstream.beats)).flat();
}

async function ask(model: string, changes: Partial<ChatRequest> = {}, how: Partial<Call> = {}): Promise<Reply> {
  const folder = replyFolder();
  for (const { events } of await beatsOf(model, changes, how)) folder.push(events);
  return folder.reply();
}

function said({ choices }: Reply, at = 0): string {
  return textOf(choices[at]!.parts);
}

Deno.test("the demo lists all its models, with facts", async () => {
  const models = await demo.listModels(new AbortController().signal);
  deepEqual(
    models.map(({ id }) => id).sort(),
    "cut echo embed empty error flaky hang image json length long markdown rate-limit reasoning refusal slow tools unauthorized unicode"
      .split(" "),
  );
  ok(models.every(({ id, facts }) => facts?.contextWindow !== undefined && (id === "embed" || facts.maxOutput)));
});

Deno.test("a model the demo does not have is unknown, an object's own names included", async () => {
  for (const model of ["none", "constructor"]) {
    await rejects(demo.open(sampleRequest({ model }), call()), { kind: "unknown-model", status: 404 });
  }
});

Deno.test("the model that embeds does not chat, and those that chat do not embed", async () => {
  await rejects(demo.open(sampleRequest({ model: "embed" }), call()), { kind: "invalid-request", param: "model" });
  await rejects(demo.embed!({ model: "echo", input: "Hi" }, call()), { kind: "invalid-request", param: "model" });
});

Deno.test("a vector is of length 1, the text's own, and as short as was asked for", async () => {
  const vectorsOf = async (input: Json, more: JsonObject = {}) => {
    const { data } = await demo.embed!({ model: "embed", input, ...more }, call()) as {
      data: { embedding: number[] }[];
    };
    return data.map(({ embedding }) => embedding);
  };
  const [hi, ho, tokens] = [...await vectorsOf(["Hi", "Ho"]), ...await vectorsOf([1, 2])];
  deepEqual(await vectorsOf("Hi"), [hi]);
  equal(new Set([hi, ho, tokens].map(String)).size, 3);
  for (const vector of [hi!, ho!, tokens!, ...await vectorsOf("Hi", { dimensions: 4 })]) {
    ok(Math.abs(Math.hypot(...vector) - 1) < 1e-9);
  }
  deepEqual((await vectorsOf("Hi", { dimensions: 4 })).map(({ length }) => length), [4]);
  equal(hi!.length, 32);
});

Deno.test("echo answers with the last question, word by word, between one start and one end", async () => {
  const beats = await beatsOf("echo", {
    messages: [user("No"), assistant({ type: "text", text: "?" }), user("a b\n c")],
  });
  deepEqual(beats.map(({ events }) => events.map((event) => "text" in event ? event.text : event.type)), [
    ["start"],
    ["a "],
    ["b\n "],
    ["c"],
    ["finish"],
    ["usage"],
  ]);
  deepEqual(beats.map(({ last }) => last ?? false), [false, false, false, false, false, true]);
  deepEqual(beats[0]!.events, [{ type: "start", id: `id${ids}`, model: "echo", created: 5 }]);
});

Deno.test("echo of nothing says so", async () => {
  equal(said(await ask("echo", { messages: [user(" \n")] })), "You said nothing.");
});

Deno.test("without streaming the same answer comes in one beat", async () => {
  for (const model of ["echo", "reasoning", "markdown", "unicode", "json", "length", "refusal", "empty"]) {
    const upstream = await demo.open(sampleRequest({ model }), call({ stream: false }));
    equal(upstream.form, "json");
    const beats = (await drain(upstream.beats)).flat();
    equal(beats.length, 1);
    const folder = replyFolder();
    folder.push(beats[0]!.events);
    deepEqual({ ...folder.reply(), id: "" }, { ...await ask(model), id: "" });
  }
});

Deno.test("W9 the usage is the demo's own count, and the last event", async () => {
  const reply = await ask("reasoning");
  deepEqual(reply.usage, { input: estimateInput(sampleRequest()), output: 19, reasoning: 14 });
});

Deno.test("reasoning thinks before it answers, unless it is asked not to", async () => {
  deepEqual((await ask("reasoning")).choices[0]!.parts.map(({ type }) => type), ["reasoning", "text"]);
  for (const reasoning of [{ effort: "none" as const }, { budget: 0 }, { show: false }]) {
    deepEqual((await ask("reasoning", { reasoning })).choices[0]!.parts.map(({ type }) => type), ["text"]);
  }
});

const weather = {
  type: "function" as const,
  name: "weather",
  parameters: { properties: { city: { type: "string" } }, required: ["city"] },
};
const clock = { type: "function" as const, name: "clock" };
const tools = [{ type: "custom" as const, name: "grep" }, weather, clock, { ...clock, name: "more" }];

async function calls(changes: Partial<ChatRequest>): Promise<string[]> {
  const reply = await ask("tools", { tools, ...changes });
  const parts = reply.choices[0]!.parts.filter((part) => part.type === "tool-call");
  equal(reply.choices[0]!.finish?.reason, parts.length > 0 ? "tool-calls" : "stop");
  for (const { id } of parts) match(id, /^call_[A-Za-z0-9]{1,35}$/);
  equal(new Set(parts.map(({ id }) => id)).size, parts.length);
  return parts.map(({ name, json }) => `${name} ${json}`);
}

Deno.test("T4 tools calls the first two functions at once, with the arguments they require", async () => {
  deepEqual(await calls({}), ['weather {"city":"demo"}', "clock {}"]);
  deepEqual(await calls({ tools: [clock] }), ["clock {}"]);
});

Deno.test("T16 tools calls what it may, and no more at once than it may", async () => {
  deepEqual(await calls({ parallelToolCalls: false }), ['weather {"city":"demo"}']);
  deepEqual(await calls({ toolChoice: { mode: "tool", name: "clock" } }), ["clock {}"]);
  deepEqual(await calls({ toolChoice: { mode: "allowed", names: ["more"], required: true } }), ["more {}"]);
  deepEqual(await calls({ toolChoice: { mode: "required" } }), await calls({ toolChoice: { mode: "auto" } }));
  deepEqual(await calls({ toolChoice: { mode: "none" } }), []);
});

Deno.test("tools without tools says so", async () => {
  match(said(await ask("tools")), /offered me none/);
});

Deno.test("T20 tools quotes the results it was given, and calls again when it is asked again", async () => {
  const called = assistant({ type: "tool-call", id: "a", name: "clock", json: "{}" });
  const given = [user("Go"), called, toolResult("a", "noon"), toolResult("b", "sun")];
  equal(said(await ask("tools", { tools, messages: given })), 'The tools returned: "noon" and "sun"');
  match(said(await ask("tools", { tools, messages: [...given, user("Well?")] })), /noon/);
  const again = [...given, assistant({ type: "text", text: "Noon." }), user("And now?")];
  equal((await calls({ messages: again })).length, 2);
});

Deno.test("T6 arguments come in pieces that join to their JSON", async () => {
  const events = (await beatsOf("tools", { tools: [weather] })).flatMap(({ events }) => events);
  const pieces = events.filter((event) => event.type === "tool-arguments").map(({ json }) => json);
  ok(pieces.length > 1);
  deepEqual(JSON.parse(pieces.join("")), { city: "demo" });
});

Deno.test("json honours a schema, and is JSON without one", async () => {
  const schema = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };
  deepEqual(JSON.parse(said(await ask("json", { output: { type: "schema", schema } }))), { n: 1 });
  equal(typeof JSON.parse(said(await ask("json", { output: { type: "json" } }))), "object");
});

Deno.test("image counts the pictures of the whole conversation", async () => {
  const image = { type: "image" as const, source: { kind: "url" as const, url: "https://example.com/a.png" } };
  const picture = { role: "user" as const, parts: [image] };
  equal(said(await ask("image", { messages: [picture] })), "I saw 1 image.");
  equal(
    said(await ask("image", { messages: [picture, user("And?"), { ...picture, parts: [image, image] }] })),
    "I saw 3 images.",
  );
});

Deno.test("long is two thousand words, all different sentences; unicode comes character by character", async () => {
  const sentences = said(await ask("long")).split(". ");
  equal(new Set(sentences).size, 200);
  equal(sentences.join(" ").split(" ").length, 2000);
  const beats = await beatsOf("unicode");
  ok(beats.some(({ events: [event] }) => event?.type === "text" && event.text === "👩‍👩‍👧‍👦"));
});

Deno.test("length, refusal and empty end as they are named", async () => {
  equal((await ask("length")).choices[0]!.finish?.reason, "length");
  const refusal = await ask("refusal");
  deepEqual(refusal.choices[0], {
    parts: [{ type: "refusal", text: "I cannot help with that." }],
    finish: { reason: "refusal" },
  });
  const empty = await ask("empty");
  equal(judge(empty), "empty");
  equal(empty.usage?.output, 0);
});

Deno.test("O14 n choices are given, each finished", async () => {
  const { choices } = await ask("echo", { n: 3 });
  equal(choices.length, 3);
  for (const choice of choices) deepEqual(choice, choices[0]);
  equal(choices[2]!.finish?.reason, "stop");
});

Deno.test("limits of the request and of the model end the answer", async () => {
  const cut = await ask("long", { maxTokens: 50 });
  equal(cut.choices[0]!.finish?.reason, "length");
  ok(cut.usage!.output <= 50 && cut.usage!.output > 40);
  deepEqual((await ask("echo", { stop: ["there"] })).choices[0], {
    parts: [{ type: "text", text: "Hello " }],
    finish: { reason: "stop-sequence", stopSequence: "there" },
  });
  const own = await ask("echo", { messages: [user("word ".repeat(20_000))] });
  equal(own.choices[0]!.finish?.reason, "length");
});

Deno.test("E1 what refuses rejects before it begins to answer, each with its own kind", async () => {
  const kinds = { "error": "upstream-failure", "rate-limit": "rate-limit", "unauthorized": "upstream-auth" };
  for (const [model, kind] of Object.entries(kinds)) {
    for (const stream of [true, false]) await rejects(demo.open(sampleRequest({ model }), call({ stream })), { kind });
  }
  await rejects(demo.open(sampleRequest({ model: "rate-limit" }), call()), { retryAfter: 1000 });
});

Deno.test("E5 cut says something, then fails, once; without streaming it never answers", async () => {
  const { beats } = await demo.open(sampleRequest({ model: "cut" }), call());
  const heard: Beat[] = [];
  await rejects(async () => {
    for (let batch = await beats.next(); batch !== undefined; batch = await beats.next()) heard.push(...batch);
  }, { kind: "upstream-cut" });
  equal(heard.filter(({ events }) => events[0]?.type === "text").length, 4);
  equal(await beats.next(), undefined);
  await rejects(demo.open(sampleRequest({ model: "cut" }), call({ stream: false })), { kind: "upstream-cut" });
});

Deno.test("V13 flaky is empty for the first attempt of a request, and good for the next", async () => {
  const how = { requestId: "same" };
  equal(judge(await ask("flaky", {}, how)), "empty");
  equal(judge(await ask("flaky", {}, how)), "answered");
  equal(judge(await ask("flaky", {}, { requestId: "other" })), "empty");
});

Deno.test("flaky remembers a thousand requests, not all", async () => {
  await ask("flaky", {}, { requestId: "old" });
  for (let at = 0; at < 1000; at++) await ask("echo", {}, { requestId: `new ${at}` });
  equal(judge(await ask("flaky", {}, { requestId: "old" })), "empty");
});

Deno.test("slow begins at once, waits for its first word and pauses between the words", () =>
  inFakeTime(async (time) => {
    const { beats } = await demo.open(sampleRequest({ model: "slow" }), call());
    equal((await beats.next())?.[0]?.events[0]?.type, "start");
    let heard = 0;
    const reading = (async () => {
      while (await beats.next() !== undefined) heard++;
    })();
    const heardAfter: number[] = [];
    for (const milliseconds of [2499, 1, 99, 1, 5000]) {
      await time.pass(milliseconds);
      heardAfter.push(heard);
    }
    await reading;
    deepEqual(heardAfter, [0, 1, 1, 2, 13]);
  }));

Deno.test("E13 the call's clocks run out on what hangs, on a slow first word and on a long pause", () =>
  inFakeTime(async (time) => {
    const none = { connect: 0, headers: 0, firstContent: 0, idle: 0, total: 0 };
    const late = async (model: string, code: string, how: Partial<Call>) => {
      const failed = rejects(ask(model, {}, how), { kind: "upstream-timeout", code });
      await time.pass(3000);
      await failed;
    };
    await late("hang", "headers_timeout", { timeouts: { ...none, headers: 30 } });
    await late("hang", "headers_timeout", { stream: false, timeouts: { ...none, headers: 30 } });
    await late("slow", "first_content_timeout", { timeouts: { ...none, firstContent: 2000 } });
    await late("slow", "idle_timeout", { timeouts: { ...none, idle: 50 } });
  }));

Deno.test("V14 an aborted call rejects at once with the reason, wherever it waits, and leaves no timer", async () => {
  const left = new GatewayError("client-gone", "The client left");
  for (const [model, stream] of [["hang", true], ["hang", false], ["slow", true], ["slow", false]] as const) {
    const abort = new AbortController();
    const failed = rejects(ask(model, {}, { signal: abort.signal, stream }), left);
    await Promise.resolve();
    abort.abort(left);
    await failed;
  }
  await rejects(demo.open(sampleRequest({ model: "echo" }), call({ signal: AbortSignal.abort(left) })), left);
});

Deno.test("V15 an abort between two reads ends the answer", async () => {
  const abort = new AbortController();
  const { beats } = await demo.open(sampleRequest({ model: "long" }), call({ signal: abort.signal }));
  await beats.next();
  abort.abort(new GatewayError("client-gone", "The client left"));
  await rejects(beats.next(), { kind: "client-gone" });
});

Deno.test("V14 a cancelled answer ends the read under way and leaves no timer", () =>
  inFakeTime(async () => {
    const { beats } = await demo.open(sampleRequest({ model: "slow" }), call());
    await beats.next();
    const reading = beats.next().catch(() => undefined);
    beats.cancel();
    equal(await reading, undefined);
    equal(await beats.next(), undefined);
  }));

Deno.test("V16 however an answer ends, it leaves no listener on the call's signal", async () => {
  const signal = countingSignal();
  const { beats } = await demo.open(sampleRequest({ model: "long" }), call({ signal }));
  equal(signal.listeners, 1);
  beats.cancel();
  equal(signal.listeners, 0);
  for (const stream of [true, false]) await ask("echo", {}, { signal, stream });
  await rejects(ask("cut", {}, { signal }));
  await rejects(ask("error", {}, { signal }));
  equal(signal.listeners, 0);
});

function countingSignal(): AbortSignal & { listeners: number } {
  const { signal } = new AbortController();
  const counting = Object.assign(signal, { listeners: 0 });
  const add = signal.addEventListener;
  const remove = signal.removeEventListener;
  signal.addEventListener = (...args: Parameters<typeof add>) => (counting.listeners++, add.apply(signal, args));
  signal.removeEventListener = (
    ...args: Parameters<typeof remove>
  ) => (counting.listeners--, remove.apply(signal, args));
  return counting;
}
