import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import assert from "node:assert/strict";
import { Ollama } from "ollama";
import OpenAI from "openai";
import { createMemoryStore } from "../../records/memory_store.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { type MockUpstream, startMockUpstream } from "../support/mock_upstream.ts";
import { chunk, completion, DONE, ROLE, STOP, textStream } from "../support/openai_frames.ts";
import { type Pair, withPair } from "../support/pair.ts";
import { readUntil, statusOf } from "../support/resume.ts";

const model = "up/up-model";
const IN_SESSION = { "x-session-id": "s-1" };

/** What the upstream was asked the last time: who said what. */
function asked(upstream: MockUpstream): unknown[] {
  const { messages } = upstream.requests.at(-1)?.json as { messages: Record<string, unknown>[] };
  return messages.map(({ role, content, tool_calls }) => {
    const said = Array.isArray(content) ? content.map((part) => part.text ?? part.type).join("+") : content;
    return [role, tool_calls === undefined ? said : "calls"];
  });
}

/** One question in each dialect by its official client; resolves to the answer's text. */
const CLIENTS: Record<string, (gateway: TestGateway, question: string) => Promise<string | null | undefined>> = {
  async chat({ url }, content) {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "none", defaultHeaders: IN_SESSION });
    return await client.chat.completions.stream({ model, messages: [{ role: "user", content }] }).finalContent();
  },
  async responses({ url }, input) {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "none", defaultHeaders: IN_SESSION });
    return (await client.responses.stream({ model, input }).finalResponse()).output_text;
  },
  async messages({ url }, content) {
    const client = new Anthropic({ baseURL: url, apiKey: "none", defaultHeaders: IN_SESSION });
    return await client.messages.stream({ model, max_tokens: 99, messages: [{ role: "user", content }] }).finalText();
  },
  async gemini({ url }, contents) {
    const client = new GoogleGenAI({ apiKey: "none", httpOptions: { baseUrl: url, headers: IN_SESSION } });
    let text = "";
    for await (const part of await client.models.generateContentStream({ model, contents })) text += part.text ?? "";
    return text;
  },
  async ollama({ url }, content) {
    const client = new Ollama({ host: url, headers: IN_SESSION });
    // Its streams are left open by the client itself once it has the last line.
    return (await client.chat({ model, stream: false, messages: [{ role: "user", content }] })).message.content;
  },
};

withPair().test({
  name:
    "a session goes through all dialects: each request brings only what is new, and finds what was said in the others",
  async run({ gateway, upstream }) {
    const said: unknown[] = [];
    for (const [name, ask] of Object.entries(CLIENTS)) {
      upstream.reset();
      // An upstream that is asked without streaming may answer so all the same.
      upstream.push({ kind: "stream", chunks: textStream(`to `, name) });
      assert.equal(await ask(gateway, `by ${name}`), `to ${name}`);
      assert.deepEqual(asked(upstream), [...said, ["user", `by ${name}`]]);
      said.push(["user", `by ${name}`], ["assistant", `to ${name}`]);
    }
    const shown = await (await fetch(`${gateway.url}/v1/sessions/s-1`)).json();
    assert.deepEqual(
      shown.turns.map(({ dialect, status }: Record<string, unknown>) => [dialect, status]),
      ["openai_chat", "openai_responses", "anthropic", "gemini", "ollama"].map((dialect) => [dialect, "completed"]),
    );
  },
});

for (const dialect of Object.keys(CLIENTS)) {
  withPair().test({
    name: `a session of ${dialect} requests alone has three turns after three`,
    async run({ gateway, upstream }) {
      upstream.push({ kind: "stream", chunks: textStream("yes") });
      for (const question of ["one", "two", "three"]) await CLIENTS[dialect]?.(gateway, question);
      assert.deepEqual(asked(upstream), [
        ["user", "one"],
        ["assistant", "yes"],
        ["user", "two"],
        ["assistant", "yes"],
        ["user", "three"],
      ]);
    },
  });
}

function say({ gateway }: Pick<Pair, "gateway">, content: string, headers: Record<string, string> = {}) {
  return gateway.chat({ model, messages: [{ role: "user", content }] }, { headers: { ...IN_SESSION, ...headers } });
}

