import assert from "node:assert/strict";
import { GatewayError } from "../../chat/error.ts";
import {
  createHttpClient,
  type HttpClient,
  type HttpClientOptions,
  type HttpRequest,
} from "../../providers/http_client.ts";
import type { ProviderPorts } from "../../providers/provider.ts";
import { inFakeTime } from "../support/fake_time.ts";

interface Sent {
  url: string;
  init: RequestInit;
}

/** A client whose fetch answers so, and what it was asked. */
function setUp(
  answer: (sent: Sent) => Response | Promise<Response>,
  query: Record<string, string> = {},
  more: Partial<HttpClientOptions> & Partial<Pick<ProviderPorts, "resolveHost">> = {},
) {
  const sent: Sent[] = [];
  const ports: ProviderPorts = {
    fetch: async (input, init = {}) => {
      sent.push({ url: String(input), init });
      return await answer({ url: String(input), init });
    },
    WebSocket,
    resolveHost: more.resolveHost ?? (() => Promise.resolve([])),
    now: () => 0,
    random: () => 0,
    randomId: () => "id",
  };
  const client = createHttpClient({
    endpoint: "https://up.example/v1",
    apiKeys: ["one", "two"],
    auth: "bearer",
    headers: { "x-own": "1" },
    query,
    parseError: (status, body) => new GatewayError("upstream-failure", "No", { detail: `${status} ${body}` }),
    ...more,
  }, ports);
  return { client, sent };
}

function asked(changes: Partial<HttpRequest> = {}): HttpRequest & { limit: number } {
  return {
    timeouts: { connect: 0, headers: 0, firstContent: 0 },
    signal: new AbortController().signal,
    limit: 1000,
    ...changes,
  };
}

function exchange(client: HttpClient, changes: Partial<HttpRequest> = {}): Promise<string> {
  return client.exchange("/things", asked(changes));
}

/** A body that says this, and then what `end` does to it. */
function body(text: string, end: (controller: ReadableStreamDefaultController) => void): ReadableStream {
  let isSaid = false;
  return new ReadableStream({
    pull(controller) {
      if (isSaid) return end(controller);
      isSaid = true;
      controller.enqueue(new TextEncoder().encode(text));
    },
  });
}

Deno.test("with a body it is a POST of JSON, without one a GET; keys are taken in turn, never across a redirect", async () => {
  const { client, sent } = setUp(() => new Response("ok"), { "api-version": "1" });
  assert.equal(await exchange(client, { body: "{}", headers: { "x-own": "2" } }), "ok");
  assert.equal(await client.exchange("/things?page=2", asked()), "ok");
  assert.deepEqual(sent.map(({ url, init: { method, redirect } }) => [url, method, redirect]), [
    ["https://up.example/v1/things?api-version=1", "POST", "manual"],
    ["https://up.example/v1/things?page=2&api-version=1", undefined, "manual"],
  ]);
  assert.deepEqual(sent[0]?.init.headers, {
    "content-type": "application/json",
    "accept": "application/json",
    "x-own": "2",
    "authorization": "Bearer one",
  });
  assert.deepEqual(sent[1]?.init.headers, {
    "accept": "application/json",
    "x-own": "1",
    "authorization": "Bearer two",
  });
});

Deno.test("a redirect is no answer", async () => {
  const { client } = setUp(() => new Response(null, { status: 307, headers: { location: "https://else.example" } }));
  await assert.rejects(exchange(client), { kind: "upstream-failure" });
});

Deno.test("E12 a refusal is told with its words, and with when to come back", async () => {
  const { client } = setUp(() => new Response("busy", { status: 503, headers: { "retry-after": "3" } }));
  await assert.rejects(exchange(client), { kind: "upstream-failure", detail: "503 busy", retryAfter: 3000 });
});

