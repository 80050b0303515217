/** What the tests of polling share: a task API on a real socket, the settings that describe it, and a provider on it. */

import type { Json } from "../../../chat/json.ts";
import type { ChatEvent } from "../../../chat/event.ts";
import { createPolling, type PollingOptions } from "../../../providers/polling/mod.ts";
import type { Call, Provider, ProviderPorts, Upstream } from "../../../providers/provider.ts";
import { drain } from "../../../streaming/pull.ts";

/** One answer of the API. `cut`: a body that breaks off; `hang`: none at all. */
export type Reply = { status?: number; headers?: Record<string, string>; body: unknown } | "cut" | "hang";

/** What the API says of a task. */
export function snapshot(status: unknown, text?: unknown, more: Record<string, unknown> = {}): { body: unknown } {
  return { body: { data: { status, output: { text, ...more } } } };
}

export interface Seen {
  method: string;
  path: string;
  query: string;
  headers: Headers;
  body: Json | undefined;
  /** On the clock of `performance.now`. */
  at: number;
}

export interface TaskServer {
  url: string;
  submissions: Seen[];
  polls: Seen[];
  cancellations: Seen[];
  /** From now on every poll is answered this. */
  answer(reply: Reply): void;
  close(): Promise<void>;
}

export interface TaskServerOptions {
  /** What the polls of each task are answered, in turn; the last again and again. */
  replies: Reply[];
  /** What submissions are answered; a new id in `data.id` unless given. */
  accept?: Reply;
}

export function startTaskServer({ replies, accept }: TaskServerOptions): TaskServer {
  const closing = new AbortController();
  const polled = new Map<string, number>();
  let script = replies;
  const seen: Pick<TaskServer, "submissions" | "polls" | "cancellations"> = {
    submissions: [],
    polls: [],
    cancellations: [],
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {}, onError }, async (request) => {
    const call = await note(request);
    const [, list, id, verb] = call.path.split("/");
    if (list !== "tasks") return new Response("no such route", { status: 404 });
    if (id === undefined) {
      seen.submissions.push(call);
      return reply(accept ?? { body: { data: { id: `task/${seen.submissions.length}` } } }, closing.signal);
    }
    if (verb === "cancel") {
      seen.cancellations.push(call);
      return new Response(null, { status: 204 });
    }
    seen.polls.push(call);
    const turn = polled.get(id) ?? 0;
    polled.set(id, turn + 1);
    return reply(script[Math.min(turn, script.length - 1)] ?? "hang", closing.signal);
  });
  return {
    ...seen,
    url: `http://127.0.0.1:${server.addr.port}`,
    answer: (reply) => script = [reply],
    async close() {
      closing.abort();
      await server.shutdown();
    },
  };
}

/** A body that is cut off is an error on purpose. */
function onError(): Response {
  return new Response(null, { status: 500 });
}

async function note(request: Request): Promise<Seen> {
  const { pathname, search } = new URL(request.url);
  const text = await request.text();
  return {
    method: request.method,
    path: pathname,
    query: search,
    headers: request.headers,
    body: text === "" ? undefined : JSON.parse(text),
    at: performance.now(),
  };
}

async function reply(what: Reply, closing: AbortSignal): Promise<Response> {
  if (what === "hang") {
    await new Promise<void>((resolve) => closing.addEventListener("abort", () => resolve(), { once: true }));
    return new Response(null, { status: 499 });
  }
  if (what === "cut") return new Response(cutBody(), { headers: { "content-type": "application/json" } });
  const { status = 200, headers = {}, body } = what;
  return new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers });
}

function cutBody(): ReadableStream<Uint8Array> {
  let begun = false;
  return new ReadableStream({
    pull(controller) {
      if (begun) return controller.error(new Error("scripted cut"));
      begun = true;
      controller.enqueue(new TextEncoder().encode('{"data":'));
    },
  }, { highWaterMark: 0 });
}

/** The settings that describe the server above. */
export function settingsOf(endpoint: string, changes: Partial<PollingOptions> = {}): PollingOptions {
  return {
    name: "slow",
    endpoint,
    apiKeys: ["key-1"],
    auth: "bearer",
    headers: {},
    query: {},
    models: ["big-model"],
    submit: {
      path: "/tasks",
      method: "post",
      body: { model: "{{model}}", messages: "{{messages}}", heat: "{{temperature}}" },
      taskId: "data.id",
    },
    poll: POLL,
    cancel: { path: "/tasks/{{task_id}}/cancel" },
    ...changes,
  };
}

export const POLL: PollingOptions["poll"] = {
  path: "/tasks/{{task_id}}",
  interval: 10,
  deadline: 5000,
  text: "data.output.text",
  reasoning: "data.output.thinking",
  state: "data.status",
  done: ["succeeded"],
  failed: ["failed", "expired"],
  error: "data.error",
  usage: { input: "data.output.in", output: "data.output.out" },
};

export function portsWith(changes: Partial<ProviderPorts> = {}): ProviderPorts {
  return {
    fetch,
    WebSocket,
    resolveHost: () => Promise.resolve([]),
    now: Date.now,
    random: () => 0,
    randomId: () => "id",
    ...changes,
  };
}

export function callOf(changes: Partial<Call> = {}): Call {
  return {
    signal: new AbortController().signal,
    requestId: "request-1",
    stream: true,
    facts: {},
    timeouts: { connect: 0, headers: 2000, firstContent: 2000, idle: 2000, total: 0 },
    ...changes,
  };
}

/** Timeouts of which some are others. */
export function patience(timeouts: Partial<Call["timeouts"]>): Partial<Call> {
  return { timeouts: { ...callOf().timeouts, ...timeouts } };
}

export interface Scene {
  server: TaskServer;
  provider: Provider;
}

/** Runs a test against a task API of its own. */
export async function onScene(
  { settings, ports, ...server }: TaskServerOptions & {
    settings?: Partial<PollingOptions>;
    ports?: Partial<ProviderPorts>;
  },
  test: (scene: Scene) => Promise<void>,
): Promise<void> {
  const started = startTaskServer(server);
  try {
    await test({ server: started, provider: createPolling(settingsOf(started.url, settings), portsWith(ports)) });
  } finally {
    await started.close();
  }
}

export async function eventsOf(upstream: Upstream): Promise<ChatEvent[]> {
  return (await drain(upstream.beats)).flat().flatMap((beat) => beat.events);
}

/** All events up to the failure, and the failure. */
export async function untilFailure({ beats }: Upstream): Promise<{ events: ChatEvent[]; error: unknown }> {
  const events: ChatEvent[] = [];
  try {
    for (let batch = await beats.next(); batch !== undefined; batch = await beats.next()) {
      events.push(...batch.flatMap((beat) => beat.events));
    }
  } catch (error) {
    return { events, error };
  }
  throw new Error("It did not fail");
}

/** The texts of one kind, each as it came. */
export function textsIn(events: readonly ChatEvent[], type: "text" | "reasoning" = "text"): string[] {
  return events.flatMap((event) => event.type === type ? [event.text] : []);
}

/** Waits for what the server sees a little later. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; !isSo(); turn++) {
    if (turn > 1000) throw new Error("It did not come to be");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