withPair().test({
  name: "instructions lead, and hold until others come",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: completion({ content: "yes" }) });
    const ask = (messages: unknown[]) => gateway.chat({ model, messages }, { headers: IN_SESSION });
    await (await ask([{ role: "system", content: "Be brief" }, { role: "user", content: "one" }])).text();
    await (await ask([{ role: "user", content: "two" }])).text();
    assert.deepEqual(asked(upstream).slice(0, 2), [["system", "Be brief"], ["user", "one"]]);
    await (await ask([{ role: "system", content: "Be long" }, { role: "user", content: "three" }])).text();
    assert.deepEqual(asked(upstream).filter((message) => Array.isArray(message) && message[0] === "system"), [
      ["system", "Be long"],
    ]);
  },
});

withPair().test({
  name: "calls and their results stay together over the turns of a session, and pictures in it",
  async run({ gateway, upstream }) {
    const call = { id: "call_1", type: "function", function: { name: "look", arguments: "{}" } };
    upstream.push({ kind: "json", body: completion({ content: null, tool_calls: [call] }, "tool_calls") });
    const url = "data:image/png;base64,iVBORw0KGgo=";
    const ask = (messages: unknown[]) => gateway.chat({ model, messages }, { headers: IN_SESSION });
    const picture = [{ type: "text", text: "What?" }, { type: "image_url", image_url: { url } }];
    await (await ask([{ role: "user", content: picture }])).text();
    upstream.reset();
    upstream.push({ kind: "json", body: completion({ content: "A cat" }) });
    await (await ask([{ role: "tool", tool_call_id: "call_1", content: "cat" }])).text();
    assert.deepEqual(asked(upstream), [["user", "What?+image_url"], ["assistant", "calls"], ["tool", "cat"]]);
    assert.ok(upstream.requests[0]?.text.includes(url));
  },
});

withPair().test({
  name: "calls that a client does not go on with are left out of a session, and those it answered later stay",
  async run({ gateway, upstream }) {
    const call = (id: string) => ({ id, type: "function", function: { name: "look", arguments: "{}" } });
    const calls = [call("call_1"), call("call_2")];
    upstream.push({ kind: "json", body: completion({ content: "Let me see.", tool_calls: calls }, "tool_calls") });
    upstream.push({ kind: "json", body: completion({ content: "yes" }) });
    const ask = async (...messages: unknown[]) =>
      await (await gateway.chat({ model, messages }, { headers: IN_SESSION })).text();
    await ask({ role: "user", content: "one" });
    await ask({ role: "user", content: "Never mind" });
    const dropped = [["user", "one"], ["assistant", "Let me see."], ["user", "Never mind"]];
    assert.deepEqual(asked(upstream), dropped);
    upstream.reset();
    upstream.push({ kind: "json", body: completion({ content: null, tool_calls: calls }, "tool_calls") });
    upstream.push({ kind: "json", body: completion({ content: "yes" }) });
    await ask({ role: "user", content: "two" });
    await ask({ role: "tool", tool_call_id: "call_2", content: "cat" });
    assert.deepEqual(asked(upstream), [
      ...[...dropped, ["assistant", "yes"], ["user", "two"]],
      ...[["assistant", "calls"], ["tool", "cat"]],
    ]);
    assert.doesNotMatch(upstream.requests.at(-1)?.text ?? "", /call_1/);
  },
});

/** A tool's result alone, in each dialect: it is for a call by its id, or for the tool of a name. */
const RESULTS: Record<string, { path: string; ask(...content: unknown[]): unknown; one: unknown; result: unknown }> = {
  messages: {
    path: "/v1/messages",
    ask: (content) => ({ model, max_tokens: 99, messages: [{ role: "user", content }] }),
    one: "one",
    result: [{ type: "tool_result", tool_use_id: "call_1", content: "cat" }],
  },
  responses: {
    path: "/v1/responses",
    ask: (input) => ({ model, input }),
    one: "one",
    result: [{ type: "function_call_output", call_id: "call_1", output: "cat" }],
  },
  gemini: {
    path: `/v1beta/models/${model}:generateContent`,
    ask: (part) => ({ contents: [{ role: "user", parts: [part] }] }),
    one: { text: "one" },
    result: { functionResponse: { name: "look", response: { output: "cat" } } },
  },
  ollama: {
    path: "/api/chat",
    ask: (message) => ({ model, stream: false, messages: [message] }),
    one: { role: "user", content: "one" },
    result: { role: "tool", tool_name: "look", content: "cat" },
  },
};

