/** A gateway and its upstream, for the length of one test. */

import { startGateway, type TestGateway, type TestGatewayOptions } from "./gateway.ts";
import { type MockUpstream, startMockUpstream } from "./mock_upstream.ts";

export interface Pair {
  gateway: TestGateway;
  upstream: MockUpstream;
}

export interface PairTest {
  name: string;
  run(pair: Pair): Promise<void>;
}

/** Tests against a gateway with these settings, and its upstream. */
export function withPair(options: TestGatewayOptions = {}): { test(definition: PairTest): void } {
  return {
    test({ name, run }) {
      Deno.test(name, async () => {
        const upstream = startMockUpstream();
        const gateway = startGateway({ ...options, upstream });
        try {
          await run({ gateway, upstream });
        } finally {
          await gateway.close();
          await upstream.close();
        }
      });
    },
  };
}
