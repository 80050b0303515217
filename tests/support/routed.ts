/** A gateway whose model `both` has two upstreams of different dialects, and what those say. */

import { startGateway, type TestGateway } from "./gateway.ts";
import { type MockUpstream, type Script, startMockUpstream } from "./mock_upstream.ts";

export interface Bed {
  gateway: TestGateway;
  /** Speaks OpenAI's chat, with the keys `first-key` and `second-key`. */
  one: MockUpstream;
  /** Speaks Anthropic's Messages. */
  two: MockUpstream;
}

export interface RoutedTest {
  name: string;
  run: (bed: Bed) => Promise<void>;
  env?: Record<string, string>;
  /** Of `both`. */
  candidates?: unknown[];
  /** What else is said of `both`. */
  alias?: Record<string, unknown>;
  /** What else stands in models.json. */
  models?: Record<string, unknown>;
}

/** A test against such a gateway. */
export function routed(test: RoutedTest): void {
  const { name, run, env = {}, candidates = ["one/model-1", "two/model-2"], alias = {}, models = {} } = test;
  Deno.test(name, async () => {
    const [one, two] = [startMockUpstream(), startMockUpstream()];
    const gateway = startGateway({
      env: {
        PROVIDER_ONE_TYPE: "openai",
        PROVIDER_ONE_ENDPOINT: `${one.url}/v1`,
        PROVIDER_ONE_API_KEY: "first-key,second-key",
        PROVIDER_TWO_TYPE: "anthropic",
        PROVIDER_TWO_ENDPOINT: two.url,
        PROVIDER_TWO_API_KEY: "anthropic-key",
        ...env,
      },
      models: {
        models: {
          both: { candidates, ...alias },
          "two/model-2": { thinking: "budget", max_output_tokens: 8000 },
          ...models,
        },
      },
    });
    try {
      await run({ gateway, one, two });
    } finally {
      await gateway.close();
      await Promise.all([one.close(), two.close()]);
    }
  });
}
/** A client's wish for a real stream. */
export const REAL = { headers: { "x-stream-mode": "real" } };
export const failure = (status: number, headers = {}): Script => ({
  kind: "json",
  status,
  body: { error: {} },
  headers,
});
/** The key that a request of `one` was sent with. */
export const keyOf = ({ headers }: { headers: Headers }) => headers.get("authorization")?.replace("Bearer ", "");

/** A whole answer of `two`. */
export const MESSAGE = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "model-2",
  content: [{ type: "text", text: "Hello from two" }],
  stop_reason: "end_turn",
  usage: { input_tokens: 3, output_tokens: 4 },
};

/** The same as a stream. */
export const MESSAGE_STREAM = [
  { type: "message_start", message: { ...MESSAGE, content: [], stop_reason: null } },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hello from two" } },
  { type: "content_block_stop", index: 0 },
  { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 4 } },
  { type: "message_stop" },
].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
