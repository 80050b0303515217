/** A record equals what the client got: each official client, in each mode, through each way an answer can end. */

import assert from "node:assert/strict";
import type { Reply, ReplyPart } from "../../chat/reply.ts";
import type { RequestRecord } from "../../records/request_record.ts";
import { CLIENTS, VENDORS } from "../matrix/all.ts";
import { withBench } from "../matrix/bench.ts";
import { type Bench, type Cell, isPlayed, MODES } from "../matrix/cell.ts";
import { SCENARIOS, type Seen } from "../matrix/scenario.ts";
import { ADMIN_KEY, adminJson, recorded } from "../support/admin.ts";
import { ask, CALLER_LIST } from "../support/callers.ts";
import { withPair } from "../support/pair.ts";

const FULL = { ADMIN_KEY, RECORD_BODIES: "full", MAX_RETRIES: "1" };

const PLAYED = new Set([
  ...["text", "parallel-tools", "reasoning", "max-tokens", "refusal"],
  ...["upstream-429", "error-event", "cut", "silence", "client-abort"],
]);
/** Both of what is relayed and of what is translated. */
const ASKED = VENDORS.filter(({ dialect }) => dialect === "openai_chat" || dialect === "anthropic");

const OFFICIAL = CLIENTS.filter(({ name }) => name === undefined);

for (const client of OFFICIAL) {
  Deno.test(`a record equals what a client of ${client.dialect} got`, async (test) => {
    for (const vendor of ASKED) {
      for (const mode of MODES) {
        const played = SCENARIOS.filter((scenario) => PLAYED.has(scenario.name) && isPlayed(scenario, mode));
        // A bench for each, as a gateway remembers for a while which upstreams have failed.
        await withBench(VENDORS, async (bench) => {
          for (const scenario of played) {
            const name = `${vendor.dialect} upstream, ${mode}: ${scenario.name}`;
            await test.step(name, () => compare({ client, vendor, mode, scenario }, bench));
          }
        }, FULL);
      }
    }
  });
}

for (const client of OFFICIAL) {
  Deno.test(`U7 a record holds as much of a paced answer as a client of ${client.dialect} got before it left`, () => {
    const vendor = ASKED[0]!;
    const env = { ...FULL, PACE: "4" };
    return withBench(VENDORS, async (bench) => {
      const abort = new AbortController();
      const asking = client.ask({
        ...{ url: bench.recorder.url, model: `${vendor.dialect}/text`, ask: { prompt: "Say hello" }, stream: true },
        headers: { "x-stream-mode": "fake" },
        signal: abort.signal,
      });
      const answer = await until(() => bench.recorder.answers[0], "there is an answer");
      await until(() => answer.text.includes("Hell"), "the client got something");
      abort.abort();
      await asking;
      const record = await until(() => recordOf(bench, answer.headers.get("x-request-id")), "the record is kept");
      const { text } = saidIn(record);
      assert.ok(text.startsWith("Hell") && text.length < "Hello, world!".length, text);
      assert.deepEqual([record.status, record.end, record.mode], [200, "cancelled", "fake"]);
      assert.ok(record.usage !== undefined && record.usage.output > 0);
    }, env);
  });
}

for (const caller of CALLER_LIST) {
  for (const [mode, headers] of Object.entries({ whole: {}, fake: { "x-stream-mode": "fake" } })) {
    const stream = mode === "fake";
    withPair({ env: FULL }).test({
      name: `the record of an answer that was cut before a client of ${caller.dialect} got any of it says so: ${mode}`,
      async run({ gateway, upstream }) {
        upstream.push({ kind: "stream", type: "application/json", chunks: ['{"id": "chatcmpl-', '1", '], then: "cut" });
        const response = await ask(gateway.url, caller, { model: "up/up-model", stream, headers });
        await response.text();
        const record: Shown = await recorded(gateway);
        assert.deepEqual([record.status, record.end, record.failure?.kind], [
          response.status,
          "failed",
          "upstream-cut",
        ]);
        assert.equal(record.answer, undefined, "nothing was said");
        assert.equal(record.tried[0]?.outcome, "upstream-cut");
      },
    });

    withPair({ env: { ...FULL, FAKE_STREAM_INTERVAL: "20" } }).test({
      name: `U7 the record of a client of ${caller.dialect} that left before any answer says so: ${mode}`,
      async run({ gateway, upstream }) {
        upstream.push({ kind: "hang" });
        const abort = new AbortController();
        const asking = ask(gateway.url, caller, { model: "up/up-model", stream, headers, signal: abort.signal });
        const reading = asking.then((response) => response.text()).catch(() => {});
        await until(() => upstream.requests[0], "the upstream is asked");
        abort.abort();
        await reading;
        const record: Shown = await recorded(gateway);
        assert.deepEqual([record.end, record.chunks, record.answer], ["cancelled", 0, undefined]);
        assert.equal(record.failure?.kind ?? "client-gone", "client-gone");
      },
    });
  }
}

