/** `deno task hold`: holds many silent streams at once, and says how they were kept alive and what each of them costs. */

import { parseArgs } from "node:util";
import { hold } from "../tests/chaos/hold.ts";

const { values } = parseArgs({
  options: {
    streams: { type: "string", default: "2000" },
    seconds: { type: "string", default: "30" },
    interval: { type: "string", default: "4000" },
  },
});
const options = {
  streams: Number(values.streams),
  seconds: Number(values.seconds),
  interval: Number(values.interval),
};
const { gaps, broken, opening, before, during } = await hold(options);
const kibibytes = (of: "heap" | "resident") => ((during[of] - before[of]) / options.streams / 1024).toFixed(1);
const longest = gaps.at(-1) ?? NaN;
const load = Deno.loadavg().map((load) => load.toFixed(1)).join(" ");
console.log(`${options.streams} streams, silent for ${options.seconds} s, kept alive every ${options.interval} ms`);
console.log(`${navigator.hardwareConcurrency} cores, load ${load}, Deno ${Deno.version.deno}\n`);
console.table({
  "opened in (ms)": opening,
  "longest silence, median (ms)": gaps[Math.floor(gaps.length / 2)],
  "longest silence of all (ms)": longest,
  "heap a stream (KiB)": kibibytes("heap"),
  "resident a stream (KiB)": kibibytes("resident"),
  "timers a stream": ((during.timers - before.timers) / options.streams).toFixed(1),
  "streams that broke": broken,
});
const holds = broken === 0 && longest <= 2 * options.interval;
console.log(holds ? "No silence was longer than twice the interval." : "A stream broke, or was silent for too long.");
Deno.exit(holds ? 0 : 1);
