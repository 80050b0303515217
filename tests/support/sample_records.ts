/** A store as it is after some days of use: the same every time, but for the hour it ends in. */

import type { Usage } from "../../chat/usage.ts";
import { createHourTotals, hourKey, hourOf, type HourTotals } from "../../records/hour_totals.ts";
import { createMemoryStore } from "../../records/memory_store.ts";
import type { RequestRecord, RequestSummary } from "../../records/request_record.ts";
import type { Store } from "../../records/store.ts";
import { keepRecords } from "./kept_records.ts";

type Kind = "answer" | "thinking" | "tool" | "limit" | "cut" | "left" | "retried";

interface Sample {
  model: string;
  provider: string;
  upstreamModel: string;
  dialect: RequestSummary["dialect"];
  ttft: number;
  tpot: number;
}

const SAMPLES: readonly Sample[] = [
  model("openai", "gpt-5", "openai_chat", { ttft: 620, tpot: 11 }),
  model("anthropic", "claude-sonnet-5", "anthropic", { ttft: 840, tpot: 14 }),
  model("deepseek", "deepseek-v4-pro", "openai_chat", { ttft: 1_900, tpot: 24 }),
  model("openai", "gpt-5-mini", "openai_responses", { ttft: 410, tpot: 7 }),
  model("gemini", "gemini-2.5-flash", "gemini", { ttft: 530, tpot: 5 }),
  model("ollama", "qwen3-coder:30b-a3b-instruct-q4_K_M", "ollama", { ttft: 240, tpot: 31 }),
];

const KINDS: readonly Kind[] = [
  ...Array<Kind>(22).fill("answer"),
  ...Array<Kind>(6).fill("thinking"),
  ...Array<Kind>(5).fill("tool"),
  ...Array<Kind>(3).fill("retried"),
  "limit",
  "cut",
  "left",
];

const KEYS = ["alice", "notebook", "ci-runner", undefined];

const TALKS: readonly [asked: string, said: string][] = [
  [
    "How do I read a file line by line in Deno?",
    'Pipe the file through a decoder and a splitter:\n\n```ts\nimport { TextLineStream } from "@std/streams";\n\nconst file = await Deno.open("log.txt");\nconst lines = file.readable\n  .pipeThrough(new TextDecoderStream())\n  .pipeThrough(new TextLineStream());\nfor await (const line of lines) console.log(line);\n```\n\nThe file is closed when the stream ends.\n\n| Way | Memory |\n|---|---|\n| `readTextFile` | the whole file |\n| **stream** | one line |\n',
  ],
  ["Translate: The parcel arrives tomorrow.", "Das Paket kommt morgen an."],
  [
    "Summarise the meeting notes below in three points.",
    "1. The release moves to Thursday.\n2. Ana owns the migration.\n3. Costs are reviewed *monthly* from now on.",
  ],
  [
    "Why is the sky blue?",
    "Air scatters short waves more than long ones, so that blue reaches your eye from everywhere.",
  ],
  ["Write a haiku about water.", "Rain finds every roof,\nthe gutter hums, the well fills.\nMorning drinks it all."],
];

function model(
  provider: string,
  upstreamModel: string,
  dialect: Sample["dialect"],
  { ttft, tpot }: { ttft: number; tpot: number },
): Sample {
  return { model: `${provider}/${upstreamModel}`, provider, upstreamModel, dialect, ttft, tpot };
}

