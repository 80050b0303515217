/** What gateways say of themselves afterwards: log, metrics and records must tell of every request once, and agree. */

import { ADMIN } from "../support/admin.ts";
import type { GatewayProcess } from "../support/process.ts";
import { parseMetrics } from "../support/prometheus.ts";
import type { LogLine } from "./judge.ts";

export interface Accounts {
  /** The ids of the records that are kept; `undefined` where a gateway keeps its own in memory, as the storage is away. */
  records: string[] | undefined;
  /** By the metrics of all gateways. */
  requests: number;
  outputTokens: number;
}

/** Milliseconds until a record of every request must be kept. */
const PATIENCE = 30_000;

export async function readAccounts(gateways: readonly GatewayProcess[], ids: readonly string[]): Promise<Accounts> {
  const metrics = await Promise.all(gateways.map(async ({ url }) => parseMetrics(await textOf(`${url}/metrics`))));
  const sum = (name: string, labels: Record<string, string>) =>
    metrics.reduce((sum, samples) => sum + samples.sum(name, labels), 0);
  return {
    records: await areTogether(gateways) ? await readRecords(gateways[0]!, ids) : undefined,
    requests: sum("anystream_requests_total", {}),
    outputTokens: sum("anystream_tokens_total", { kind: "output" }),
  };
}

/** Whether all of them have the storage: two processes on one file may wait for each other for longer than it is given. */
async function areTogether(gateways: readonly GatewayProcess[]): Promise<boolean> {
  const texts = await Promise.all(gateways.map(({ url }) => textOf(`${url}/health`)));
  return texts.every((text) => JSON.parse(text).storageProblem === undefined);
}

/** They are kept a moment after their answers. */
async function readRecords({ url }: GatewayProcess, expected: readonly string[]): Promise<string[]> {
  const until = performance.now() + PATIENCE;
  for (;;) {
    const lines = (await textOf(`${url}/admin/export?format=csv`)).trim().split("\r\n").slice(1);
    const kept = lines.map((line) => line.split(",")[0]!);
    if (new Set(expected).isSubsetOf(new Set(kept)) || performance.now() > until) return kept;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function textOf(url: string): Promise<string> {
  return await (await fetch(url, { headers: ADMIN })).text();
}

/** What does not agree. `ids` are those of all requests so far that the gateways know of. */
export function auditAccounts(accounts: Accounts, { ids, lines }: { ids: string[]; lines: LogLine[] }): string[] {
  const faults = auditRecords(accounts.records ?? ids, ids);
  if (accounts.requests !== ids.length) faults.push(`the metrics count ${accounts.requests} of ${ids.length} requests`);
  const tokens = lines.reduce((sum, { output_tokens = 0 }) => sum + output_tokens, 0);
  if (accounts.outputTokens !== tokens) {
    faults.push(`the metrics count ${accounts.outputTokens} tokens, the log ${tokens}`);
  }
  return faults;
}

function auditRecords(kept: readonly string[], ids: readonly string[]): string[] {
  const faults: string[] = [];
  const records = new Set(kept);
  const missing = ids.filter((id) => !records.has(id));
  if (missing.length > 0) faults.push(`${missing.length} requests have no record: ${missing.slice(0, 5)}`);
  const doubled = kept.length - records.size;
  if (doubled > 0) faults.push(`${doubled} records are of a request that has one`);
  return faults;
}

/** The lines about requests by their id, and all that a log must not have. */
export function readLog(output: string): { lines: LogLine[]; warnings: string[]; faults: string[] } {
  const lines: LogLine[] = [];
  const warnings: string[] = [];
  const faults: string[] = [];
  for (const text of output.split("\n").filter((line) => line !== "")) {
    const line = parse(text);
    // Whoever follows a stream of which the storage is away is cut off, and Deno prints why.
    if (line === undefined && /^Cannot go on with the stream as .*/.test(text)) warnings.push(text);
    else if (line === undefined) faults.push(`a gateway wrote: ${text}`);
    else if (line?.message === "request") lines.push(line as unknown as LogLine);
    else if (line?.level === "warn") warnings.push(text);
    // A failure that no upstream and no client is to blame for, or a promise that nobody waited for.
    if (line?.level === "error") faults.push(`a gateway failed: ${text.slice(0, 1000)}`);
  }
  return { lines, warnings, faults };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
