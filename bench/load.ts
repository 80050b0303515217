/** Asks a server the same thing again and again over a number of connections, and measures. */

export interface Asked {
  /** OpenAI's chat completions unless given. */
  path?: string;
  body: Record<string, unknown>;
  headers?: Record<string, string>;
}

export interface Work extends Asked {
  /** Requests in all. */
  requests: number;
  connections: number;
}

export interface Load {
  requestsPerSecond: number;
  /** Milliseconds to the first content of each answer, sorted. */
  firstContent: number[];
}

export async function load(url: string, { requests, connections, ...asked }: Work): Promise<Load> {
  const call = caller(url, asked);
  const firstContent: number[] = [];
  let left = requests;
  const startedAt = performance.now();
  const connection = async () => {
    while (left-- > 0) firstContent.push(await timed(call));
  };
  await Promise.all(Array.from({ length: connections }, connection));
  const seconds = (performance.now() - startedAt) / 1000;
  return { requestsPerSecond: requests / seconds, firstContent: firstContent.sort((a, b) => a - b) };
}

export type Call = (signal?: AbortSignal) => Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;

/** What asks the same each time; its answer must be a good one. */
export function caller(url: string, { path = "/v1/chat/completions", body, headers = {} }: Asked): Call {
  const text = JSON.stringify(body);
  return async (signal) => {
    const response = await fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: text,
      ...(signal && { signal }),
    });
    if (response.body !== null && response.ok) return response.body;
    throw new Error(`Cannot measure as ${path} was answered ${response.status}: ${await response.text()}`);
  };
}

/** One request, read to its end; milliseconds to the first byte of its body that says something. */
export async function timed(call: Call): Promise<number> {
  const startedAt = performance.now();
  let first: number | undefined;
  for await (const _ of await call()) first ??= performance.now() - startedAt;
  return first ?? performance.now() - startedAt;
}

/** The value below which `share` of the sorted values lie. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

export function median(values: readonly number[]): number {
  return percentile([...values].sort((a, b) => a - b), 0.5);
}