for (const [dialect, { path, ask, one, result }] of Object.entries(RESULTS)) {
  withPair().test({
    name: `a tool's result alone goes on with a session of ${dialect} requests`,
    async run({ gateway, upstream }) {
      const call = { id: "call_1", type: "function", function: { name: "look", arguments: "{}" } };
      upstream.push({ kind: "json", body: completion({ content: null, tool_calls: [call] }, "tool_calls") });
      upstream.push({ kind: "json", body: completion({ content: "A cat" }) });
      for (const content of [one, result]) {
        const body = JSON.stringify(ask(content));
        const answer = await fetch(gateway.url + path, { method: "POST", headers: IN_SESSION, body });
        assert.equal(answer.status, 200, await answer.text());
      }
      assert.deepEqual(asked(upstream), [["user", "one"], ["assistant", "calls"], ["tool", "cat"]]);
      assert.match(upstream.requests.at(-1)?.text ?? "", /"tool_call_id":"call_1"/);
    },
  });
}

withPair({ env: { PROVIDER_UP_QUIRKS_REPLAY_REASONING: "true" } }).test({
  name: "thoughts are kept apart: shown, and put in front only where that is switched on",
  async run(pair) {
    const { gateway, upstream } = pair;
    upstream.push({ kind: "json", body: completion({ content: "yes", reasoning_content: "Hmm." }) });
    await (await say(pair, "one")).text();
    const shown = await (await fetch(`${gateway.url}/v1/sessions/s-1`)).json();
    assert.deepEqual(shown.turns[0].answer, [{ type: "text", text: "yes" }]);
    assert.deepEqual(shown.turns[0].reasoning, [{ type: "reasoning", text: "Hmm." }]);
    const thoughts = () => upstream.requests.at(-1)?.text.includes("Hmm.");
    await (await say(pair, "two")).text();
    assert.equal(thoughts(), false);
    await (await say(pair, "three", { "x-session-reasoning": "1" })).text();
    assert.equal(thoughts(), true);
    assert.equal(await statusOf(say(pair, "four", { "x-session-reasoning": "perhaps" })), 400);
  },
});

withPair().test({
  name: "an answer that broke off is marked, and left out of what is put in front",
  async run(pair) {
    const { gateway, upstream } = pair;
    upstream.push({ kind: "stream", chunks: [ROLE, chunk({ content: "half" })], then: "cut" });
    upstream.push({ kind: "stream", chunks: [ROLE, chunk({ content: "left" })], then: "hang" });
    upstream.push({ kind: "json", status: 400, body: {} });
    upstream.push({ kind: "json", body: completion({ content: "whole" }) });
    const ask = (content: string) =>
      gateway.chat({ model, stream: true, messages: [{ role: "user", content }] }, { headers: IN_SESSION });
    assert.match(await (await ask("one")).text(), /half[^]*"error"/);
    await readUntil(await ask("two"), /left/);
    await upstream.requests[1]?.left;
    assert.equal(await statusOf(say(pair, "three")), 400);
    await (await say(pair, "four")).text();
    assert.deepEqual(asked(upstream), [["user", "four"]]);
    const { turns } = await (await fetch(`${gateway.url}/v1/sessions/s-1`)).json();
    assert.deepEqual(
      turns.map(({ answer, status }: Record<string, { text: string }[]>) => [answer?.[0]?.text, status]),
      [
        ["half", "incomplete"],
        ["left", "incomplete"],
        ["whole", "completed"],
      ],
    );
  },
});

withPair().test({
  name: "the turn is kept before the client is told the end, and requests at the same time lose none",
  async run(pair) {
    const { gateway, upstream } = pair;
    upstream.push({ kind: "stream", chunks: [ROLE, chunk({ content: "a" }), STOP, DONE] });
    for (let turn = 1; turn <= 3; turn++) {
      await readUntil(await gateway.chat({ model, stream: true }, { headers: IN_SESSION }), /\[DONE\]/);
      const { turns } = await (await fetch(`${gateway.url}/v1/sessions/s-1`)).json();
      assert.equal(turns.length, turn);
    }
    upstream.reset();
    upstream.push({ kind: "json", body: completion({ content: "b" }), delay: 20 });
    await Promise.all(Array.from({ length: 8 }, async (_, at) => (await say(pair, `q${at}`)).text()));
    const { turns } = await (await fetch(`${gateway.url}/v1/sessions/s-1`)).json();
    assert.equal(turns.length, 11);
    for (let at = 0; at < 8; at++) assert.ok(JSON.stringify(turns).includes(`"q${at}"`));
  },
});

