/** A vendor that speaks OpenAI Responses. */

import type { Finish, Said, Scenario } from "../scenario.ts";
import type { Vendor } from "../vendor.ts";
import { readOpenaiResponses } from "./openai_responses_reading.ts";
import { text, want } from "./reading.ts";

const ID = "resp_vendor";

/** The status, and why it is incomplete. */
const STATUS = {
  "stop": ["completed"],
  "length": ["incomplete", "max_output_tokens"],
  "tool-calls": ["completed"],
  "stop-sequence": ["completed"],
  "refusal": ["incomplete", "content_filter"],
} as const satisfies Record<Finish, readonly [status: string, reason?: string]>;

export const openaiResponsesVendor: Vendor = {
  dialect: "openai_responses",
  streamType: "text/event-stream; charset=utf-8",
  target: ({ path, headers, body }) => {
    want(path === "/v1/responses", `no route ${path}`);
    want(headers.get("authorization") === "Bearer vendor-key-1", "You didn't provide an API key");
    return { model: text(body.model), stream: body.stream === true };
  },
  read: readOpenaiResponses,
  whole,
  frames,
  refusal: (status) => ({
    error: {
      message: `refused ${status}`,
      type: status === 429 ? "requests" : "server_error",
      param: null,
      code: null,
    },
  }),
};

type Item = Record<string, unknown>;

function response({ name }: Scenario, members: Record<string, unknown>): Record<string, unknown> {
  return {
    ...{ id: ID, object: "response", created_at: 1_760_000_000, model: name, status: "in_progress" },
    ...{ background: false, error: null, incomplete_details: null, instructions: null, metadata: {}, output: [] },
    ...{ max_output_tokens: null, parallel_tool_calls: true, previous_response_id: null, store: false },
    ...{ reasoning: { effort: null, summary: null }, temperature: 1, top_p: 1, truncation: "disabled" },
    ...{ text: { format: { type: "text" } }, tool_choice: "auto", tools: [], usage: null, user: null },
    ...members,
  };
}

function whole(scenario: Scenario): Record<string, unknown> {
  const [status, reason] = STATUS[scenario.finish];
  return response(scenario, {
    status,
    incomplete_details: reason === undefined ? null : { reason },
    output: joined(scenario.says).map((said, at) => item(said, at)),
    usage: usage(scenario),
  });
}

function usage({ usage }: Scenario): Record<string, unknown> {
  return {
    input_tokens: usage.input,
    input_tokens_details: { cached_tokens: usage.cached },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.reasoning },
    total_tokens: usage.input + usage.output,
  };
}

/** One item's pieces: what is said of one kind, piece after piece. */
type Pieces = { type: "text" | "reasoning"; texts: string[] } | Extract<Said, { type: "call" }>;

function joined(says: readonly Said[]): Pieces[] {
  const pieces: Pieces[] = [];
  for (const said of says) {
    const last = pieces.at(-1);
    if (said.type === "call") pieces.push(said);
    else if (last !== undefined && last.type === said.type && "texts" in last) last.texts.push(said.text);
    else pieces.push({ type: said.type, texts: [said.text] });
  }
  return pieces;
}

function item(said: Pieces, at: number): Item {
  if (said.type === "call") return { ...emptyItem(said, at), status: "completed", arguments: json(said.arguments) };
  const part = wholePart(said);
  if (said.type === "text") return { ...emptyItem(said, at), status: "completed", content: [part] };
  return { ...emptyItem(said, at), summary: [part], encrypted_content: "gAAAAABvendor" };
}

function emptyItem(said: Pieces, at: number): Item {
  if (said.type === "call") {
    const { id: call_id, name } = said;
    return { id: `fc_${at}`, type: "function_call", status: "in_progress", arguments: "", call_id, name };
  }
  if (said.type === "reasoning") return { id: `rs_${at}`, type: "reasoning", summary: [] };
  return { id: `msg_${at}`, type: "message", status: "in_progress", content: [], role: "assistant" };
}

type Spoken = Exclude<Pieces, { type: "call" }>;

function wholePart({ type, texts }: Spoken): Record<string, unknown> {
  const text = texts.join("");
  return type === "text"
    ? { type: "output_text", annotations: [], logprobs: [], text }
    : { type: "summary_text", text };
}

function json(value: unknown): string {
  return JSON.stringify(value);
}

type Event = [type: string, members: Record<string, unknown>];

function frames(scenario: Scenario): string[] {
  return events(scenario).map(([type, members], sequence_number) =>
    `event: ${type}\ndata: ${json({ type, sequence_number, ...members })}\n\n`
  );
}

function events(scenario: Scenario): Event[] {
  const { fault } = scenario;
  const said = joined(scenario.says);
  const events: Event[] = [
    ["response.created", { response: response(scenario, {}) }],
    ["response.in_progress", { response: response(scenario, {}) }],
    ...said.flatMap((pieces, at) =>
      itemEvents(pieces, { at, isBroken: fault !== undefined && at === said.length - 1 })
    ),
  ];
  if (fault?.type === "error-event") {
    return [...events, ["error", { code: "server_error", message: "the vendor failed", param: null }]];
  }
  if (fault !== undefined) return events;
  return [...events, [`response.${STATUS[scenario.finish][0]}`, { response: whole(scenario) }]];
}

/** An item that breaks off is never done. */
function itemEvents(said: Pieces, { at, isBroken }: { at: number; isBroken: boolean }): Event[] {
  const opened: Event = ["response.output_item.added", { output_index: at, item: emptyItem(said, at) }];
  const told = said.type === "call" ? callEvents(said, at) : spokenEvents(said, at);
  if (isBroken) return [opened, ...told.filter(([type]) => !type.endsWith(".done"))];
  return [opened, ...told, ["response.output_item.done", { output_index: at, item: item(said, at) }]];
}

function callEvents(said: Extract<Pieces, { type: "call" }>, at: number): Event[] {
  const whole = json(said.arguments);
  const place = { item_id: `fc_${at}`, output_index: at };
  const type = "response.function_call_arguments";
  return [
    ...[whole.slice(0, 5), whole.slice(5)].map((delta): Event => [`${type}.delta`, { ...place, delta, ...padding }]),
    [`${type}.done`, { ...place, arguments: whole }],
  ];
}

/** Deltas are filled up, so that their lengths say nothing to one who reads the traffic. */
const padding = { obfuscation: "Xv3aQ" };

function spokenEvents(said: Spoken, at: number): Event[] {
  const isText = said.type === "text";
  const place = isText
    ? { item_id: `msg_${at}`, output_index: at, content_index: 0 }
    : { item_id: `rs_${at}`, output_index: at, summary_index: 0 };
  const part = isText ? "response.content_part" : "response.reasoning_summary_part";
  const type = isText ? "response.output_text" : "response.reasoning_summary_text";
  const logprobs = isText ? { logprobs: [] } : {};
  return [
    [`${part}.added`, { ...place, part: wholePart({ ...said, texts: [] }) }],
    ...said.texts.map((delta): Event => [`${type}.delta`, { ...place, delta, ...logprobs, ...padding }]),
    [`${type}.done`, { ...place, text: said.texts.join(""), ...logprobs }],
    [`${part}.done`, { ...place, part: wholePart(said) }],
  ];
}
