/** The gateway of a storm, in a process of its own: as `main.ts` starts it, but with the storm's models, and open to a look inside. */

import type { ModelsFile } from "../../gateway/catalog/schema.ts";

/** What a look inside shows. */
export interface Probe {
  /** Bytes in use after all garbage was collected, and of the whole process. */
  heap: number;
  resident: number;
  /** Timers that are running, and deadlines that are set: many of those share a timer. */
  timers: number;
  /** Milliseconds by which a timer rang late at most, since the last look: how little the machine had left for it. */
  late: number;
}

if (import.meta.main) await serve();

async function serve(): Promise<void> {
  // Before anything else sees them.
  const clock = watchClock();
  const timers = countTimers();
  const { createApp } = await import("../../app.ts");
  const { parseConfig } = await import("../../gateway/config/mod.ts");
  const { createPorts } = await import("../../gateway/ports.ts");
  const { stopOnSignals } = await import("../../gateway/stop_gently.ts");
  const { kvDatabase } = await import("../../records/open_kv.ts");
  const { countDeadlines } = await import("../../streaming/deadlines.ts");

  const { STORM_MODELS = `{"models":{}}`, CONFIG_TOML = "", ...env } = Deno.env.toObject();
  const models: ModelsFile = JSON.parse(STORM_MODELS);
  const outcome = parseConfig({ env, toml: CONFIG_TOML, models });
  if ("problems" in outcome) throw new Error(JSON.stringify(outcome.problems));
  const { config } = outcome;
  const closing = new AbortController();
  const database = kvDatabase({ ...config.storage, hosted: false });
  const ports = createPorts({ config, closing: closing.signal, database });
  const server = Deno.serve({
    onListen: ({ port }) => console.log(JSON.stringify({ message: "listening", url: `http://127.0.0.1:${port}` })),
  }, createApp(outcome, ports).fetch);
  stopOnSignals({ server, closing, ports });
  Deno.addSignalListener("SIGUSR2", () => {
    (globalThis as unknown as { gc(): void }).gc();
    const { heapUsed: heap, rss: resident } = Deno.memoryUsage();
    const probe: Probe = { heap, resident, timers: timers() + countDeadlines(), late: clock.look() };
    console.log(JSON.stringify({ message: "probe", ...probe }));
  });
}

/** Measures how late a timer rang at most since the last look, which is the machine's doing. */
export function watchClock(): { look(): number } & Disposable {
  const interval = 100;
  let longest = 0;
  let rangAt = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, Math.round(now - rangAt - interval));
    rangAt = now;
  }, interval);
  return {
    look() {
      const found = longest;
      longest = 0;
      return found;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** Counts the timers that were set and neither rang nor were cleared. */
function countTimers(): () => number {
  const running = new Set<unknown>();
  const { setTimeout, clearTimeout } = globalThis;
  const set = (ring: (...given: unknown[]) => void, milliseconds?: number, ...given: unknown[]) => {
    const timer = setTimeout(() => {
      running.delete(timer);
      ring(...given);
    }, milliseconds);
    running.add(timer);
    return timer;
  };
  const clear = (timer?: Parameters<typeof clearTimeout>[0]) => {
    running.delete(timer);
    clearTimeout(timer);
  };
  Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });
  return () => running.size;
}
