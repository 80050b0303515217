/** A programmable upstream on a real socket: answers from a queue of scripts, and notes what it was asked. */

/** What the next request gets. */
export type Script =
  | { kind: "json"; body: unknown; status?: number; headers?: Record<string, string>; delay?: number }
  | StreamScript
  /** Never answers, until the client gives up. */
  | { kind: "hang" }
  /** A redirect, a 204, HTML, …: any response. */
  | { kind: "response"; make: () => Response };

export interface StreamScript {
  kind: "stream";
  /** Written one by one, each as a chunk of its own. */
  chunks: (string | Uint8Array)[];
  /** `text/event-stream` unless given. */
  type?: string;
  headers?: Record<string, string>;
  /** Milliseconds before each chunk. */
  delay?: number;
  /** After the last chunk: a clean end, a reset connection, or silence on an open one. */
  then?: "end" | "cut" | "hang";
}

export interface Received {
  method: string;
  path: string;
  query: string;
  headers: Headers;
  text: string;
  json: Record<string, unknown>;
  at: number;
  /** When the client was seen to leave before it had all; `undefined` where it stayed. */
  leftAt: number | undefined;
  /** Resolves when the client leaves. */
  left: Promise<void>;
}

export interface MockUpstream {
  url: string;
  /** Queues answers; the last one is given again and again once the queue is empty. */
  push(...scripts: Script[]): void;
  /** Forgets all scripts and requests. */
  reset(): void;
  requests: Received[];
  close(): Promise<void>;
}

export function startMockUpstream(): MockUpstream {
  const requests: Received[] = [];
  let queue: Script[] = [];
  let closing = new AbortController();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {}, onError: crash }, async (request) => {
    const { received, leave } = await receive(request);
    requests.push(received);
    const script = queue.length > 1 ? queue.shift() : queue[0];
    if (script === undefined) return new Response("no script", { status: 500 });
    return await respond(script, { request, leave, closing: closing.signal });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    requests,
    push: (...scripts) => void queue.push(...scripts),
    reset() {
      queue = [];
      requests.length = 0;
    },
    async close() {
      closing.abort();
      closing = new AbortController();
      await server.shutdown();
    },
  };
}

/** A scripted cut is an error on purpose: not worth a line on the console. */
function crash(): Response {
  return new Response(null, { status: 500 });
}

async function receive(request: Request): Promise<{ received: Received; leave: () => void }> {
  const url = new URL(request.url);
  const text = await request.text();
  let leave = () => {};
  const received: Received = {
    method: request.method,
    path: url.pathname,
    query: url.search,
    headers: request.headers,
    text,
    json: text.startsWith("{") ? JSON.parse(text) : {},
    at: performance.now(),
    leftAt: undefined,
    left: new Promise((resolve) => {
      leave = () => {
        received.leftAt ??= performance.now();
        resolve();
      };
    }),
  };
  return { received, leave };
}

interface Exchange {
  request: Request;
  leave: () => void;
  closing: AbortSignal;
}

async function respond(script: Script, exchange: Exchange): Promise<Response> {
  switch (script.kind) {
    case "json": {
      await pause(script.delay ?? 0, exchange);
      const body = typeof script.body === "string" ? script.body : JSON.stringify(script.body);
      const headers = { "content-type": "application/json", ...script.headers };
      return new Response(body, { status: script.status ?? 200, headers });
    }
    case "stream":
      return streamResponse(script, exchange);
    case "hang":
      await pause(Infinity, exchange);
      return new Response(null, { status: 499 });
    case "response":
      return script.make();
    default:
      return script satisfies never;
  }
}

function streamResponse(script: StreamScript, exchange: Exchange): Response {
  const utf8 = new TextEncoder();
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const chunk = script.chunks[at++];
      if (chunk !== undefined) {
        await pause(script.delay ?? 0, exchange);
        return controller.enqueue(typeof chunk === "string" ? utf8.encode(chunk) : chunk);
      }
      if (script.then === "cut") {
        // Before 2.6 or so, Deno drops what is written but not sent when a body fails.
        await pause(20, exchange);
        return controller.error(new Error("scripted cut"));
      }
      if (script.then === "hang") await pause(Infinity, exchange);
      try {
        controller.close();
      } catch {
        // The client left while the script hung.
      }
    },
    cancel: () => exchange.leave(),
  }, { highWaterMark: 0 });
  return new Response(body, { headers: { "content-type": script.type ?? "text/event-stream", ...script.headers } });
}

/** Waits; ends early when the client leaves or the server closes. */
function pause(milliseconds: number, { request, leave, closing }: Exchange): Promise<void> {
  if (milliseconds === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      request.signal.removeEventListener("abort", left);
      closing.removeEventListener("abort", end);
      resolve();
    };
    const left = () => {
      leave();
      end();
    };
    const timer = setTimeout(end, Math.min(milliseconds, 60_000));
    request.signal.addEventListener("abort", left);
    closing.addEventListener("abort", end);
  });
}
