/** A gateway and its upstream, for the length of one test. */

import { startGateway, type TestGateway, type TestGatewayOptions } from "./gateway.ts";
import { type MockUpstream, startMockUpstream } from "./mock_upstream.ts";

export interface Pair {
  gateway: TestGateway;
  upstream: MockUpstream;
}

/** Runs a test against a gateway and its upstream. */
export function withPair(test: (pair: Pair) => Promise<void>, options: TestGatewayOptions = {}): () => Promise<void> {
  return async () => {
    const upstream = startMockUpstream();
    const gateway = startGateway({ ...options, upstream });
    try {
      await test({ gateway, upstream });
    } finally {
      await gateway.close();
      await upstream.close();
    }
  };
}
