import assert from "node:assert/strict";
import { chunk, completion, DONE, frame, ROLE, STOP } from "../../support/openai_frames.ts";
import { type MockUpstream, startMockUpstream } from "../../support/mock_upstream.ts";
import { type OtlpReceiver, type Span, startOtlpReceiver } from "../../support/otlp.ts";
import { type GatewayProcess, startGatewayProcess } from "../../support/process.ts";

const SECRETS = ["client-key-9f31", "upstream-key-1", "query-5b77", "a private question"];
const USAGE = {
  prompt_tokens: 7,
  completion_tokens: 4,
  total_tokens: 11,
  prompt_tokens_details: { cached_tokens: 3, cache_write_tokens: 2 },
  completion_tokens_details: { reasoning_tokens: 2 },
};
const DELAY = 30;

interface Watched {
  gateway: GatewayProcess;
  upstream: MockUpstream;
  otlp: OtlpReceiver;
  ask(id: string, body: Record<string, unknown>, init?: RequestInit): Promise<Response>;
  /** The spans of one request: the server's, ours, and the attempts in their order. */
  spansOf(id: string): Promise<{ server: Span; request: Span; attempts: Span[] }>;
}

/** A gateway in a process of its own, whose telemetry is received; one for all steps, as it takes a second to start. */
async function withTelemetry(run: (watched: Watched) => Promise<void>): Promise<void> {
  const upstream = startMockUpstream();
  const otlp = startOtlpReceiver();
  const env = {
    ...otlp.env,
    USER_SET_KEY: "client-key-9f31",
    PROVIDER_UP_TYPE: "openai",
    PROVIDER_UP_ENDPOINT: `${upstream.url}/v1`,
    PROVIDER_UP_API_KEY: "upstream-key-1",
    PROVIDER_UP_MODELS: "up-model",
  };
  const gateway = await startGatewayProcess({ entry: "deploy.ts", env, cwd: "/" });
  const ask: Watched["ask"] = (id, body, init) =>
    fetch(`${gateway.url}/v1/chat/completions?trace=query-5b77`, {
      method: "POST",
      headers: { "authorization": "Bearer client-key-9f31", "x-request-id": id },
      body: JSON.stringify({
        model: "up/up-model",
        messages: [{ role: "user", content: "a private question" }],
        ...body,
      }),
      ...init,
    });
  const spansOf: Watched["spansOf"] = async (id) => {
    const request = await otlp.span(({ attributes }) => attributes["anystream.request_id"] === id);
    const server = await otlp.span((span) => span.id === request.parent);
    const attempts = otlp.spans.filter((span) => span.parent === request.id);
    const number = ({ attributes }: Span) => Number(attributes["anystream.attempt.number"]);
    return { server, request, attempts: attempts.sort((one, other) => number(one) - number(other)) };
  };
  try {
    await run({ gateway, upstream, otlp, ask, spansOf });
  } finally {
    await gateway.close();
    await otlp.close();
    await upstream.close();
  }
}

