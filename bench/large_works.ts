/** Long streams and large bodies: whether their cost grows with their size only, and whom they keep waiting. */

import { type Asked, caller, median, timed } from "./load.ts";
import type { Process } from "./processes.ts";
import type { Row } from "./results.ts";
import { plain, stream } from "./works.ts";

/** Of each look for the latest frame. */
const REPEATS = 2;
/** Of a comparison of sizes. */
const GROWTH_ROUNDS = 5;
/** What a part of the large work may cost, in parts of the small one. */
const LINEAR = 1.2;
/** Milliseconds. */
const LATE = 5;
const STEADY_FRAMES = 200;

const longStream = (tokens: number): Asked => ({ body: { ...stream, model: `bench/long-${tokens}` } });
const largeBody = (megabytes: number): Asked => {
  const content = "Seventeen wörds. ".repeat(Math.ceil(megabytes * 1_000_000 / 18));
  return { body: { ...plain, messages: [{ role: "user", content }] } };
};

export async function largeWorks(bare: Process, gateway: Process): Promise<Row[]> {
  return [
    await growth("100,000-token stream against 10,000, each token", gateway, {
      ...{ small: longStream(10_000), large: longStream(100_000), times: 10 },
    }),
    await growth("10 MB body against 1 MB, each byte", gateway, {
      small: largeBody(1),
      large: largeBody(10),
      times: 10,
    }),
    await lateness("latest frame of a stream alone", { bare, gateway }),
    await lateness("latest frame beside a 100,000-token stream", { bare, gateway, beside: longStream(100_000) }),
    await lateness("latest frame beside a 1 MB body", { bare, gateway, beside: largeBody(1) }),
    await lateness("latest frame beside a 10 MB body", { bare, gateway, beside: largeBody(10) }),
  ];
}

interface Sizes {
  small: Asked;
  large: Asked;
  /** How many times the small one's size the large one has. */
  times: number;
}

/** Both in turn, as the machine may change meanwhile, and once more than counts: the first finds no memory ready. */
async function growth(work: string, { url, cpu }: Process, { small, large, times }: Sizes): Promise<Row> {
  const cost = async (asked: Asked) => {
    const before = await cpu();
    await timed(caller(url, asked));
    return (await cpu() - before) / 1000;
  };
  const rounds: { part: number; whole: number }[] = [];
  for (let round = 0; round <= GROWTH_ROUNDS; round++) {
    const measured = { part: await cost(small), whole: await cost(large) };
    if (round > 0) rounds.push(measured);
  }
  const [part, whole] = [median(rounds.map(({ part }) => part)), median(rounds.map(({ whole }) => whole))];
  return {
    work,
    value: whole / part / times,
    unit: "×",
    limit: LINEAR,
    from: `${whole.toFixed(0)} / ${times} × ${part.toFixed(1)} ms of CPU time`,
  };
}

interface Beside {
  bare: Process;
  gateway: Process;
  /** What else the process has to do. */
  beside?: Asked;
}

/** How late the latest frame of a steady stream is, in the best of several rounds: what the machine does to it is not ours. */
async function lateness(work: string, { bare, gateway, beside }: Beside): Promise<Row> {
  const latest = async ({ url }: Process) => {
    const over = new AbortController();
    const other = beside === undefined ? undefined : again(caller(url, beside), over.signal);
    try {
      return await latestFrame(url);
    } finally {
      over.abort();
      await other;
    }
  };
  const rounds: { least: number; cost: number }[] = [];
  for (let round = 0; round < REPEATS; round++) rounds.push({ least: await latest(bare), cost: await latest(gateway) });
  const [cost, least] = [Math.min(...rounds.map(({ cost }) => cost)), Math.min(...rounds.map(({ least }) => least))];
  return { work, value: cost, unit: "ms", limit: LATE, from: `bare pass-through: ${least.toFixed(2)} ms` };
}

async function again(call: ReturnType<typeof caller>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await timed(() => call(signal)).catch(unlessAborted);
  function unlessAborted(error: unknown): void {
    if (!signal.aborted) throw error;
  }
}

/** Milliseconds between the upstream's sending of a frame and its arrival here, at most. */
async function latestFrame(url: string): Promise<number> {
  const utf8 = new TextDecoder();
  let [latest, seen] = [0, 0];
  const body = await caller(url, { body: { ...stream, model: `bench/steady-${STEADY_FRAMES}` } })();
  for await (const chunk of body) {
    const now = performance.timeOrigin + performance.now();
    for (const [, at] of utf8.decode(chunk).matchAll(/@([\d.]+)@/g)) {
      // The first finds its connections being made.
      if (seen++ > 0) latest = Math.max(latest, now - Number(at));
    }
  }
  if (seen < STEADY_FRAMES) throw new Error(`Cannot measure as ${STEADY_FRAMES - seen} frames are missing`);
  return latest;
}
