/** A task API behind the whole gateway, asked by clients on a real socket. */

import assert from "node:assert/strict";
import { startGateway, type TestGateway } from "../../support/gateway.ts";
import { checkOpenaiChatStream, type ReadStream } from "../../support/openai_chat_grammar.ts";
import { type Reply, snapshot, startTaskServer, type TaskServer, type TaskServerOptions, until } from "./support.ts";

const TOML = `
[providers.slow]
type = "polling"
endpoint = "\${ENDPOINT}"
api_key = "vendor-key"
models = ["big-model"]

[providers.slow.submit]
path = "/tasks"
task_id = "data.id"

[providers.slow.submit.body]
model = "{{model}}"
input = { text = "{{prompt}}", system = "{{system}}" }
options = { temperature = "{{temperature}}", max_length = "{{max_tokens}}", language = "any" }

[providers.slow.poll]
path = "/tasks/{{task_id}}"
interval = 10
text = "data.output.text"
reasoning = "data.output.thinking"
state = "data.status"
done = ["succeeded"]
failed = ["failed", "expired"]
error = "data.error"
usage_input = "data.output.in"
usage_output = "data.output.out"

[providers.slow.cancel]
path = "/tasks/{{task_id}}/cancel"
`;

const ASKED = { model: "slow/big-model" };
const STREAMED = { ...ASKED, stream: true };

interface Pair {
  gateway: TestGateway;
  server: TaskServer;
}

function withPair(
  options: TaskServerOptions & { env?: Record<string, string> },
  test: (pair: Pair) => Promise<void>,
): () => Promise<void> {
  return async () => {
    const server = startTaskServer(options);
    const gateway = startGateway({ toml: TOML, env: { ENDPOINT: server.url, MAX_RETRIES: "1", ...options.env } });
    try {
      await test({ gateway, server });
    } finally {
      await gateway.close();
      await server.close();
    }
  };
}

async function stream(gateway: TestGateway, body: Record<string, unknown> = {}): Promise<ReadStream & { raw: string }> {
  const raw = await (await gateway.chat({ ...STREAMED, stream_options: { include_usage: true }, ...body })).text();
  return { ...checkOpenaiChatStream(raw, { includeUsage: true }), raw };
}

const GROWING: Reply[] = [
  snapshot("queued"),
  snapshot("running", "Grüße", { thinking: "Hm 🙂" }),
  snapshot("running", "Grüße 🙂\ud83d", { thinking: "Hm 🙂, so" }),
  snapshot("succeeded", "Grüße 🙂🙃, 世界", { thinking: "Hm 🙂, so", in: 12, out: 9 }),
];

Deno.test(
  "W7 W8 a streaming client gets deltas of a task, counts and one end; a collecting one the same in one piece",
  withPair({ replies: GROWING }, async ({ gateway, server }) => {
    const { text, reasoning, finish, usage, raw } = await stream(gateway);
    assert.deepEqual([text, reasoning, finish], ["Grüße 🙂🙃, 世界", "Hm 🙂, so", "stop"]);
    assert.ok(raw.split('"content":').length > 3, "more than one delta");
    assert.ok(raw.isWellFormed() && !raw.includes("\ufffd"));
    const { prompt_tokens, completion_tokens } = usage as Record<string, unknown>;
    assert.deepEqual([prompt_tokens, completion_tokens], [12, 9]);

    const answer = await (await gateway.chat(ASKED)).json();
    assert.equal(answer.choices[0].message.content, "Grüße 🙂🙃, 世界");
    assert.equal(answer.choices[0].message.reasoning_content, "Hm 🙂, so");
    assert.deepEqual([answer.choices[0].finish_reason, answer.usage.completion_tokens], ["stop", 9]);
    assert.deepEqual([server.submissions.length, server.polls.length, server.cancellations.length], [2, 8, 0]);
  }),
);

Deno.test(
  "a request goes into the template of the file, and what that has no place for is told as lost",
  withPair({ replies: [snapshot("succeeded", "Hi")] }, async ({ gateway, server }) => {
    const response = await gateway.chat({
      ...ASKED,
      messages: [{ role: "system", content: 'Say "{{model}}"' }, { role: "user", content: '"}, "x": "' }],
      temperature: 0.5,
      top_p: 0.1,
    });
    await response.body?.cancel();
    assert.deepEqual(server.submissions[0]?.body, {
      model: "big-model",
      input: { text: '"}, "x": "', system: 'Say "{{model}}"' },
      options: { temperature: 0.5, language: "any" },
    });
    assert.equal(server.submissions[0]?.headers.get("authorization"), "Bearer vendor-key");
    assert.equal(response.headers.get("x-anystream-lost"), "topP");
  }),
);

Deno.test(
  "W8 V7 a client of a task that is silent for long is kept alive",
  withPair({
    replies: [...Array<Reply>(12).fill(snapshot("running")), snapshot("succeeded", "Hi")],
    env: { KEEP_ALIVE_INTERVAL: "25" },
  }, async ({ gateway }) => {
    const { text, usage, raw } = await stream(gateway);
    assert.equal(text, "Hi");
    assert.ok(raw.split(": keep-alive\n\n").length > 2);
    assert.ok(usage, "W9: counts are estimated where there are none");
  }),
);

