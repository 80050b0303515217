/** What the tests of LangFast share: the stand-in for one test, a provider on it, and requests. */

import type { ChatEvent } from "../../../chat/event.ts";
import type { ChatRequest } from "../../../chat/request.ts";
import { createLangfast, type LangfastOptions } from "../../../providers/langfast/mod.ts";
import type { LangfastPorts } from "../../../providers/langfast/ports.ts";
import type { Call, Provider, Upstream } from "../../../providers/provider.ts";
import { drain } from "../../../streaming/pull.ts";
import { delay, within } from "../../../streaming/timer.ts";
import { ANON_KEY, type Sim, type SimOptions, startSim } from "../../../tools/langfast_sim.ts";

export interface Scene {
  sim: Sim;
  provider: Provider;
  ports: LangfastPorts;
  /** Opens an answer to one user message. */
  ask(text: string, call?: Partial<Call>): Promise<Upstream>;
}

/** Runs a test on a stand-in of its own, and waits until every socket that the provider opened is closed. */
export async function onScene(
  { options, ...simOptions }: SimOptions & { options?: Partial<LangfastOptions> },
  test: (scene: Scene) => Promise<void>,
): Promise<void> {
  const sim = await startSim({ pace: 1, ...simOptions });
  const { ports, closed } = trackedPorts();
  const provider = createLangfast({
    name: "langfast",
    supabaseUrl: sim.url,
    anonKey: ANON_KEY,
    socketUrl: sim.url,
    ...options,
  }, ports);
  try {
    await test({ sim, provider, ports, ask: (text, call) => provider.open(userRequest(text), callOf(call)) });
  } finally {
    // The provider closes its sockets by itself, before the stand-in does it.
    await within(closed(), 2000, () => new Error("A socket was left open")).finally(sim.close);
  }
}

/** The real ports, and a promise that all sockets made through them are closed. */
export function trackedPorts(): { ports: LangfastPorts; closed: () => Promise<unknown> } {
  const sockets: Promise<void>[] = [];
  class TrackedWebSocket extends WebSocket {
    constructor(url: string | URL) {
      super(url);
      const { promise, resolve } = Promise.withResolvers<void>();
      this.addEventListener("close", () => resolve());
      sockets.push(promise);
    }
  }
  const ports: LangfastPorts = {
    fetch,
    WebSocket: TrackedWebSocket,
    resolveHost: () => Promise.resolve([]),
    now: Date.now,
  };
  return { ports, closed: () => Promise.all(sockets) };
}

export function callOf(call: Partial<Call> = {}): Call {
  return {
    signal: new AbortController().signal,
    requestId: "request-1",
    stream: true,
    facts: {},
    timeouts: { connect: 5000, headers: 5000, firstContent: 5000, idle: 5000, total: 0 },
    ...call,
  };
}

/** Timeouts of which one is short. */
export function impatient(timeouts: Partial<Call["timeouts"]>): Partial<Call> {
  return { timeouts: { ...callOf().timeouts, ...timeouts } };
}

export function userRequest(text: string, changes: Partial<ChatRequest> = {}): ChatRequest {
  return {
    model: "gpt-4.1",
    messages: [{ role: "user", parts: [{ type: "text", text }] }],
    stream: true,
    includeUsage: true,
    extra: {},
    source: { dialect: "openai_chat", body: {} },
    ...changes,
  };
}

export async function eventsOf(upstream: Upstream): Promise<ChatEvent[]> {
  return (await drain(upstream.beats)).flat().flatMap((beat) => beat.events);
}

export function textIn(events: readonly ChatEvent[]): string {
  return events.map((event) => event.type === "text" ? event.text : "").join("");
}

/** Waits for something that the stand-in sees a little later than the provider does. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(1);
}
