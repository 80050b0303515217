/** The stages around an answer: where it is asked for, and what is measured, logged and kept of it. */

import { replyFolder } from "../../chat/reply_folder.ts";
import { openaiChat } from "../../dialects/openai_chat/mod.ts";
import type { ResolvedCandidate } from "../../gateway/catalog/mod.ts";
import { parseConfig } from "../../gateway/config/mod.ts";
import { createLog } from "../../gateway/log.ts";
import { createMeter } from "../../gateway/meter.ts";
import { createMetrics } from "../../gateway/metrics/mod.ts";
import { type Observation, observationFields } from "../../gateway/observation.ts";
import { createRecorder } from "../../gateway/recorder.ts";
import { createRedactor } from "../../gateway/redact.ts";
import { learning } from "../../gateway/routing/attempt.ts";
import { createItinerary } from "../../gateway/routing/itinerary.ts";
import { createRouting } from "../../gateway/routing/routing.ts";
import { travel } from "../../gateway/routing/travel.ts";
import { createMemoryStore } from "../../records/memory_store.ts";
import { askedIn, FOREIGN, saidIn } from "./samples.ts";
import type { Stage } from "./stage.ts";

const NOW = 1_760_000_000_000;
const now = () => NOW;
const { beats } = saidIn(openaiChat);
const { text, request } = askedIn(openaiChat);
const { redact } = createRedactor(["bench-upstream-key", "bench-client-key"]);

function observation(): Observation {
  return {
    ...{ id: "req_0123456789abcdef0123456789abcdef", startedAt: NOW - 8, dialect: "openai_chat", stream: true },
    ...{ owner: "", model: "bench/bench", provider: "bench", upstreamModel: "bench", responseModel: "bench" },
    ...{ mode: "real", resolvedAt: NOW - 7, openedAt: NOW - 5, lost: [], chunks: 0, body: text, request },
    attempts: [{
      ...{ provider: "bench", model: "bench", key: 1, streamed: true, outcome: "began", startedAt: NOW - 7 },
      milliseconds: 2,
    }],
    http: {
      ...{ method: "POST", path: "/v1/chat/completions", address: "127.0.0.1", userAgent: "OpenAI/JS 7.55.0" },
      ...{ received: text.length, sent: 15_000 },
    },
  };
}

function metered(): Observation {
  const seen = observation();
  const meter = createMeter({ dialect: openaiChat, request, observation: seen, now, chunk() {}, done() {} });
  for (const beat of beats) meter.item([beat]);
  meter.end({ type: "done" });
  return seen;
}

function fold() {
  const folder = replyFolder();
  for (const { events } of FOREIGN) folder.push(events);
  return folder.reply();
}

const ended = metered();
const log = createLog({ level: "info", format: "json", redact, write: (compose) => void compose(), now });
const line = JSON.stringify({ time: new Date(NOW), message: "request", ...observationFields(ended, NOW) });
const metrics = createMetrics(() => "bench", () => ({ running: 0, queued: 0, refused: 0 }));

/** Two upstreams with two keys each, of which nothing but names and keys is asked. */
const candidates = ["one", "two"].map((name) => ({
  ...{ provider: { name, keys: ["first-key", "second-key"] }, model: "bench", facts: {}, stream: "real" },
})) as unknown as ResolvedCandidate[];

const routing = createRouting({ now });

async function route() {
  const itinerary = createItinerary({
    ...{ candidates, routing, maxAttempts: 3, mode: undefined, stream: true, now, random: () => 0.5 },
  });
  const attempt = learning(() => Promise.resolve({ result: 1, outcome: "answered" }), { routing, itinerary });
  return await travel(attempt, itinerary, never);
}

const never = new AbortController().signal;

const recorder = createRecorder({
  ...{ store: createMemoryStore({ now, limit: 4e6 }), settings: recordSettings(), redact, log, instance: "bench" },
  // About to end: nothing is gathered for a while first.
  closing: AbortSignal.abort(),
});

function recordSettings() {
  const outcome = parseConfig({ env: {} });
  if ("problems" in outcome) throw new Error(JSON.stringify(outcome.problems));
  return outcome.config.records;
}

async function record() {
  for (let at = 0; at < 20; at++) recorder.finished(ended, NOW);
  await recorder.settled();
}

export const storyStages: readonly Stage[] = [
  { name: "find the lane of a request", times: 150, run: route },
  { name: "fold 64 beats", times: 250, run: fold },
  { name: "meter 64 beats", times: 120, run: metered },
  { name: "redact a line of the log", times: 400, run: () => redact(line) },
  {
    name: "write the log's line of a request",
    times: 150,
    run: () => log.info("request", observationFields(ended, NOW)),
  },
  { name: "count a request in the metrics", times: 120, run: () => metrics.finished?.(ended, NOW) },
  { name: "tell the metrics", times: 60, run: () => metrics.text() },
  { name: "keep 20 records", times: 4, run: record },
];