/** Numbers from 0 to 1 that look like chance and are the same every time (mulberry32). */
export function sampleRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` records, evenly from `days` ago until now, and the totals of their hours. */
export async function sampleStore({ count, days }: { count: number; days: number }): Promise<Store> {
  const store = createMemoryStore({ now: Date.now, limit: 1e9 });
  const random = sampleRandom(7);
  const now = Date.now();
  const hours = new Map<number, HourTotals>();
  const records: RequestRecord[] = [];
  for (let at = 0; at < count; at++) {
    const age = (at + random() * 0.8) * days / count;
    // Nights are quiet.
    const startedAt = Math.round(now - 40_000 - (age - 0.8 * Math.sin(2 * Math.PI * age) / (2 * Math.PI)) * 86_400_000);
    const record = sampleRecord({ startedAt, at, random });
    records.push(record);
    const hour = hourOf(startedAt);
    const totals = hours.get(hour) ?? createHourTotals();
    hours.set(hour, totals);
    totals.add(record);
  }
  await keepRecords(store, records.reverse(), { together: 20 });
  for (const [hour, totals] of hours) await store.set(hourKey(hour, "sample"), totals.cells());
  return store;
}

interface Draw {
  startedAt: number;
  at: number;
  random: () => number;
}

function sampleRecord({ startedAt, at, random }: Draw): RequestRecord {
  const sample = SAMPLES[Math.floor(random() ** 1.5 * SAMPLES.length)]!;
  const kind = KINDS[Math.floor(random() * KINDS.length)]!;
  const [asked, said] = TALKS[Math.floor(random() * TALKS.length)]!;
  const usage = usageOf(kind, { random, provider: sample.provider });
  const ttft = Math.round(sample.ttft * (0.6 + random() + (random() > 0.95 ? 4 : 0)));
  const tpot = sample.tpot * (0.7 + random() * 0.6);
  const content = Math.round(tpot * usage.output);
  const key = KEYS[Math.floor(random() * KEYS.length)];
  const id = `req_${(at * 2_654_435_761 % 2 ** 32).toString(16).padStart(8, "0")}${"9f3c61b8d2e4a7051b6c9d80"}`;
  const summary: RequestSummary = {
    id,
    startedAt,
    dialect: sample.dialect,
    stream: true,
    model: sample.model,
    provider: sample.provider,
    upstreamModel: sample.upstreamModel,
    mode: "auto",
    ...(key !== undefined && { key }),
    attempts: kind === "retried" || kind === "limit" ? 2 : 1,
    ...endOf(kind, { ttft, content }),
    ...(kind !== "limit" && { usage, ttft, tpot, said: said.slice(0, 200) }),
    asked,
  };
  return recordOf(summary, { kind, asked, said, content });
}

function usageOf(kind: Kind, { random, provider }: { random: () => number; provider: string }): Usage {
  const input = Math.round(120 + random() ** 3 * 24_000);
  const output = Math.round(40 + random() ** 2 * 1_400);
  return {
    input,
    output,
    ...(input > 4_000 && provider === "openai" && { cached: Math.round(input * 0.7) }),
    ...(kind === "thinking" && { reasoning: Math.round(output * 0.4) }),
  };
}

function endOf(
  kind: Kind,
  { ttft, content }: { ttft: number; content: number },
): Pick<RequestSummary, "status" | "end" | "finish" | "error" | "total"> {
  if (kind === "limit") return { status: 429, end: "failed", error: "rate_limit_exceeded", total: 640 };
  if (kind === "cut") return { status: 200, end: "failed", error: "upstream_cut", total: ttft + content + 4 };
  if (kind === "left") return { status: 200, end: "cancelled", total: ttft + Math.round(content / 2) };
  return { status: 200, end: "done", finish: kind === "tool" ? "tool-calls" : "stop", total: ttft + content + 6 };
}

function recordOf(
  summary: RequestSummary,
  { kind, asked, said, content }: { kind: Kind; asked: string; said: string; content: number },
): RequestRecord {
  const { provider = "", upstreamModel = "", ttft, total, tpot, usage } = summary;
  const attempt = { provider, model: upstreamModel, streamed: true };
  const body = (value: unknown) => {
    const text = JSON.stringify(value);
    return { text, bytes: text.length };
  };
  const retried = [{ ...attempt, outcome: "empty" as const, start: 4, end: Math.round((ttft ?? 600) * 0.4) }];
  const limited = [0, 1].map((at) => ({
    ...attempt,
    outcome: "rate-limit" as const,
    start: 4 + at * 320,
    end: 250 + at * 330,
    detail: "Rate limit reached: 30 requests a minute",
  }));
  const last = {
    ...attempt,
    outcome: "began" as const,
    start: kind === "retried" ? Math.round((ttft ?? 0) * 0.45) : 4,
    end: ttft ?? 4,
  };
  return {
    ...summary,
    http: {
      method: "POST",
      path: summary.dialect === "anthropic" ? "/v1/messages" : "/v1/chat/completions",
      address: "203.0.113.17",
      userAgent: "OpenAI/JS 7.55.0",
      received: 300 + asked.length,
      sent: 4_000 + said.length,
    },
    ...(summary.error !== undefined && { failure: failureOf(kind) }),
    tried: kind === "limit" ? limited : [...(kind === "retried" ? retried : []), last],
    lost: summary.dialect === "anthropic" ? [{ path: "top_k", reason: "the upstream has no such setting" }] : [],
    chunks: Math.ceil((usage?.output ?? 0) / 3),
    ...(tpot !== undefined && { tokensPerSecond: 1000 / tpot }),
    timeline: {
      ...(ttft !== undefined && { firstContent: ttft, lastContent: Math.min(ttft + content, total) }),
      end: total,
    },
    request: body({
      model: summary.model,
      stream: true,
      messages: [{ role: "user", content: asked }],
      temperature: 0.7,
    }),
    ...(kind !== "limit" && {
      answer: body({
        id: "answer",
        model: upstreamModel,
        choices: [{ parts: partsOf(kind, said), ...(summary.finish && { finish: { reason: summary.finish } }) }],
        usage,
      }),
    }),
  };
}

function partsOf(kind: Kind, said: string): unknown[] {
  const text = { type: "text", text: said };
  if (kind === "thinking") {
    return [
      { type: "reasoning", text: "They want something short that runs. A stream is better than the whole file." },
      text,
    ];
  }
  if (kind !== "tool") return [text];
  return [{
    type: "tool-call",
    id: "call_1",
    name: "search_documents",
    json: '{"query": "release notes", "limit": 5}',
  }];
}

function failureOf(kind: Kind): NonNullable<RequestRecord["failure"]> {
  if (kind === "cut") {
    return {
      kind: "upstream-cut",
      code: "upstream_cut",
      status: 502,
      message: "Cannot go on as the provider ended its answer early",
    };
  }
  return {
    kind: "rate-limit",
    code: "rate_limit_exceeded",
    status: 429,
    message: "Cannot answer as the provider limits its requests",
    detail: '{"error": {"message": "Rate limit reached: 30 requests a minute", "type": "rate_limit"}}',
  };
}