Deno.test(
  "W1 a rewritten text is given from where the two part, and no word twice",
  withPair({
    replies: [snapshot("running", "I think it"), snapshot("running", "I"), snapshot("succeeded", "I think that")],
  }, async ({ gateway }) => {
    assert.equal((await stream(gateway)).text, "I think it" + "that");
  }),
);

Deno.test(
  "W7 polls that fail, break off or are limited now and then do not show",
  withPair({
    replies: [
      { status: 502, body: "<html>Bad gateway</html>" },
      snapshot("running", "Hel"),
      "cut",
      { status: 429, headers: { "retry-after-ms": "30" }, body: "" },
      snapshot("succeeded", "Hello"),
    ],
  }, async ({ gateway, server }) => {
    const { text, finish } = await stream(gateway);
    assert.deepEqual([text, finish], ["Hello", "stop"]);
    const [limited, next] = server.polls.slice(3).map(({ at }) => at);
    assert.ok((next ?? 0) - (limited ?? 0) >= 29, "Retry-After is kept");
  }),
);

const EARLY: [what: string, reply: Reply, status: number][] = [
  ["fails", snapshot("failed"), 502],
  ["expires", snapshot("expired"), 502],
  ["is not found", { status: 404, body: "" }, 502],
  ["is asked for with a key that is refused", { status: 401, body: "" }, 502],
  ["is answered with a page of HTML", { body: "<html></html>" }, 502],
];

for (const [what, reply, status] of EARLY) {
  for (const [how, body] of [["streamed", STREAMED], ["whole", ASKED]] as const) {
    Deno.test(
      `E1 W7 a task that ${what} before its first word is a real status, asked for ${how}`,
      withPair({ replies: [reply] }, async ({ gateway }) => {
        const response = await gateway.chat(body);
        const { error } = await response.json();
        assert.equal(response.status, status);
        assert.match(error.message, /^Cannot answer as the provider/);
      }),
    );
  }
}

Deno.test(
  "E5 W7 a task that fails in mid-text is an error in the stream, the vendor's words in the log alone",
  withPair({
    replies: [snapshot("running", "Hel"), { body: { data: { status: "failed", error: "GPU 7 is on fire" } } }],
  }, async ({ gateway }) => {
    const { text, error, finish, raw } = await stream(gateway);
    assert.deepEqual([text, finish], ["Hel", undefined]);
    assert.match(error?.message ?? "", /^Cannot answer as the provider had a server error/);
    assert.ok(!raw.includes("GPU"));
    assert.match(JSON.stringify(await gateway.logged()), /GPU 7 is on fire/);
  }),
);

Deno.test(
  "E8 W7 a task that failed without a word is submitted anew, and the client sees one answer",
  withPair({ replies: [snapshot("failed")], env: { MAX_RETRIES: "2" } }, async ({ gateway, server }) => {
    const answer = stream(gateway);
    await until(() => server.polls.length === 1);
    server.answer(snapshot("succeeded", "Hello"));
    assert.equal((await answer).text, "Hello");
    assert.equal(server.submissions.length, 2);
  }),
);

Deno.test(
  "W7 a task that takes longer than its deadline is a timeout, and is called off",
  withPair(
    { replies: [snapshot("running")], env: { PROVIDER_SLOW_POLL_DEADLINE: "60" } },
    async ({ gateway, server }) => {
      const response = await gateway.chat(STREAMED);
      assert.equal(response.status, 504);
      assert.equal((await response.json()).error.code, "total_timeout");
      await until(() => server.cancellations.length === 1);
    },
  ),
);

const READS: [when: string, reply: Reply, reads: boolean][] = [
  ["before the first word", snapshot("running"), false],
  ["in mid-text", snapshot("running", "Hel"), true],
];

for (const [when, reply, reads] of READS) {
  Deno.test(
    `W6 W7 a client that leaves ${when} ends the polling within 100 ms, and the task is called off`,
    withPair({ replies: [reply, "hang"] }, async ({ gateway, server }) => {
      const client = new AbortController();
      const asking = gateway.chat(STREAMED, { signal: client.signal });
      asking.catch(() => {});
      if (reads) await (await asking).body?.getReader().read();
      await until(() => server.polls.length === 2);
      const before = performance.now();
      client.abort();
      await until(() => server.cancellations.length === 1);
      assert.ok(performance.now() - before < 100);
      assert.equal((await gateway.logged()).end, "cancelled");
      assert.equal(server.polls.length, 2);
    }),
  );
}

Deno.test(
  "the model is listed, and the vendor's key is in no line of the log",
  withPair({ replies: [{ status: 401, body: "vendor-key is not valid" }] }, async ({ gateway }) => {
    const { data } = await (await fetch(`${gateway.url}/v1/models`)).json();
    assert.ok(data.some(({ id }: { id: string }) => id === "slow/big-model"));
    await (await gateway.chat(ASKED)).body?.cancel();
    await gateway.logged();
    assert.ok(!gateway.lines.join().includes("vendor-key"));
  }),
);
