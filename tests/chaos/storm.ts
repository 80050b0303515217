/** The storm itself: many clients at once, upstreams to whom everything happens, and what is left when it is over. */

import type { GatewayProcess } from "../support/process.ts";
import { auditAccounts, readAccounts, readLog } from "./accounts.ts";
import { drawWish, live, type Outcome, type Surroundings } from "./client.ts";
import { dice } from "./dice.ts";
import { type Ending, type Evidence, judge, type LogLine } from "./judge.ts";
import { watchClock } from "./gateway_process.ts";
import type { Fleet, Loss } from "./fleet.ts";
import { nameOf } from "./mishaps.ts";
import { type Setting, type SettingOptions, startSetting } from "./setting.ts";
import { takeAway } from "./outage.ts";
import { auditStanding, quietened, type Standing, standingOf } from "./standing.ts";

export interface StormOptions extends SettingOptions {
  /** Clients at a time. */
  clients: number;
  /** For how long new requests are made. */
  seconds: number;
  /** How often the storage is away for a while. */
  outages: number;
  /** How the last gateway is lost in the middle of it, where it is. */
  loses: Loss | undefined;
}

export interface Report {
  requests: number;
  /** Requests by how they ended for their clients. */
  endings: Record<string, number>;
  /** Attempts by what befell them, and by what the gateways made of them. */
  mishaps: Record<string, number>;
  attempts: Record<string, number>;
  /** Of each gateway. */
  before: Standing[];
  after: Standing[];
  /** Milliseconds by which the clocks of the storm were late at most. */
  late: number;
  /** Milliseconds that a gateway took to end on SIGINT while its clients waited. */
  drained: number;
  /** What the gateways warned of, besides requests. */
  warnings: string[];
  /** What did not hold. */
  faults: string[];
}

/** Milliseconds over its deadline after which a request hangs: what hangs does so for ever, what is slow does not. */
const GRACE = 20_000;
/** Milliseconds over its deadline after which a gateway has written of a request whose client left. */
const LAST_LINES = 5_000;
/** Milliseconds. The platform kills five seconds after SIGINT; a machine that has other things to do needs some more. */
const LAST_CALL = 10_000;

/** Lets it storm, and tells what did not hold. */
export async function runStorm(options: StormOptions): Promise<Report> {
  const setting = await startSetting(options);
  try {
    return await weather(setting, options);
  } finally {
    await setting.close();
  }
}

async function weather(setting: Setting, options: StormOptions): Promise<Report> {
  const { gateways, upstream } = setting;
  using clock = watchClock();
  // Code is compiled, pools and caches are filled: what comes after must not stay.
  const first = await everybody(setting, { ...options, name: "w", seconds: Math.min(3, options.seconds / 3) });
  upstream.hangUp();
  const before = await Promise.all(gateways.map(standingOf));
  const [stormed, losses] = await Promise.all([
    everybody(setting, { ...options, name: "c" }),
    mischief(setting, options),
  ]);
  const outcomes = [...first, ...stormed];
  upstream.hangUp();
  const living = setting.fleet.living();
  const after = await Promise.all(living.map((gateway, at) => quietened(gateway, before[at]!)));
  const lines = living.flatMap(linesOf);
  const counted = { ids: lines.map(({ id }) => id), lines };
  const accounts = await readAccounts(living, counted.ids);
  const drain = await drainUnderLoad(setting, options);

  const late = Math.max(clock.look(), ...[...before, ...after].map((standing) => standing.late));
  const evidence = gather([...outcomes, ...drain.outcomes], setting, options);
  const verdicts = evidence.map((each) => reach({ ...each, late }));
  const { attempts } = upstream;
  return {
    requests: evidence.length,
    endings: count(verdicts.map(({ ending }) => ending)),
    mishaps: count(attempts.map(({ mishap }) => nameOf(mishap))),
    attempts: count(gateways.flatMap(linesOf).flatMap((line) => line.attempts ?? []).map(({ outcome }) => outcome)),
    before,
    after,
    late,
    drained: drain.milliseconds,
    warnings: gateways.flatMap(({ output }) => readLog(output()).warnings),
    faults: [
      ...verdicts.flatMap(({ faults }) => faults),
      ...auditAccounts(accounts, counted),
      ...after.flatMap((standing, at) => auditStanding(standing, before[at]!)),
      ...upstream.complaints.map((complaint) => `an upstream would have refused what it was asked: ${complaint}`),
      ...attempts.filter(({ endedAt }) => endedAt === undefined).map(({ name }) => `${name} never ended`),
      ...gateways.flatMap(({ output }) => readLog(output()).faults),
      ...losses,
      ...drain.faults,
    ],
  };
}

/** What befalls the gateways while it storms. */
async function mischief({ fleet, database }: Setting, { seconds, outages, loses }: StormOptions): Promise<string[]> {
  const faults: string[] = [];
  const losing = async (how: Loss) => {
    await pause(seconds * 500);
    const { code } = await fleet.lose(fleet.living().at(-1)!, how);
    if (how === "stopped" && code !== 0) faults.push(`a gateway ended with ${code} on SIGINT`);
  };
  await Promise.all([
    takeAway(database, { seconds, times: outages }),
    ...(loses === undefined ? [] : [losing(loses)]),
  ]);
  return faults;
}