Deno.test("OpenTelemetry gets each request, its attempts and its metrics", (t) =>
  withTelemetry(async (watched) => {
    const { upstream, otlp, ask, spansOf } = watched;

    await t.step(
      "a stream's span ends with the stream, not with its headers, and its attempts are its children",
      async () => {
        upstream.push({ kind: "json", status: 500, body: {}, headers: { "retry-after-ms": "1" } });
        const said = ["one", " two", " three", " four"].map((content) => chunk({ content }));
        const usage = frame({ choices: [], usage: USAGE });
        upstream.push({ kind: "stream", chunks: [ROLE, ...said, STOP, usage, DONE], delay: DELAY });
        await (await ask("streamed", { stream: true })).text();
        const answeredAt = Date.now();
        const { server, request, attempts } = await spansOf("streamed");

        assert.equal(server.name, "POST /v1/chat/completions");
        assert.equal(server.attributes["http.route"], "/v1/chat/completions");
        assert.equal(request.name, "chat up-model");
        assert.ok(request.end - server.end > 3 * DELAY, `${request.end - server.end} ms after the headers`);
        assert.ok(request.end <= answeredAt + 1);
        assert.equal(request.failed, false);
        const { attributes } = request;
        const expected = {
          "gen_ai.operation.name": "chat",
          "gen_ai.provider.name": "up",
          "gen_ai.request.model": "up-model",
          "gen_ai.request.stream": true,
          "gen_ai.response.model": "up-model",
          "gen_ai.response.finish_reasons": ["stop"],
          "gen_ai.usage.input_tokens": 7,
          "gen_ai.usage.output_tokens": 4,
          "gen_ai.usage.cache_read.input_tokens": 3,
          "gen_ai.usage.reasoning.output_tokens": 2,
          "anystream.end": "done",
        };
        for (const [name, value] of Object.entries(expected)) assert.deepEqual(attributes[name], value, name);
        assert.equal("error.type" in attributes, false);

        assert.deepEqual(attempts.map(({ attributes }) => attributes["anystream.attempt.verdict"]), [
          "upstream-failure",
          "began",
        ]);
        const [failed, began] = attempts as [Span, Span];
        assert.deepEqual([failed.failed, began.failed], [true, false]);
        assert.equal(failed.attributes["error.type"], "upstream-failure");
        assert.equal(began.attributes["gen_ai.request.model"], "up-model");
        assert.ok(request.start <= failed.start && failed.end <= began.start && began.end <= request.end);
      },
    );

    await t.step("a request that fails and one whose client leaves say so", async () => {
      await (await ask("unknown", { model: "nobody/knows" })).text();
      const unknown = (await spansOf("unknown")).request;
      assert.equal(unknown.name, "chat");
      assert.equal(unknown.failed, true);
      assert.equal(unknown.attributes["error.type"], "unknown-model");

      upstream.reset();
      upstream.push({ kind: "stream", chunks: [ROLE, chunk({ content: "Hi" })], then: "hang" });
      const leaving = new AbortController();
      const response = await ask("left", { stream: true }, { signal: leaving.signal });
      await response.body?.getReader().read();
      leaving.abort();
      const { request } = await spansOf("left");
      assert.equal(request.failed, false);
      assert.equal(request.attributes["anystream.end"], "cancelled");
    });

    await t.step("the metrics of the conventions count all that", async () => {
      upstream.reset();
      upstream.push({ kind: "json", body: completion({ content: "Hi" }) });
      await (await ask("collected", {})).text();
      const find = (name: string, attributes: Record<string, string> = {}) =>
        otlp.points("anystream").filter((point) =>
          point.name === `gen_ai.client.inference.${name}` &&
          Object.entries(attributes).every(([key, value]) => point.attributes[key] === value)
        );
      const of = { "gen_ai.request.model": "up-model", "gen_ai.provider.name": "up", "gen_ai.operation.name": "chat" };
      const count = (name: string, attributes?: Record<string, string>) =>
        find(name, attributes).reduce((sum, point) => sum + (point.count ?? point.sum), 0);
      for (let attempt = 0; attempt < 300 && count("duration", of) < 3; attempt++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      assert.equal(count("duration", of), 3);
      assert.equal(count("duration", { "error.type": "unknown-model", "gen_ai.request.model": "other" }), 1);
      assert.equal(count("time_to_first_chunk", of), 2);
      assert.equal(count("time_per_output_chunk", of), 3);
      assert.deepEqual(find("duration", of)[0]?.bounds, Array.from({ length: 14 }, (_, power) => 0.01 * 2 ** power));
      assert.equal(find("duration", of)[0]?.unit, "s");
      const gaps = find("time_per_output_chunk", of)[0]?.sum ?? 0;
      assert.ok(gaps > DELAY / 1000 && gaps < 20, `${gaps} s between chunks`);
      assert.equal(count("usage.input_tokens", of), 14);
      assert.equal(count("usage.reasoning.output_tokens", of), 2);
      assert.equal(count("usage.cache_write.input_tokens", of), 2);
      assert.equal(count("operation.output_tokens", of), 2);
    });

    await t.step("no key, query or prompt is in any attribute of ours", () => {
      const text = otlp.text("anystream");
      assert.match(text, /anystream\.request_id/);
      for (const secret of SECRETS) assert.ok(!text.includes(secret), secret);
    });
  }));