Deno.test("E13 a refusal that never ends is told with the words that came, and its body is let go", async () => {
  await inFakeTime(async ({ pass }) => {
    let left: unknown;
    const endless = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode("overloa")),
      cancel: (reason) => void (left = reason ?? "left"),
    });
    const { client } = setUp(() => new Response(endless, { status: 503 }));
    const refused = exchange(client).then(() => undefined, (error: GatewayError) => error.detail);
    await pass(1_999);
    assert.equal(left, undefined);
    await pass(1);
    assert.equal(await refused, "503 overloa");
    assert.equal(left, "left");
  });
});

Deno.test("a refusal of endless words is read as far as it may say something", async () => {
  const chunk = new TextEncoder().encode("x".repeat(10_000));
  const endless = new ReadableStream({ pull: (controller) => controller.enqueue(chunk) });
  const { client } = setUp(() => new Response(endless, { status: 503 }));
  const { detail } = await exchange(client).then(() => assert.fail("was not refused"), (error: GatewayError) => error);
  assert.equal(detail?.length, "503 ".length + 70_000);
});

Deno.test("an answer larger than its kind can be is not read on, and not asked for again", async () => {
  let isLeft = false;
  const endless = () =>
    new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(600)),
      cancel: () => void (isLeft = true),
    });
  const { client } = setUp(() => new Response(endless()));
  await assert.rejects(exchange(client), { kind: "upstream-malformed", retryable: false });
  assert.ok(isLeft);
});

Deno.test("a body that breaks off is a cut, a fetch that fails an upstream that cannot be reached", async () => {
  const broken = setUp(() => new Response(body("{", (controller) => controller.error(new TypeError("reset")))));
  await assert.rejects(exchange(broken.client), { kind: "upstream-cut" });
  const down = setUp(() => Promise.reject(new TypeError("refused")));
  await assert.rejects(exchange(down.client), { kind: "upstream-unreachable" });
});

Deno.test("E13 the clocks run for the head and for the body, and what they end is ended at the upstream", async () => {
  await inFakeTime(async ({ pass }) => {
    const silent = new Response(body("{", () => new Promise(() => {})));
    const answers: [answer: Response | Promise<Response>, code: string][] = [
      [new Promise(() => {}), "headers_timeout"],
      [silent, "first_content_timeout"],
    ];
    for (const [answer, code] of answers) {
      const { client, sent } = setUp(() => answer);
      const refused = assert.rejects(exchange(client, { timeouts: { connect: 0, headers: 50, firstContent: 50 } }), {
        code,
      });
      await pass(60);
      await refused;
      assert.ok(sent[0]?.init.signal?.aborted);
    }
  });
});

Deno.test("V14 who leaves ends the fetch, and is told their own reason", async () => {
  const { client, sent } = setUp(({ init }) =>
    new Promise((_, reject) => init.signal?.addEventListener("abort", () => reject(new TypeError("aborted"))))
  );
  const abort = new AbortController();
  const reason = new GatewayError("client-gone", "Gone");
  const refused = assert.rejects(exchange(client, { signal: abort.signal }), reason);
  while (sent.length === 0) await Promise.resolve();
  abort.abort(reason);
  await refused;
  assert.ok(sent[0]?.init.signal?.aborted);
  await assert.rejects(exchange(client, { signal: abort.signal }), reason);
});

Deno.test("H1 a header is sent once, in whatever case of letters it is set", async () => {
  const headers = { "X-Own": "mine", "Authorization": "Bearer own" };
  const { client, sent } = setUp(() => new Response("{}"), {}, { headers });
  await exchange(client, { key: 0 });
  const told = new Headers(sent[0]?.init.headers);
  assert.deepEqual([told.get("x-own"), told.get("authorization")], ["mine", "Bearer one"]);
});

Deno.test("E13 looking up a host has the clock of connecting, too", async () => {
  await inFakeTime(async (time) => {
    const resolveHost = () => new Promise<string[]>(() => {});
    const { client, sent } = setUp(() => new Response("{}"), {}, { resolveHost, publicOnly: true });
    const asking = assert.rejects(
      exchange(client, { timeouts: { connect: 50, headers: 500, firstContent: 0 } }),
      /could not be reached within 50 ms/,
    );
    await time.pass(50);
    await asking;
    assert.deepEqual(sent, []);
  });
});