withPair({ env: { SESSION_LIMIT: "1024" } }).test({
  name: "over its limit a session drops its oldest turns, and no result without its call stays",
  async run(pair) {
    const { upstream } = pair;
    upstream.push({ kind: "json", body: completion({ content: "yes" }) });
    for (let turn = 0; turn < 8; turn++) await (await say(pair, `question ${turn}`)).text();
    const messages = asked(upstream);
    assert.ok(messages.length < 15 && messages.length > 3, JSON.stringify(messages));
    assert.deepEqual(messages.slice(-3), [["user", "question 6"], ["assistant", "yes"], ["user", "question 7"]]);
  },
});

withPair({ env: { USER_SET_KEY: "one-key,other-key" } }).test({
  name: "sessions belong to their client key; they are listed, shown and deleted by nobody else",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: completion({ content: "yes" }) });
    const mine = { authorization: "Bearer one-key" };
    const others = { authorization: "Bearer other-key" };
    const at = (path: string, headers: Record<string, string>, method = "GET") =>
      fetch(`${gateway.url}/v1/sessions${path}`, { headers, method });
    for (const id of ["a", "b", "c"]) {
      await (await gateway.chat({ model }, { headers: { ...mine, "x-session-id": id } })).text();
    }
    await (await gateway.chat({ model }, { headers: { ...others, "x-session-id": "a" } })).text();
    assert.equal(asked(upstream).length, 1, "another key's session of the same name is another");
    const page = await (await at("?limit=2", mine)).json();
    assert.deepEqual(page.data.map(({ id, turns }: Record<string, unknown>) => [id, turns]), [["a", 1], ["b", 1]]);
    assert.equal(page.has_more, true);
    const rest = await (await at(`?limit=2&after=${page.last_id}`, mine)).json();
    assert.deepEqual([rest.data.map(({ id }: { id: string }) => id), rest.has_more], [["c"], false]);
    assert.equal(await statusOf(at("/b", others)), 404);
    assert.equal(await statusOf(at("/b", others, "DELETE")), 404);
    assert.deepEqual(await (await at("/b", mine, "DELETE")).json(), { id: "b", object: "session", deleted: true });
    assert.equal(await statusOf(at("/b", mine)), 404);
    assert.equal((await (await at("", mine)).json()).data.length, 2);
  },
});

