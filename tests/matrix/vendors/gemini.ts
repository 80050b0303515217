/** A vendor that speaks the Gemini API. */

import type { Finish, Said, Scenario } from "../scenario.ts";
import type { Vendor } from "../vendor.ts";
import { readGemini } from "./gemini_reading.ts";
import { want } from "./reading.ts";

/** Of a generation that thinks by level and wants its signatures back. */
const FAMILY = "gemini-3-flash-";

const FINISH = {
  "stop": "STOP",
  "length": "MAX_TOKENS",
  "tool-calls": "STOP",
  "stop-sequence": "STOP",
  "refusal": "SAFETY",
} as const satisfies Record<Finish, string>;

const STATUS: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
};

export const geminiVendor: Vendor = {
  dialect: "gemini",
  family: FAMILY,
  streamType: "text/event-stream",
  target: ({ path, query, headers }) => {
    const [, model, verb] = /^\/v1beta\/models\/([\w.-]+):(generateContent|streamGenerateContent)$/.exec(path) ?? [];
    want(model !== undefined && model.startsWith(FAMILY), `no route ${path}`);
    want(headers.get("x-goog-api-key") === "vendor-key-1", "x-goog-api-key is missing");
    want(!headers.has("authorization") && !query.has("key"), "there are two keys");
    const stream = verb === "streamGenerateContent";
    want(query.toString() === (stream ? "alt=sse" : ""), `no query ${query}`);
    return { model: model.slice(FAMILY.length), stream };
  },
  read: readGemini,
  whole: (scenario) => chunk(scenario, candidate(parts(joined(scenario.says)), FINISH[scenario.finish])),
  frames,
  refusal: (status) => ({
    error: { code: status, message: `refused ${status}`, status: STATUS[status] },
  }),
};

type Part = Record<string, unknown>;

/** Only the first of several calls is signed. */
function parts(says: readonly Said[]): Part[] {
  const first = says.find(({ type }) => type === "call");
  return says.map((said) => {
    if (said.type === "text") return { text: said.text };
    if (said.type === "reasoning") return { text: said.text, thought: true };
    const { id, name, arguments: args } = said;
    return { functionCall: { id, name, args }, ...(said === first && { thoughtSignature: "dmVuZG9y" }) };
  });
}

/** The whole answer's parts: what is said of one kind, piece after piece, is one part. */
function joined(says: readonly Said[]): Said[] {
  const joined: Said[] = [];
  for (const said of says) {
    const last = joined.at(-1);
    if (last !== undefined && last.type !== "call" && last.type === said.type) last.text += said.text;
    else joined.push({ ...said });
  }
  return joined;
}

/** What is withheld has no content at all. */
function candidate(parts: Part[], finishReason?: string): Record<string, unknown> {
  return {
    ...(parts.length > 0 && { content: { parts, role: "model" } }),
    ...(finishReason && { finishReason }),
    index: 0,
    ...(finishReason === "SAFETY" && {
      safetyRatings: [{ category: "HARM_CATEGORY_DANGEROUS_CONTENT", probability: "HIGH", blocked: true }],
    }),
  };
}

function chunk({ name, usage }: Scenario, candidate: Record<string, unknown>): Record<string, unknown> {
  const isLast = candidate.finishReason !== undefined;
  const answered = {
    candidatesTokenCount: usage.output - usage.reasoning,
    ...(usage.reasoning > 0 && { thoughtsTokenCount: usage.reasoning }),
  };
  return {
    candidates: [candidate],
    usageMetadata: {
      promptTokenCount: usage.input,
      cachedContentTokenCount: usage.cached,
      ...(isLast && answered),
      totalTokenCount: usage.input + (isLast ? usage.output : 0),
      promptTokensDetails: [{ modality: "TEXT", tokenCount: usage.input }],
    },
    modelVersion: FAMILY + name,
    responseId: "vendor-response",
  };
}

function frames(scenario: Scenario): string[] {
  const frame = (value: unknown) => `data: ${JSON.stringify(value)}\r\n\r\n`;
  const frames = parts(scenario.says).map((part) => frame(chunk(scenario, candidate([part]))));
  if (scenario.fault?.type === "error-event") {
    frames.push(frame({ error: { code: 503, message: "the vendor failed", status: "UNAVAILABLE" } }));
  }
  if (scenario.fault !== undefined) return frames;
  const last = scenario.finish === "refusal" ? [] : [{ text: "", thoughtSignature: "dmVuZG9y" }];
  return [...frames, frame(chunk(scenario, candidate(last, FINISH[scenario.finish])))];
}
