/** Many streams held open at once, on which an upstream says nothing for long: what keeps them alive, and what they cost. */

import { type GatewayProcess, startGatewayProcess } from "../support/process.ts";
import { chunk, DONE, ROLE, STOP } from "../support/openai_frames.ts";
import { type Standing, standingOf } from "./standing.ts";
import { startWire, type WireServer } from "./wire.ts";

export interface HoldOptions {
  streams: number;
  /** How long the upstream is silent. */
  seconds: number;
  /** Milliseconds of silence after which a stream is kept alive. */
  interval: number;
}

export interface Held {
  /** Milliseconds of the longest silence of each stream, sorted. */
  gaps: number[];
  /** Streams that did not end with all that the upstream said. */
  broken: number;
  /** Milliseconds until all were open. */
  opening: number;
  /** Before the first and while all were held. */
  before: Standing;
  during: Standing;
}

/** Streams that are opened at a time. */
const WIDTH = 50;
/** Of a stream in each of two processes: its client's connection or its upstream's, and the other's end of it. */
const FILES = 2;

const SCRIPT = new URL("gateway_process.ts", import.meta.url).pathname;

export async function hold(options: HoldOptions): Promise<Held> {
  await checkFiles(options.streams);
  const speak = Promise.withResolvers<void>();
  const upstream = await startSilent(speak.promise);
  const gateway = await startHolder(upstream, options);
  try {
    return await measure(gateway, options, speak.resolve);
  } finally {
    await gateway.close();
    await upstream.close();
  }
}

async function measure(gateway: GatewayProcess, options: HoldOptions, speak: () => void): Promise<Held> {
  using client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  // The first request compiles what all of them use.
  const first = openStream(gateway, client);
  await first.begun;
  const before = await standingOf(gateway);
  const startedAt = performance.now();
  const streams = [first];
  while (streams.length < options.streams) {
    const more = Array.from(
      { length: Math.min(WIDTH, options.streams - streams.length) },
      () => openStream(gateway, client),
    );
    await Promise.all(more.map(({ begun }) => begun));
    streams.push(...more);
  }
  const opening = Math.round(performance.now() - startedAt);
  await new Promise((resolve) => setTimeout(resolve, options.seconds * 1000));
  const during = await standingOf(gateway);
  speak();
  const ends = await Promise.all(streams.map(({ ended }) => ended));
  const gaps = ends.map(({ gap }) => gap).sort((one, other) => one - other);
  return { gaps, broken: ends.filter(({ isWhole }) => !isWhole).length, opening, before, during };
}

interface OpenStream {
  /** Resolves with its first bytes. */
  begun: Promise<void>;
  ended: Promise<{ gap: number; isWhole: boolean }>;
}

function openStream({ url }: GatewayProcess, client: Deno.HttpClient): OpenStream {
  const begun = Promise.withResolvers<void>();
  const read = async () => {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "up/held", stream: true, messages: [{ role: "user", content: "Hold the line" }] }),
      client,
    });
    const utf8 = new TextDecoder();
    let tail = "";
    let heardAt = performance.now();
    let gap = 0;
    for await (const bytes of response.body ?? []) {
      const now = performance.now();
      gap = Math.max(gap, now - heardAt);
      heardAt = now;
      tail = (tail + utf8.decode(bytes, { stream: true })).slice(-1000);
      begun.resolve();
    }
    return { gap: Math.round(gap), isWhole: tail.includes('"here"') && tail.endsWith(DONE) };
  };
  const ended = read();
  ended.catch(begun.reject);
  return { begun: begun.promise, ended };
}

/** Says one word, and the rest of its answer only when it may. */
function startSilent(mayGoOn: Promise<void>): Promise<WireServer> {
  const utf8 = new TextEncoder();
  return startWire(async (exchange) => {
    exchange.begin({ status: 200, headers: { "content-type": "text/event-stream" } });
    exchange.write(utf8.encode(ROLE + chunk({ content: "Still" })));
    await mayGoOn;
    exchange.write(utf8.encode(chunk({ content: "here" }) + STOP + DONE));
    exchange.end();
  });
}

function startHolder(upstream: WireServer, { interval }: HoldOptions): Promise<GatewayProcess> {
  const env = {
    PROVIDER_UP_TYPE: "openai",
    PROVIDER_UP_ENDPOINT: `${upstream.url}/v1`,
    PROVIDER_UP_API_KEY: "upstream-key-1",
    PROVIDER_UP_MODELS: "held",
    PROVIDER_UP_STREAM: "real",
    KEEP_ALIVE_INTERVAL: String(interval),
    METRICS: "open",
    LOG_LEVEL: "warn",
  };
  return startGatewayProcess({
    entry: "main.ts",
    env,
    args: ["run", "-A", "--v8-flags=--expose-gc", SCRIPT],
    cwd: "/",
  });
}

/** A process may hold only so many files and connections. @throws {Error} that says how to raise it */
async function checkFiles(streams: number): Promise<void> {
  const [, limit = "0"] = /^Max open files\s+(\d+)/m.exec(await Deno.readTextFile("/proc/self/limits")) ?? [];
  const needed = streams * FILES + 200;
  if (Number(limit) < needed) {
    throw new Error(`Cannot hold ${streams} streams with ${limit} open files: ulimit -n ${needed} allows for them`);
  }
}
