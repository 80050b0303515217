/** What `deno task bench` found, as it is kept in results.json and shown in README. */

export interface Row {
  work: string;
  /** Absent where it could not be measured; `from` says why. */
  value?: number;
  /** What the value is a number of: `×` something, or a unit. */
  unit: string;
  /** What is to be reached: so much at most. None where a row only informs. */
  limit?: number;
  /** The numbers the value comes from. */
  from: string;
}

export interface Results {
  date: string;
  deno: string;
  machine: { processor: string; cores: number; loadBefore: number; loadAfter: number };
  rounds: number;
  requests: number;
  connections: number;
  rows: Row[];
}

export const RESULTS = new URL("results.json", import.meta.url);

export async function readResults(): Promise<Results> {
  return JSON.parse(await Deno.readTextFile(RESULTS));
}

export async function writeResults(results: Results): Promise<void> {
  await Deno.writeTextFile(RESULTS, `${JSON.stringify(results, undefined, 2)}\n`);
}

/** The table in Markdown, and what it was measured on. */
export function formatResults({ date, deno, machine, rounds, requests, connections, rows }: Results): string {
  const { processor, cores, loadBefore, loadAfter } = machine;
  const lines = rows.map(({ work, value, unit, limit, from }) => {
    const reach = limit === undefined ? "" : `≤ ${limit} ${unit}`;
    if (value === undefined) return `| ${[work, reach, "not measured", "", from].join(" | ")} |`;
    const verdict = limit === undefined ? "" : value <= limit ? "yes" : "**no**";
    return `| ${[work, reach, `${rounded(value)} ${unit}`, verdict, from].join(" | ")} |`;
  });
  return [
    "| work | reach | measured | reached | from |",
    "| --- | --- | --: | --- | --- |",
    ...lines,
    "",
    `${date}, Deno ${deno}, ${cores} × ${processor}; load average ${loadBefore} before and ${loadAfter} after. ` +
    `CPU time is that of the whole process per request, at ${connections} connections; medians of ${rounds} interleaved ` +
    `rounds of ${requests} requests, after a warm-up with each kind.`,
  ].join("\n");
}

function rounded(value: number): string {
  return value.toFixed(value < 100 ? 2 : 0);
}
