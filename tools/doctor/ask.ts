/** Asking a gateway as a client does, and noting when its bytes come. */

import { type Target, Unasked } from "./check.ts";

const PATIENCE = 20_000;

export async function get({ url }: Target, path: string, key?: string): Promise<Response> {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  return await fetch(url + path, { headers, signal: AbortSignal.timeout(PATIENCE) });
}

/** The answer of a demo model: the demo is asked, as it needs no vendor and does what it is known for. */
export async function askDemo(
  { url, key }: Target,
  model: string,
  { stream, signal = AbortSignal.timeout(PATIENCE) }: { stream: boolean; signal?: AbortSignal },
): Promise<Response> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(key !== undefined && { authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ model: `demo/${model}`, stream, messages: [{ role: "user", content: "Are you well?" }] }),
    signal,
  });
  if (response.ok) return response;
  const said = (await response.text()).slice(0, 200);
  if (response.status === 401) throw new Unasked("It wants a key: give yours with --key");
  if (response.status === 404) throw new Unasked("Its demo models are switched off");
  throw new Error(`demo/${model} is answered ${response.status}: ${said}`);
}

export interface Heard {
  text: string;
  /** Milliseconds since the beginning at which bytes came. */
  times: number[];
}

/** What comes until the stream ends, or the time is over. */
export async function listen({ body }: Response, until: number, startedAt: number): Promise<Heard> {
  const heard: Heard = { text: "", times: [] };
  if (body === null) return heard;
  const utf8 = new TextDecoder();
  const reader = body.getReader();
  const timer = setTimeout(() => void reader.cancel(), Math.max(startedAt + until - performance.now(), 0));
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      heard.text += utf8.decode(read.value, { stream: true });
      heard.times.push(Math.round(performance.now() - startedAt));
    }
    return heard;
  } finally {
    clearTimeout(timer);
    reader.releaseLock();
  }
}
