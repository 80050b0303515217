/** What the load benchmarks ask for, and what one round of it costs a process. */

import { load, type Work } from "./load.ts";
import type { Process } from "./processes.ts";

export const REQUESTS = Number(Deno.env.get("BENCH_REQUESTS") ?? 1500);
export const CONNECTIONS = 16;

const messages = [{ role: "user", content: "Say a few words about streams, please. ".repeat(4) }];
export const plain = { model: "bench/bench", messages };
export const stream = { ...plain, stream: true };

/** The environment of a gateway whose provider `bench` is this upstream. */
export function gatewayEnv(port: number, upstream: Process): Record<string, string> {
  return {
    HOST: "127.0.0.1",
    PORT: String(port),
    PROVIDER_BENCH_TYPE: "openai",
    PROVIDER_BENCH_ENDPOINT: `${upstream.url}/v1`,
    PROVIDER_BENCH_API_KEY: "bench-upstream-key",
    PROVIDER_BENCH_STREAM: "real",
    KV_URL: "memory",
  };
}

export interface Measured {
  /** Microseconds of CPU time a request. */
  cpu: number;
  rps: number;
}

export async function measure(process: Process, work: Omit<Work, "connections">): Promise<Measured> {
  const before = await process.cpu();
  const { requestsPerSecond } = await load(process.url, { ...work, connections: CONNECTIONS });
  return { cpu: (await process.cpu() - before) / work.requests, rps: requestsPerSecond };
}