async function compare(cell: Cell, bench: Bench): Promise<void> {
  const { client, vendor, mode, scenario } = cell;
  const leaving = scenario.name === "client-abort";
  const before = bench.recorder.answers.length;
  const abort = new AbortController();
  const asking = client.ask({
    url: bench.recorder.url,
    model: `${vendor.dialect}/${vendor.family ?? ""}${scenario.name}`,
    ask: scenario.ask,
    stream: mode !== "whole",
    headers: { "x-stream-mode": mode === "fake" ? "fake" : "real" },
    signal: abort.signal,
  });
  if (leaving) {
    await until(() => bench.recorder.answers[before]?.text.includes("world"), "the client got all that was said");
    abort.abort();
  }
  const seen = await asking;
  // Some clients tell nothing of what they got before they were told to leave.
  if (leaving) seen.text = scenario.says.map((said) => said.type === "text" ? said.text : "").join("");
  const answer = bench.recorder.answers[before];
  assert.ok(answer, "there was an answer");
  const id = answer.headers.get("x-request-id");
  const record = await until(() => recordOf(bench, id), "the record is kept");

  assert.deepEqual(saidIn(record), saidTo(seen), "what was said");
  checkCounts(seen, record);
  assert.equal(record.status, answer.status, "the status");
  const end = leaving ? "cancelled" : scenario.fault === undefined ? "done" : "failed";
  assert.equal(record.end, end, "the end");
  assert.equal(record.failure !== undefined, end === "failed", "whether it tells a failure");
  const lost = new Set(record.lost.map(({ path }) => path));
  for (const path of answer.headers.get("x-anystream-lost")?.split(",") ?? []) assert.ok(lost.has(path), path);
  checkAttempt(cell, record);
  checkTimes(record);
  if (mode === "stream" && end !== "failed" && record.chunks !== 0) {
    assert.ok(record.chunks >= scenario.says.length, "each piece is a chunk");
  }
  // Keep-alives are not counted, and who left has not had all.
  if (mode === "whole" && answer.status === 200) {
    assert.equal(record.http.sent, new TextEncoder().encode(answer.text).length, "bytes sent");
  }
}

interface Said {
  text: string;
  reasoning: string;
  calls: { id: string; name: string; arguments: unknown }[];
}

function saidTo({ text, reasoning, calls }: Seen): Said {
  return { text, reasoning, calls };
}

/** What the record's reply says. */
function saidIn({ answer }: Shown): Said {
  const parts: ReplyPart[] = answer?.json?.choices[0]?.parts ?? [];
  return {
    text: parts.map((part) => part.type === "text" || part.type === "refusal" ? part.text : "").join(""),
    reasoning: parts.map((part) => part.type === "reasoning" ? part.text : "").join(""),
    calls: parts.flatMap((part) =>
      part.type === "tool-call" ? [{ id: part.id, name: part.name, arguments: JSON.parse(part.json) }] : []
    ),
  };
}

/** The counts that the client's dialect has a member for. */
function checkCounts({ usage }: Seen, record: Shown): void {
  if (usage === undefined) return;
  const counts = { cached: 0, reasoning: 0, ...record.usage };
  for (const name of ["input", "output", "cached", "reasoning"] as const) {
    if (usage[name] !== undefined) assert.equal(counts[name], usage[name], `${name} tokens`);
  }
}

function checkAttempt({ vendor, mode, scenario }: Cell, { tried, timeline }: Shown): void {
  const [attempt, ...others] = tried;
  assert.ok(attempt);
  assert.deepEqual(others, []);
  const { provider, model, streamed, start, end } = attempt;
  assert.deepEqual(
    { provider, model, streamed },
    { provider: vendor.dialect, model: `${vendor.family ?? ""}${scenario.name}`, streamed: mode === "stream" },
  );
  assert.ok(0 <= start && start <= end && end <= timeline.end, "the attempt is within the request");
}

function checkTimes({ ttft, tpot, tokensPerSecond, chunks, total, timeline, usage }: Shown): void {
  const { firstContent, lastContent, end } = timeline;
  assert.deepEqual([ttft, total], [firstContent, end]);
  assert.equal(firstContent !== undefined, chunks > 0, "there is a first content where there is any");
  if (firstContent === undefined || lastContent === undefined) return assert.equal(tpot, undefined);
  assert.ok(0 <= firstContent && firstContent <= lastContent && lastContent <= end);
  const told = usage !== undefined && usage.output >= 2 && lastContent > firstContent;
  assert.equal(tpot, told ? (lastContent - firstContent) / (usage.output - 1) : undefined, "time per output token");
  assert.equal(tokensPerSecond, tpot && 1000 / tpot);
}

/** As the admin route shows it. */
type Shown = Omit<RequestRecord, "answer" | "http"> & {
  answer?: { json?: Reply };
  http: NonNullable<RequestRecord["http"]>;
};

async function recordOf({ gateway }: Bench, id: string | null): Promise<Shown | undefined> {
  const { requests } = await adminJson(gateway, `requests?limit=1&text=${id}`);
  return requests.length === 0 ? undefined : await adminJson(gateway, `requests/${id}`);
}

async function until<T>(see: () => Promise<T | undefined> | T | false | undefined, what: string): Promise<T> {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    const seen = await see();
    if (seen !== undefined && seen !== false) return seen;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.fail(`Cannot see that ${what}`);
}
