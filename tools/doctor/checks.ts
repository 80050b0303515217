/** What a gateway is examined for, in the order in which a person would look. */

import { VERSION } from "../../gateway/version.ts";
import { askDemo, get, listen } from "./ask.ts";
import { type Check, fail, type Finding, ok, skip, type Target, warn } from "./check.ts";

/** Deno Deploy may stop an instance that sends no byte for five seconds. */
const LONGEST_SILENCE = 5_000;
const SLOW_START = 3_000;
const SKEW = 5_000;
/** How long a cancelled request may take to show in the records. */
const NOTICED = 5_000;

export const CHECKS: readonly Check[] = [
  { name: "health", run: checkHealth },
  { name: "version", run: checkVersion },
  { name: "storage", run: checkStorage },
  { name: "auth", run: checkAuth },
  { name: "first byte", run: checkFirstByte },
  { name: "keep-alive gap", run: checkKeepAlive },
  { name: "abort", run: checkAbort },
  { name: "clock", run: checkClock },
];

interface Health {
  status?: string;
  version?: string;
  deno?: string;
  storage?: string;
  storageProblem?: string;
  warnings?: string[];
  problems?: { path: string; value?: string; expected: string }[];
}

async function healthOf(target: Target): Promise<Health> {
  return await (await get(target, "/health")).json();
}

async function checkHealth(target: Target): Promise<Finding> {
  const { status, problems = [], warnings = [] } = await healthOf(target);
  if (status === "ok") return warnings.length === 0 ? ok("GET /health is ok") : warn(warnings.join("; "));
  const said = problems.map(({ path, value = "missing", expected }) => `${path} is ${value}, expected ${expected}`);
  return fail(`GET /health says ${status ?? "nothing"}. ${said.join("; ")}`);
}

async function checkVersion(target: Target): Promise<Finding> {
  const { version, deno } = await healthOf(target);
  const sentence = `anystream ${version} on Deno ${deno}`;
  return version === VERSION ? ok(sentence) : warn(`${sentence}; this doctor is of ${VERSION}`);
}

async function checkStorage(target: Target): Promise<Finding> {
  const { storage, storageProblem } = await healthOf(target);
  if (storageProblem !== undefined) return warn(`${storage}: ${storageProblem}`);
  if (storage !== "memory") return ok(`What is kept is in ${storage}`);
  return warn("What is kept is in memory: it is gone with the instance, and another instance does not see it");
}

async function checkAuth(target: Target): Promise<Finding> {
  const ask = async (key?: string) => {
    const response = await get(target, "/v1/models", key);
    await response.body?.cancel();
    return response.status;
  };
  const [without, withWrong] = [await ask(), await ask("not-a-key-of-this-gateway")];
  if (without === 200) return warn("Whoever reaches the gateway can use it: set USER_SET_KEY");
  if (without !== 401 || withWrong !== 401) {
    return fail(`Without a key ${without}, with a wrong key ${withWrong}, not 401`);
  }
  if (target.key === undefined) return skip("A key is asked for. Give yours with --key to go on");
  const withKey = await ask(target.key);
  return withKey === 200 ? ok("Only a known key is let in") : fail(`The key given is answered ${withKey}`);
}

/** A slow answer has to come piece by piece: whoever stands before the gateway must not collect it. */
async function checkFirstByte(target: Target): Promise<Finding> {
  const startedAt = performance.now();
  const { text, times } = await listen(await askDemo(target, "slow", { stream: true }), 20_000, startedAt);
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  if (!text.endsWith("data: [DONE]\n\n")) return fail("The stream of demo/slow does not end with [DONE]");
  if (times.length < 3 || last - first < 500) {
    return fail(`The stream came at once after ${last} ms: something on the way collects it`);
  }
  // Its first word comes after two and a half seconds.
  const sentence = `The first byte came after ${first} ms, the last of ${times.length} pieces after ${last} ms`;
  return first > SLOW_START + 2_500 ? warn(sentence) : ok(sentence);
}

async function checkKeepAlive(target: Target): Promise<Finding> {
  const startedAt = performance.now();
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new Error(`no byte within ${target.listen} ms`)), target.listen);
  try {
    const response = await askDemo(target, "hang", { stream: true, signal: stop.signal });
    const { times } = await listen(response, target.listen, startedAt);
    const ends = [...times, Math.round(performance.now() - startedAt)];
    const longest = Math.max(...ends.map((time, at) => time - (ends[at - 1] ?? 0)));
    const sentence = `The longest silence of a stream that waits is ${longest} ms`;
    return longest <= LONGEST_SILENCE
      ? ok(sentence)
      : fail(`${sentence}, more than the ${LONGEST_SILENCE} ms that are safe`);
  } finally {
    clearTimeout(timer);
  }
}

/** A client that leaves has to be noticed, or every impatient reader costs a whole answer. */
async function checkAbort(target: Target): Promise<Finding> {
  const { adminKey } = target;
  if (adminKey === undefined) return skip("Give the admin key with --admin-key to see whether leaving is noticed");
  const leaving = new AbortController();
  const response = await askDemo(target, "slow", { stream: true, signal: leaving.signal });
  leaving.abort();
  return await noticed(target, { id: response.headers.get("x-request-id"), adminKey });
}

async function noticed(target: Target, { id, adminKey }: { id: string | null; adminKey: string }): Promise<Finding> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < NOTICED) {
    const response = await get(target, `/admin/requests/${id}`, adminKey);
    const record = await response.json();
    if (response.status === 401) return fail("The admin key given is not taken");
    if (response.ok && record.end === "cancelled") return ok("A client that leaves is noticed, and its upstream left");
    if (response.ok) return fail(`A client that left is recorded as "${record.end}"`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return fail(`A client that left was not noticed within ${NOTICED} ms`);
}

/** `created` is the gateway's own clock, in seconds; a header's date may be that of a server before it. */
async function checkClock(target: Target): Promise<Finding> {
  const { created } = await (await askDemo(target, "echo", { stream: false })).json();
  const skew = Math.round(created * 1000 - Date.now());
  const sentence = `Its clock and this one differ by ${(Math.abs(skew) / 1000).toFixed(0)} s`;
  return Math.abs(skew) <= SKEW ? ok(sentence) : fail(sentence);
}
