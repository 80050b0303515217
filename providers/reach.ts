/** Tells a host that cannot be reached from one that thinks for long: a fetch alone cannot (CASES E13). */

import { timeoutError } from "../chat/error.ts";
import { within } from "../streaming/timer.ts";
import type { ProviderPorts } from "./provider.ts";

/** A host that answered this lately is not asked whether it is there. */
const TRUSTED_FOR = 60_000;

export interface Reach {
  /**
   * Rejects with the `connect` timeout where the host takes longer than `limit` milliseconds to be connected to; stays
   * pending in every other case, as then the fetch itself knows more. `undefined` where the host need not be asked.
   */
  failure(url: string, options: { limit: number; signal: AbortSignal }): Promise<never> | undefined;
  /** The host answered just now. */
  answered(): void;
}

export function createReach({ connect, now }: Pick<ProviderPorts, "connect" | "now">): Reach {
  let answeredAt = -Infinity;
  return {
    failure(url, { limit, signal }) {
      if (connect === undefined || limit <= 0 || now() - answeredAt <= TRUSTED_FOR) return undefined;
      return failure(connect(new URL(url), signal), limit);
    },
    answered() {
      answeredAt = now();
    },
  };
}

async function failure(connecting: Promise<void>, limit: number): Promise<never> {
  const late = timeoutError("connect", limit);
  try {
    await within(connecting, limit, () => late);
  } catch (error) {
    if (error === late) throw late;
  }
  return await new Promise<never>(() => {});
}

/** The real connection: by TLS where the URL is, as raw connections to port 443 are refused on Deno Deploy. */
export async function connectTo(url: URL): Promise<void> {
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const secure = url.protocol === "https:";
  const port = Number(url.port) || (secure ? 443 : 80);
  const connection = secure ? await Deno.connectTls({ hostname, port }) : await Deno.connect({ hostname, port });
  connection.close();
}
