/** The upstreams of the storm: one server that speaks every vendor's dialect, and to whom everything happens that can. */

import { delay } from "../../streaming/timer.ts";
import { VENDORS } from "../matrix/all.ts";
import type { Usage } from "../matrix/scenario.ts";
import type { Vendor, VendorDialect } from "../matrix/vendor.ts";
import { dice } from "./dice.ts";
import { drawMishap, type Mishap } from "./mishaps.ts";
import { play } from "./play.ts";
import { type Exchange, startWire, type WireRequest } from "./wire.ts";
import { lastWord, type Word } from "./words.ts";

/** One attempt of the gateway's at an answer, as its upstream knows it. */
export interface Attempt {
  /** `c3-1/gemini-2`: for request `c3-1` the second at this upstream. Every word it says begins with it. */
  name: string;
  request: string;
  dialect: VendorDialect;
  /** Whether a stream was asked for. */
  streamed: boolean;
  mishap: Mishap;
  /** How many words a whole answer has; those of its second half are a tool's arguments if it `calls`. */
  words: number;
  calls: boolean;
  /** The attempt whose answer it goes on with, and the place of the first word that it says; it may say some again. */
  goesOn?: { name: string; from: number };
  usage: Usage;
  /** Milliseconds by `performance.now`. */
  startedAt: number;
  /** `undefined` while it is being answered. */
  endedAt: number | undefined;
  /** The gateway left before all was said. */
  left: boolean;
}

export interface Upstream {
  /** The endpoint of a dialect's provider. */
  endpoint(dialect: VendorDialect): string;
  attempts: readonly Attempt[];
  /** Requests that a real vendor would have refused, and why. */
  complaints: readonly string[];
  /** Closes the connections on which nothing is being answered. */
  hangUp(): void;
  close(): Promise<void>;
}

/** What a request's prompt is, so that its upstreams know it by name. */
export function promptOf(request: string): string {
  return `Weather the storm ${request}`;
}

export async function startUpstream(seed: number): Promise<Upstream> {
  const attempts: Attempt[] = [];
  const complaints: string[] = [];
  const counts = new Map<string, number>();

  /** How often this upstream was asked for the request, this time included. */
  function count(place: string): number {
    const count = (counts.get(place) ?? 0) + 1;
    counts.set(place, count);
    return count;
  }

  async function handle(exchange: Exchange): Promise<void> {
    try {
      const { vendor, request, streamed, hasTools, said } = read(exchange.request);
      const number = count(`${request}/${vendor.dialect}`);
      const drawn = draw({ seed, request, number, dialect: vendor.dialect, streamed, hasTools });
      const attempt = said === undefined ? drawn : goOn(drawn, { said, attempts, seed });
      attempts.push(attempt);
      await weather(exchange, vendor, attempt, seed);
    } catch (error) {
      complaints.push(`${error} in ${exchange.request.path} ${exchange.request.text.slice(0, 500)}`);
      exchange.cut();
    }
  }

  const wire = await startWire(handle);
  return {
    endpoint: (dialect) => `${wire.url}/${dialect}`,
    attempts,
    complaints,
    hangUp: wire.hangUp,
    close: wire.close,
  };
}

/** Lets the attempt meet its fate, after a while in which a model would think. */
async function weather(exchange: Exchange, vendor: Vendor, attempt: Attempt, seed: number): Promise<void> {
  const pace = dice(seed, "pace", attempt.name);
  const thinks = pace.happens(0.15) ? pace.between(200, 700) : pace.between(0, 60);
  try {
    await delay(thinks, exchange.left);
    await play({ exchange, vendor, attempt, pace });
  } catch (error) {
    if (!exchange.left.aborted) throw error;
    attempt.left = true;
  }
  attempt.endedAt = performance.now();
}

interface Asked {
  vendor: Vendor;
  request: string;
  streamed: boolean;
  hasTools: boolean;
  /** The last word of an answer that is to be gone on with. */
  said: Word | undefined;
}

/** Reads a request as strictly as its vendor would. @throws {Error} where the vendor would answer 400 */
function read({ path, query, headers, text }: WireRequest): Asked {
  const [, name, ...rest] = path.split("/");
  const vendor = VENDORS.find(({ dialect }) => dialect === name);
  if (vendor === undefined) throw new Error(`no vendor ${name}`);
  const body = JSON.parse(text);
  const target = { path: `/${rest.join("/")}`, query, headers: withFirstKey(headers), body };
  const { stream: streamed } = vendor.target(target);
  const { prompt, tools } = vendor.read(body);
  // Behind it may stand that the model is to continue.
  const [request] = /[a-z]\d+-\d+/.exec(prompt) ?? [];
  if (request === undefined) throw new Error(`no prompt of ours: ${prompt}`);
  return { vendor, request, streamed, hasTools: tools.length > 0, said: lastWord(text) };
}

/** All keys of the pool are as good as the one the vendors know. */
function withFirstKey(headers: Headers): Headers {
  const pool = new Headers(headers);
  for (const [name, value] of headers) pool.set(name, value.replace(/vendor-key-\d/, "vendor-key-1"));
  return pool;
}

/** The attempt as it goes on with another's answer: exactly there, or with some words once more, as models do. */
function goOn(
  attempt: Attempt,
  { said, attempts, seed }: { said: Word; attempts: readonly Attempt[]; seed: number },
): Attempt {
  const first = attempts.find(({ name }) => name === said.attempt);
  if (first === undefined) throw new Error(`nobody said ${said.attempt}:${said.place}`);
  const { words, calls } = first;
  const from = said.place + 1;
  const repeated = Math.min(dice(seed, "repeats", attempt.name).between(0, 3), from);
  const usage = { ...attempt.usage, output: Math.max(words - from, 1) };
  return { ...attempt, words, calls, usage, goesOn: { name: said.attempt, from: from - repeated } };
}

interface Draw extends Pick<Attempt, "request" | "dialect" | "streamed"> {
  seed: number;
  number: number;
  hasTools: boolean;
}

function draw({ seed, request, number, dialect, streamed, hasTools }: Draw): Attempt {
  const name = `${request}/${dialect}-${number}`;
  const fate = dice(seed, "attempt", name);
  const words = fate.between(2, 40);
  return {
    name,
    request,
    dialect,
    streamed,
    mishap: drawMishap(fate),
    words,
    calls: hasTools && fate.happens(0.5),
    usage: { input: fate.between(10, 999), cached: 0, output: words, reasoning: 0 },
    startedAt: performance.now(),
    endedAt: undefined,
    left: false,
  };
}
