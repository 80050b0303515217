/** CPU time of the gateway for each kind of request, against what the same machine needs for the least in the same round. */

import { type Asked, median } from "./load.ts";
import type { Process } from "./processes.ts";
import type { Row } from "./results.ts";
import { ASK, measure, plain, REQUESTS, stream } from "./works.ts";

/**
 * Requests of each kind before anything is measured. V8 (`--trace-opt`) goes on optimizing until some 30,000 requests of all
 * kinds have passed, and its compiler's threads are counted for as long.
 */
const WARM_UP = 10_000;

export interface Rounds {
  bare: Process;
  gateway: Process;
  rounds: number;
}

/** What is measured, and what it is compared with. */
interface Work {
  work: string;
  ask: Asked;
  against: keyof typeof YARDSTICKS;
  limit: number;
}

const YARDSTICKS = {
  plain: { unit: "× bare", ask: { body: plain } },
  stream: { unit: "× native pipe", ask: { body: stream } },
  /** Of the gateway itself. */
  collected: { unit: "× collected", ask: { body: plain } },
} as const satisfies Record<string, { unit: string; ask: Asked }>;

const WORKS: readonly Work[] = [
  { work: "plain, relay", ask: { body: plain }, against: "plain", limit: 1.6 },
  { work: "plain, Anthropic → OpenAI", ask: ASK.anthropic("bench"), against: "plain", limit: 2.2 },
  { work: "plain, OpenAI → Anthropic", ask: ASK.openai("claude"), against: "plain", limit: 2.2 },
  { work: "plain, Gemini → OpenAI", ask: ASK.gemini("bench"), against: "plain", limit: 2.2 },
  { work: "plain, OpenAI → Gemini", ask: ASK.openai("google"), against: "plain", limit: 2.2 },
  { work: "64-frame stream, relay, metered", ask: { body: stream }, against: "stream", limit: 1.6 },
  {
    work: "64-frame stream, Anthropic → OpenAI",
    ask: ASK.anthropic("bench", { stream: true }),
    against: "stream",
    limit: 2.5,
  },
  {
    work: "64-frame stream, OpenAI → Anthropic",
    ask: ASK.openai("claude", { stream: true }),
    against: "stream",
    limit: 2.5,
  },
  {
    work: "fake stream",
    ask: { body: stream, headers: { "x-stream-mode": "fake" } },
    against: "collected",
    limit: 1.2,
  },
];

/** Each round measures everything once, in turn. */
export async function cpuRatios(processes: Rounds): Promise<Row[]> {
  const { bare, gateway } = processes;
  for (const { ask } of [YARDSTICKS.plain, YARDSTICKS.stream]) await measure(bare, { ...ask, requests: WARM_UP });
  for (const { ask } of WORKS) await measure(gateway, { ...ask, requests: WARM_UP });
  const measured: Round[] = [];
  for (let round = 0; round < processes.rounds; round++) measured.push(await measureRound(processes));
  return WORKS.map(({ work, against, limit }, at) => {
    const microseconds = (of: (round: Round) => number) => Math.round(median(measured.map(of)));
    return {
      work,
      value: median(measured.map(({ costs, yardsticks }) => costs[at]! / yardsticks[against])),
      unit: YARDSTICKS[against].unit,
      limit,
      from: `${microseconds(({ costs }) => costs[at]!)} / ${microseconds((round) => round.yardsticks[against])} µs`,
    };
  });
}

/** Microseconds a request. */
interface Round {
  yardsticks: Record<keyof typeof YARDSTICKS, number>;
  /** One for each of the works. */
  costs: number[];
}

async function measureRound({ bare, gateway }: Rounds): Promise<Round> {
  const costOf = async (process: Process, asked: Asked) =>
    (await measure(process, { ...asked, requests: REQUESTS })).cpu;
  const { plain, stream, collected } = YARDSTICKS;
  const yardsticks = {
    plain: await costOf(bare, plain.ask),
    stream: await costOf(bare, stream.ask),
    collected: await costOf(gateway, collected.ask),
  };
  const costs: number[] = [];
  for (const { ask } of WORKS) costs.push(await costOf(gateway, ask));
  return { yardsticks, costs };
}
