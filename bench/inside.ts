/**
 * `deno task bench:inside plain|stream|fake`: the gateway alone in one process, with an upstream that is a function. Prints
 * the CPU time of a request in the quietest of many rounds; with `--cpu-prof` before the file, the profile shows where it goes.
 */

import process from "node:process";
import { createInside, INSIDE_WORKS, insideCaller, type InsideWork } from "./inside_gateway.ts";

const ROUNDS = Number(Deno.env.get("BENCH_ROUNDS") ?? 20);
/** Of one round. */
const REQUESTS: Record<string, number> = { plain: 400, stream: 100, fake: 300 };

const works: Record<string, InsideWork> = INSIDE_WORKS;
const name = Deno.args[0] ?? "plain";
const [work, requests = 100] = [works[name], REQUESTS[name]];
if (work === undefined) throw new Error(`Cannot measure ${name} as it is none of ${Object.keys(works).join(", ")}`);
const ask = insideCaller(createInside(), work);

const costs: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const before = process.cpuUsage();
  for (let at = 0; at < requests; at++) await ask();
  const { user, system } = process.cpuUsage(before);
  costs.push((user + system) / requests);
}
console.log(`${name}: ${Math.min(...costs.slice(ROUNDS / 4)).toFixed(1)} µs a request`);
Deno.exit(0);
