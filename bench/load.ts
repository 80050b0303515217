/** Asks a server the same thing again and again over a number of connections, and measures. */

export interface Work {
  /** Requests in all. */
  requests: number;
  connections: number;
  body: Record<string, unknown>;
  headers?: Record<string, string>;
}

export interface Load {
  requestsPerSecond: number;
  /** Milliseconds to the first content of each answer, sorted. */
  firstContent: number[];
}

export async function load(url: string, work: Work): Promise<Load> {
  const body = JSON.stringify(work.body);
  const firstContent: number[] = [];
  let left = work.requests;
  const startedAt = performance.now();
  const connection = async () => {
    while (left-- > 0) firstContent.push(await ask(url, { body, headers: work.headers ?? {} }));
  };
  await Promise.all(Array.from({ length: work.connections }, connection));
  const seconds = (performance.now() - startedAt) / 1000;
  return { requestsPerSecond: work.requests / seconds, firstContent: firstContent.sort((a, b) => a - b) };
}

/** One request, read to its end; milliseconds to the first byte of its body that says something. */
async function ask(url: string, { body, headers }: { body: string; headers: Record<string, string> }): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
  if (response.body === null || !response.ok) throw new Error(`Cannot measure as the answer was ${response.status}`);
  let first: number | undefined;
  for await (const _ of response.body) first ??= performance.now() - startedAt;
  return first ?? performance.now() - startedAt;
}

/** The value below which `share` of the sorted values lie. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

export function median(values: readonly number[]): number {
  return percentile([...values].sort((a, b) => a - b), 0.5);
}
