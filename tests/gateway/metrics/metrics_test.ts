import assert from "node:assert/strict";
import { createMetrics, createModelLabel } from "../../../gateway/metrics/mod.ts";
import type { Observation } from "../../../gateway/observation.ts";
import { completion, textStream } from "../../support/openai_frames.ts";
import { withPair } from "../../support/pair.ts";
import { startGateway } from "../../support/gateway.ts";
import { configOf } from "../../support/config.ts";
import { parseMetrics, type Samples } from "../../support/prometheus.ts";

const ADMIN = "admin-key-5a1c";
const OPEN = { env: { METRICS: "open", MAX_RETRIES: "1" } };

async function samples(url: string): Promise<Samples> {
  return parseMetrics(await (await fetch(`${url}/metrics`)).text());
}

/** What a finished request looks like. */
function ended(more: Partial<Observation>): Observation {
  return {
    id: "r",
    startedAt: 0,
    dialect: "openai_chat",
    stream: false,
    attempts: [],
    lost: [],
    owner: "",
    chunks: 0,
    status: 200,
    end: "done",
    ...more,
  };
}

Deno.test("metrics are for the admin key, as a bearer or as a password, unless the configuration says otherwise", async () => {
  const gateway = startGateway({ env: { ADMIN_KEY: ADMIN, USER_SET_KEY: "client" } });
  try {
    const ask = async (authorization?: string, query = "") => {
      const headers = authorization === undefined ? {} : { authorization };
      const response = await fetch(`${gateway.url}/metrics${query}`, { headers });
      return {
        status: response.status,
        challenge: response.headers.get("www-authenticate"),
        text: await response.text(),
      };
    };
    for (const right of [`Bearer ${ADMIN}`, `bearer ${ADMIN}`, `Basic ${btoa(`any:${ADMIN}`)}`]) {
      assert.equal((await ask(right)).status, 200, right);
    }
    for (const wrong of [undefined, "Bearer client", `Bearer ${ADMIN}x`, `Basic ${btoa("any:client")}`, "Basic %"]) {
      const { status, challenge, text } = await ask(wrong);
      assert.equal(status, 401, wrong ?? "no key");
      assert.match(challenge ?? "", /^Basic /);
      assert.doesNotMatch(text, /anystream_/);
    }
    assert.equal((await ask(undefined, `?key=${ADMIN}`)).status, 401);
  } finally {
    await gateway.close();
  }
});

for (const [METRICS, status] of [["key", 403], ["off", 404], ["open", 200]] as const) {
  Deno.test(`without an admin key, metrics that are "${METRICS}" answer ${status}`, async () => {
    const gateway = startGateway({ env: { METRICS } });
    try {
      const response = await fetch(`${gateway.url}/metrics`);
      await response.body?.cancel();
      assert.equal(response.status, status);
    } finally {
      await gateway.close();
    }
  });
}