interface Crowd extends StormOptions {
  /** What the ids of its requests begin with. */
  name: string;
}

/** Every client asks one thing after another until the time is over, and waits for its last answer. */
async function everybody(setting: Setting, { name, clients, seconds, seed, deadline }: Crowd): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const scale = { models: setting.models, gateways: setting.gateways.length };
  const over = performance.now() + seconds * 1000;
  using surroundings = surroundingsOf(setting, deadline);
  const client = async (number: number) => {
    for (let turn = 0; performance.now() < over; turn++) {
      const id = `${name}${number}-${turn}`;
      await pause(dice(seed, "pause", id).between(0, 200));
      outcomes.push(await live(drawWish(seed, id, scale), surroundings));
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  return outcomes;
}

/** Stops the first gateway while its clients wait: each must be told something, and the process must end in time. */
async function drainUnderLoad(setting: Setting, { clients, deadline, seed }: StormOptions) {
  const [gateway] = setting.gateways as [GatewayProcess];
  const scale = { models: setting.models, gateways: 1 };
  using surroundings = surroundingsOf(setting, deadline);
  const waiting = Array.from({ length: Math.ceil(clients / 2) }, (_, number) => {
    const wish = drawWish(seed, `d${number}-0`, scale);
    // Nobody is left to look after an answer in the background.
    const mode = wish.mode === "background" ? "whole" : wish.mode;
    return live({ ...wish, mode, leavesAfter: undefined }, surroundings);
  });
  while ((await standingOf(gateway)).openStreams === 0) await pause(10);
  const startedAt = performance.now();
  gateway.kill("SIGINT");
  const { code } = await gateway.status;
  const milliseconds = Math.round(performance.now() - startedAt);
  const faults: string[] = [];
  if (code !== 0) faults.push(`a gateway ended with ${code} on SIGINT`);
  if (milliseconds > LAST_CALL) faults.push(`a gateway took ${milliseconds} ms to end on SIGINT`);
  return { outcomes: await Promise.all(waiting), faults, milliseconds };
}

function surroundingsOf({ fleet }: Setting, deadline: number): Surroundings & Disposable {
  const http = Deno.createHttpClient({ poolMaxIdlePerHost: 1000 });
  return { fleet, http, patience: deadline + GRACE, [Symbol.dispose]: () => http.close() };
}

/** All that is known of each request. */
function gather(
  outcomes: readonly Outcome[],
  { gateways, fleet, upstream }: Setting,
  { deadline }: StormOptions,
): Omit<Evidence, "late">[] {
  const isApart = gateways.some(({ output }) => output().includes("Cannot use Deno KV"));
  const lines = Map.groupBy(gateways.flatMap(linesOf), ({ id }) => id);
  const attempts = Map.groupBy(upstream.attempts, ({ request }) => request);
  return outcomes.map((outcome) => ({
    outcome,
    ...killedAmong(outcome.asked, fleet),
    attempts: attempts.get(outcome.wish.id) ?? [],
    lines: lines.get(outcome.wish.id) ?? [],
    isOrphan: outcome.asked.some((url) => (fleet.killedAt(url) ?? Infinity) < outcome.endedAt + deadline + LAST_LINES),
    isApart,
  }));
}

/** When the one of them that was killed was, by the clock that logs are written by. */
function killedAmong(urls: readonly string[], fleet: Fleet): Pick<Evidence, "killedAt"> {
  const at = urls.map((url) => fleet.killedAt(url)).find((at) => at !== undefined);
  return at === undefined ? {} : { killedAt: performance.timeOrigin + at };
}

function linesOf({ output }: GatewayProcess): LogLine[] {
  return readLog(output()).lines;
}

function reach(evidence: Evidence): { ending: Ending | "wrong"; faults: string[] } {
  try {
    return { ending: judge(evidence), faults: [] };
  } catch (error) {
    return { ending: "wrong", faults: [describe(evidence, error)] };
  }
}

/** All that helps to find out what happened. */
function describe({ outcome, attempts, lines }: Evidence, error: unknown): string {
  const { wish, body, status, trouble, startedAt, endedAt } = outcome;
  return [
    `${wish.id}: ${error instanceof Error ? error.message : error}`,
    `  the client: ${JSON.stringify({ ...wish, status, trouble, milliseconds: Math.round(endedAt - startedAt) })}`,
    ...attempts.map(({ usage: _, startedAt: from, endedAt: to = NaN, ...attempt }) =>
      `  an attempt: ${
        JSON.stringify({ ...attempt, from: Math.round(from - startedAt), to: Math.round(to - startedAt) })
      }`
    ),
    ...lines.map((line) => `  the log: ${JSON.stringify(line)}`),
    `  the answer: ${JSON.stringify(body.slice(-1500))}`,
  ].join("\n");
}

function count(names: readonly string[]): Record<string, number> {
  const groups = [...Map.groupBy(names, (name) => name)].map(([name, { length }]): [string, number] => [name, length]);
  return Object.fromEntries(groups.sort(([, one], [, other]) => other - one));
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
