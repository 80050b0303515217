/** The gateways of a storm as their clients see them: whoever asks is sent to one that lives. */

import type { GatewayProcess } from "../support/process.ts";

/** `killed`: from one moment to the next. `stopped`: told to end, so that whoever is being answered is told something. */
export type Loss = "killed" | "stopped";

export interface Fleet {
  /** The address of a living gateway; the same number is the same one as long as none is lost. */
  url(number: number): string;
  living(): readonly GatewayProcess[];
  /** Whether it does not live any more, and how it ended. */
  loss(url: string): Loss | undefined;
  /** When it was killed, by `performance.now`; `undefined` where it was not. */
  killedAt(url: string): number | undefined;
  /** Nobody is sent there any more; resolves when the process is gone. */
  lose(gateway: GatewayProcess, how: Loss): Promise<Deno.CommandStatus>;
}

const SIGNALS = { killed: "SIGKILL", stopped: "SIGINT" } as const satisfies Record<Loss, Deno.Signal>;

export function createFleet(gateways: readonly GatewayProcess[]): Fleet {
  const lost = new Map<string, { how: Loss; at: number }>();
  const living = () => gateways.filter(({ url }) => !lost.has(url));
  return {
    url(number) {
      const those = living();
      return those[number % those.length]!.url;
    },
    living,
    loss: (url) => lost.get(url)?.how,
    killedAt(url) {
      const loss = lost.get(url);
      return loss?.how === "killed" ? loss.at : undefined;
    },
    async lose(gateway, how) {
      lost.set(gateway.url, { how, at: performance.now() });
      gateway.kill(SIGNALS[how]);
      return await gateway.status;
    },
  };
}
