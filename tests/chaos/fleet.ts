/** The gateways of a storm as their clients see them: whoever asks is sent to one that lives. */

import type { GatewayProcess } from "../support/process.ts";

export interface Fleet {
  /** The address of a living gateway; the same number is the same one as long as none is lost. */
  url(number: number): string;
  living(): readonly GatewayProcess[];
  /** When the gateway was lost, by `performance.now`; `undefined` where it was not. */
  lostAt(url: string): number | undefined;
  /** Nobody is sent there any more, and then the process is gone, from one moment to the next. */
  lose(gateway: GatewayProcess): Promise<void>;
}

export function createFleet(gateways: readonly GatewayProcess[]): Fleet {
  const lost = new Map<string, number>();
  const living = () => gateways.filter(({ url }) => !lost.has(url));
  return {
    url(number) {
      const those = living();
      return those[number % those.length]!.url;
    },
    living,
    lostAt: (url) => lost.get(url),
    async lose(gateway) {
      lost.set(gateway.url, performance.now());
      gateway.kill("SIGKILL");
      await gateway.status;
    },
  };
}