withPair().test({
  name: "a session that is deleted while it is being answered does not come back with that answer",
  async run(pair) {
    const { gateway, upstream } = pair;
    const session = `${gateway.url}/v1/sessions/s-1`;
    upstream.push({ kind: "json", body: completion({ content: "yes" }) });
    await (await say(pair, "one")).text();
    upstream.reset();
    upstream.push({ kind: "json", body: completion({ content: "late" }), delay: 200 });
    const asking = say(pair, "two").then((response) => response.json());
    while (upstream.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(await statusOf(fetch(session, { method: "DELETE" })), 200);
    assert.equal((await asking).choices[0].message.content, "late", "whoever asked is answered");
    assert.equal(await statusOf(fetch(session)), 404);
    assert.deepEqual((await (await fetch(`${gateway.url}/v1/sessions`)).json()).data, []);
    assert.deepEqual(gateway.logs.filter(({ level }) => level !== "info"), [], "nobody is to look at that");
    await (await say(pair, "three")).text();
    assert.deepEqual(asked(upstream), [["user", "three"]], "the next begins anew");
    assert.equal((await (await fetch(session)).json()).turns.length, 1);
  },
});

Deno.test("Q13 without x-session-id nothing is kept, whatever the client calls its own sessions", async () => {
  const store = createMemoryStore({ now: Date.now, limit: 1e7 });
  const upstream = startMockUpstream();
  const gateways = [startGateway({ upstream, store }), startGateway({ upstream, store, env: { SESSIONS: "off" } })];
  try {
    upstream.push({ kind: "json", body: completion({ content: "yes" }) });
    const own = { "x-claude-code-session-id": "c-1", "session_id": "c-2", "x-session-affinity": "c-3" };
    const [gateway, without] = gateways;
    for (let turn = 0; turn < 2; turn++) await (await gateway?.chat({ model }, { headers: own }))?.text();
    await (await without?.chat({ model }, { headers: IN_SESSION }))?.text();
    assert.equal(asked(upstream).length, 1);
    assert.deepEqual(await store.list(["sessions"], { limit: 1 }), []);
    const odd = await gateway?.chat({ model }, { headers: { "x-session-id": "not / sane" } });
    assert.deepEqual([odd?.status, (await odd?.json()).error.param], [400, "x-session-id"]);
  } finally {
    for (const gateway of gateways) await gateway.close();
    await upstream.close();
  }
});

withPair().test({
  name: "a request that goes on from an answer of its own API is not put into a session as well",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: completion({ content: "yes" }) });
    const ask = (body: Record<string, unknown>) =>
      fetch(`${gateway.url}/v1/responses`, {
        method: "POST",
        headers: IN_SESSION,
        body: JSON.stringify({ model, ...body }),
      });
    const { id } = await (await ask({ input: "one", store: true })).json();
    await (await ask({ input: "two", previous_response_id: id })).text();
    assert.deepEqual(asked(upstream), [["user", "one"], ["assistant", "yes"], ["user", "two"]]);
    const { turns } = await (await fetch(`${gateway.url}/v1/sessions/s-1`)).json();
    assert.equal(turns.length, 1);
  },
});

// ── Clients to whom a session's id says which requests belong together ───────────────────────────────────────────────

const WHOLE = [{ role: "user", content: "one" }, { role: "assistant", content: "yes" }, {
  role: "user",
  content: "two",
}];

withPair().test({
  name: "a whole conversation is asked as it is, and what was kept of its session is forgotten",
  async run(pair) {
    const { gateway, upstream } = pair;
    upstream.push({ kind: "json", body: completion({ content: "yes" }) });
    await (await say(pair, "one")).text();
    const ask = () => gateway.chat({ model, messages: WHOLE }, { headers: IN_SESSION });
    for (let turn = 0; turn < 2; turn++) {
      await (await ask()).text();
      assert.deepEqual(asked(upstream), WHOLE.map(({ role, content }) => [role, content]));
      assert.equal(await statusOf(fetch(`${gateway.url}/v1/sessions/s-1`)), 404);
    }
    await (await say(pair, "A title for it")).text();
    assert.deepEqual(asked(upstream), [["user", "A title for it"]]);
  },
});

withPair().test({
  name: "x-session-id means nothing beside x-session-affinity, which OpenCode sends with every request",
  async run(pair) {
    const { gateway, upstream } = pair;
    upstream.push({ kind: "json", body: completion({ content: "yes" }) });
    for (const question of ["A title for it", "one"]) {
      await (await say(pair, question, { "x-session-affinity": "s-1" })).text();
      assert.deepEqual(asked(upstream), [["user", question]]);
    }
    assert.equal(await statusOf(fetch(`${gateway.url}/v1/sessions/s-1`)), 404);
  },
});

withPair().test({
  name: "the beginning of the wanted answer makes no whole conversation",
  async run(pair) {
    const { gateway, upstream } = pair;
    upstream.push({ kind: "json", body: completion({ content: "yes" }) });
    await (await say(pair, "one")).text();
    const messages = [{ role: "user", content: "two" }, { role: "assistant", content: "Well, " }];
    await (await gateway.chat({ model, messages }, { headers: IN_SESSION })).text();
    assert.deepEqual(asked(upstream).slice(0, 3), [["user", "one"], ["assistant", "yes"], ["user", "two"]]);
  },
});

Deno.test("a page of sessions behind what is the id of none is refused", async () => {
  const gateway = startGateway();
  try {
    const response = await fetch(`${gateway.url}/v1/sessions?after=${"x".repeat(3000)}`);
    assert.equal(response.status, 400);
    assert.equal((await response.json()).error.param, "after");
  } finally {
    await gateway.close();
  }
});
