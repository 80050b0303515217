/** Stands between an official client and the gateway, and keeps the bytes of every answer. */

export interface Recorder {
  url: string;
  /** The answers so far, in the order they were asked. */
  answers: { status: number; headers: Headers; text: string }[];
  close(): Promise<void>;
}

export function startRecorder(gateway: string): Recorder {
  const answers: Recorder["answers"] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname, search } = new URL(request.url);
    const abort = new AbortController();
    request.signal.addEventListener("abort", () => abort.abort(), { once: true });
    const body = request.method === "POST" ? await request.text() : undefined;
    const headers = new Headers(request.headers);
    headers.delete("content-length");
    headers.delete("host");
    try {
      const response = await fetch(gateway + pathname + search, {
        method: request.method,
        headers,
        signal: abort.signal,
        ...(body !== undefined && { body }),
      });
      const answer = { status: response.status, headers: response.headers, text: "" };
      answers.push(answer);
      return new Response(recorded(response, answer, abort), {
        status: response.status,
        headers: plain(response.headers),
      });
    } catch {
      return new Response(null, { status: 499 });
    }
  });
  return { url: `http://127.0.0.1:${server.addr.port}`, answers, close: () => server.shutdown() };
}

function recorded(
  response: Response,
  answer: { text: string },
  abort: AbortController,
): ReadableStream<Uint8Array> | null {
  if (response.body === null) return null;
  const reader = response.body.getReader();
  const utf8 = new TextDecoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await reader.read();
      answer.text += utf8.decode(value, { stream: !done });
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel() {
      abort.abort();
      reader.cancel().catch(() => {});
    },
  }, { highWaterMark: 0 });
}

/** Without what was true of the first hop only. */
function plain(headers: Headers): Headers {
  const copy = new Headers(headers);
  for (const name of ["content-length", "content-encoding", "transfer-encoding"]) copy.delete(name);
  return copy;
}
