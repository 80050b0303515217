/** What the load benchmarks ask for, and what one round of it costs a process. */

import { type Asked, load, type Work } from "./load.ts";
import type { Process } from "./processes.ts";

export const REQUESTS = Number(Deno.env.get("BENCH_REQUESTS") ?? 500);
export const CONNECTIONS = 16;
/** The first of the ports that the load benchmark listens on. */
export const PORT = Number(Deno.env.get("BENCH_PORT") ?? 18100);

const PROMPT = "Say a few words about streams, please. ".repeat(4);

const messages = [{ role: "user", content: PROMPT }];
export const plain = { model: "bench/bench", messages };
export const stream = { ...plain, stream: true };

/** The same question in each client's words, to a provider of another dialect or of the same. */
export const ASK = {
  openai: (provider: string, more: Record<string, unknown> = {}): Asked => ({
    body: { model: `${provider}/bench`, messages, ...more },
  }),
  anthropic: (provider: string, more: Record<string, unknown> = {}): Asked => ({
    path: "/v1/messages",
    body: { model: `${provider}/bench`, max_tokens: 1000, messages, ...more },
  }),
  gemini: (provider: string): Asked => ({
    path: `/v1beta/models/${provider}/bench:generateContent`,
    body: { contents: [{ role: "user", parts: [{ text: PROMPT }] }] },
  }),
};

/** The environment of a gateway whose providers, one for each of three dialects, are this upstream. */
export function gatewayEnv(port: number, upstream: string): Record<string, string> {
  const provider = (name: string, type: string, endpoint: string) => ({
    [`PROVIDER_${name}_TYPE`]: type,
    [`PROVIDER_${name}_ENDPOINT`]: endpoint,
    [`PROVIDER_${name}_API_KEY`]: "bench-upstream-key",
    [`PROVIDER_${name}_STREAM`]: "real",
  });
  return {
    HOST: "127.0.0.1",
    PORT: String(port),
    ...provider("BENCH", "openai", `${upstream}/v1`),
    ...provider("CLAUDE", "anthropic", `${upstream}/v1`),
    ...provider("GOOGLE", "gemini", `${upstream}/v1beta`),
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