withPair(OPEN).test({
  name: "the metrics say what was asked: streamed, collected, fake, failed and of an unknown model",
  async run({ gateway, upstream }) {
    const ask = async (body: Record<string, unknown>, headers: Record<string, string> = {}) =>
      await (await gateway.chat({ model: "up/up-model", ...body }, { headers })).text();
    const usage = { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 };
    const details = {
      prompt_tokens_details: { cached_tokens: 3 },
      completion_tokens_details: { reasoning_tokens: 2 },
    };
    upstream.push({ kind: "stream", chunks: textStream("one two three", " four five six"), delay: 5 });
    await ask({ stream: true });
    upstream.reset();
    upstream.push({ kind: "json", body: completion({ content: "Hi" }, "stop", { usage: { ...usage, ...details } }) });
    await ask({});
    await ask({ stream: true }, { "x-stream-mode": "fake" });
    upstream.reset();
    upstream.push({ kind: "json", status: 500, body: {} });
    await ask({});
    await ask({ model: "nobody/knows" });

    const found = await samples(gateway.url);
    assert.deepEqual(found.types, {
      anystream_open_streams: "GAUGE",
      anystream_running_requests: "GAUGE",
      anystream_queued_requests: "GAUGE",
      anystream_refused_requests_total: "COUNTER",
      anystream_build_info: "GAUGE",
      anystream_requests_total: "COUNTER",
      anystream_attempts_total: "COUNTER",
      anystream_tokens_total: "COUNTER",
      anystream_time_to_first_token_seconds: "HISTOGRAM",
      anystream_time_per_output_token_seconds: "HISTOGRAM",
      anystream_request_duration_seconds: "HISTOGRAM",
    });
    const up = { provider: "up", model: "up-model" };
    const requests = (labels: Record<string, string>) => found.sum("anystream_requests_total", labels);
    assert.equal(requests({}), 5);
    assert.equal(requests({ ...up, dialect: "openai_chat", status: "200", end: "done" }), 3);
    assert.equal(requests({ ...up, status: "502", end: "failed" }), 1);
    assert.equal(requests({ provider: "none", model: "other", status: "404", end: "failed" }), 1);
    assert.equal(found.sum("anystream_attempts_total", { provider: "up", outcome: "began" }), 1);
    assert.equal(found.sum("anystream_attempts_total", { provider: "up", outcome: "answered" }), 2);
    assert.equal(found.sum("anystream_attempts_total", { provider: "up", outcome: "upstream-failure" }), 1);
    assert.equal(found.sum("anystream_tokens_total", { ...up, kind: "cached" }), 6);
    assert.equal(found.sum("anystream_tokens_total", { ...up, kind: "reasoning" }), 4);
    assert.ok(found.sum("anystream_tokens_total", { ...up, kind: "input" }) >= 14);
    assert.ok(found.sum("anystream_tokens_total", { ...up, kind: "output" }) >= 10);
    assert.equal(found.count("anystream_time_to_first_token_seconds", up), 3);
    assert.equal(found.count("anystream_time_per_output_token_seconds", up), 1);
    assert.equal(found.count("anystream_request_duration_seconds", up), 4);
    assert.equal(found.sum("anystream_build_info", {}), 1);
  },
});

withPair(OPEN).test({
  name: "an open stream is counted while it is open, and its end when the client leaves",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "stream", chunks: textStream("a").slice(0, 2), then: "hang" });
    const leaving = new AbortController();
    const response = await gateway.chat({ model: "up/up-model", stream: true }, { signal: leaving.signal });
    await response.body?.getReader().read();
    assert.equal((await samples(gateway.url)).sum("anystream_open_streams", {}), 1);
    leaving.abort();
    await gateway.logged();
    const found = await samples(gateway.url);
    assert.equal(found.sum("anystream_open_streams", {}), 0);
    assert.equal(found.sum("anystream_requests_total", { provider: "up", status: "200", end: "cancelled" }), 1);
  },
});

Deno.test("a model has its own label when it is configured or has answered, and no client can make more than there is room for", () => {
  const label = createModelLabel(
    configOf({
      env: { PROVIDER_UP_TYPE: "openai", PROVIDER_UP_ENDPOINT: "http://up.test", PROVIDER_UP_MODELS: "given" },
    }),
  );
  const of = (upstreamModel: string, end: Observation["end"] = "done") =>
    label(ended({ provider: "up", upstreamModel, ...end && { end } }));
  assert.equal(of("given", "failed"), "given");
  assert.equal(of("new", "failed"), "other");
  assert.equal(of("new"), "new");
  assert.equal(of("new", "failed"), "new");
  const labels = new Set(Array.from({ length: 1000 }, (_, index) => of(`made-up-${index}`)));
  assert.ok(labels.size <= 201, `${labels.size} labels`);
  assert.equal(of("given"), "given");
  assert.equal(label(ended({})), "other");
  assert.equal(label(ended({ provider: "else", upstreamModel: "given", end: "failed" })), "other", "another's model");
});

Deno.test("a request that ended with neither status nor provider is counted as one without", async () => {
  const metrics = createMetrics(() => "other", () => ({ running: 0, queued: 0, refused: 0 }));
  const { status: _, end: __, ...unanswered } = ended({});
  metrics.finished(unanswered, 10);
  const found = parseMetrics(await metrics.text());
  assert.equal(found.sum("anystream_requests_total", { provider: "none", status: "none", end: "none" }), 1);
});

Deno.test("labels hold what Prometheus must escape", async () => {
  const name = 'a"b\\c\nd';
  const metrics = createMetrics(() => name, () => ({ running: 0, queued: 0, refused: 0 }));
  metrics.finished(ended({ provider: "up" }), 10);
  const found = parseMetrics(await metrics.text());
  assert.equal(found.sum("anystream_requests_total", { model: name }), 1);
});
