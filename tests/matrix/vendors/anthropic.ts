/** A vendor that speaks Anthropic's Messages. */

import type { Finish, Said, Scenario } from "../scenario.ts";
import type { Vendor } from "../vendor.ts";
import { readAnthropic } from "./anthropic_reading.ts";
import { text, want } from "./reading.ts";

/** Of a generation that thinks by a budget of tokens. */
const FAMILY = "claude-sonnet-4-5-";

const STOP_REASON = {
  "stop": "end_turn",
  "length": "max_tokens",
  "tool-calls": "tool_use",
  "stop-sequence": "stop_sequence",
  "refusal": "refusal",
} as const satisfies Record<Finish, string>;

const ERROR: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  429: "rate_limit_error",
  500: "api_error",
};

export const anthropicVendor: Vendor = {
  dialect: "anthropic",
  family: FAMILY,
  streamType: "text/event-stream; charset=utf-8",
  target: ({ path, headers, body }) => {
    want(path === "/v1/messages", `no route ${path}`);
    want(headers.get("x-api-key") === "vendor-key-1", "x-api-key is missing");
    want(!headers.has("authorization"), "there are two keys");
    want(/^\d{4}-\d{2}-\d{2}$/.test(headers.get("anthropic-version") ?? ""), "anthropic-version is missing");
    const model = text(body.model);
    want(model.startsWith(FAMILY), `no model ${model}`);
    return { model: model.slice(FAMILY.length), stream: body.stream === true };
  },
  read: readAnthropic,
  whole: (scenario) => ({
    ...head(scenario),
    content: joined(scenario.says).map(wholeBlock),
    ...end(scenario),
    usage: usage(scenario),
  }),
  frames,
  refusal: (status) => ({
    type: "error",
    error: { type: ERROR[status], message: `refused ${status}` },
    request_id: "req_vendor",
  }),
};

function head({ name }: Scenario): Record<string, unknown> {
  return { id: "msg_vendor", type: "message", role: "assistant", model: FAMILY + name };
}

function end({ finish, ask }: Scenario): Record<string, unknown> {
  return {
    stop_reason: STOP_REASON[finish],
    stop_sequence: finish === "stop-sequence" ? ask.stop : null,
    ...(finish === "refusal" && { stop_details: { type: "refusal", category: null, explanation: null } }),
  };
}

function usage({ usage }: Scenario): Record<string, unknown> {
  return {
    input_tokens: usage.input - usage.cached,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: usage.cached,
    output_tokens: usage.output,
    output_tokens_details: { thinking_tokens: usage.reasoning },
  };
}

/** The blocks: what is said of one kind, piece after piece, is one block. */
function joined(says: readonly Said[]): Said[] {
  const blocks: Said[] = [];
  for (const said of says) {
    const last = blocks.at(-1);
    if (last !== undefined && last.type !== "call" && last.type === said.type) last.text += said.text;
    else blocks.push({ ...said });
  }
  return blocks;
}

function wholeBlock(said: Said): Record<string, unknown> {
  if (said.type === "text") return { type: "text", text: said.text };
  if (said.type === "reasoning") return { type: "thinking", thinking: said.text, signature: "dmVuZG9y" };
  return { type: "tool_use", id: said.id, name: said.name, input: said.arguments };
}

function frame(type: string, members: Record<string, unknown> = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
}

function frames(scenario: Scenario): string[] {
  const counts = { ...usage(scenario), output_tokens: 1 };
  const message = { ...head(scenario), content: [], stop_reason: null, stop_sequence: null, usage: counts };
  const frames = [frame("message_start", { message }), frame("ping"), ...blockFrames(scenario)];
  if (scenario.fault?.type === "error-event") {
    frames.push(frame("error", { error: { type: "overloaded_error", message: "the vendor failed" } }));
  }
  if (scenario.fault !== undefined) return frames;
  return [
    ...frames,
    frame("message_delta", { delta: end(scenario), usage: usage(scenario) }),
    frame("message_stop"),
  ];
}

/** The last block of an answer that breaks off is never stopped. */
function blockFrames({ says, fault }: Scenario): string[] {
  const frames: string[] = [];
  let index = -1;
  let open: Said["type"] | undefined;
  const stop = () => {
    if (open === "reasoning") frames.push(delta(index, { type: "signature_delta", signature: "dmVuZG9y" }));
    if (open !== undefined) frames.push(frame("content_block_stop", { index }));
  };
  for (const said of says) {
    if (said.type === "call" || said.type !== open) {
      stop();
      frames.push(frame("content_block_start", { index: ++index, content_block: emptyBlock(said) }));
      open = said.type;
    }
    frames.push(...deltas(said).map((members) => delta(index, members)));
  }
  if (fault === undefined) stop();
  return frames;
}

function delta(index: number, delta: Record<string, unknown>): string {
  return frame("content_block_delta", { index, delta });
}

function emptyBlock(said: Said): Record<string, unknown> {
  if (said.type === "text") return { type: "text", text: "" };
  if (said.type === "reasoning") return { type: "thinking", thinking: "", signature: "" };
  return { type: "tool_use", id: said.id, name: said.name, input: {} };
}

function deltas(said: Said): Record<string, unknown>[] {
  if (said.type === "text") return [{ type: "text_delta", text: said.text }];
  if (said.type === "reasoning") return [{ type: "thinking_delta", thinking: said.text }];
  const json = JSON.stringify(said.arguments);
  // The first fragment of a call's input is empty at Anthropic.
  return ["", json.slice(0, 5), json.slice(5)].map((partial_json) => ({ type: "input_json_delta", partial_json }));
}
