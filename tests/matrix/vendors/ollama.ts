/** A vendor that speaks Ollama's own dialect, at `/api/chat`. */

import type { Finish, Said, Scenario } from "../scenario.ts";
import type { Vendor } from "../vendor.ts";
import { readOllama } from "./ollama_reading.ts";
import { text, want } from "./reading.ts";

const DONE_REASON = {
  "stop": "stop",
  "length": "length",
  "tool-calls": "stop",
  "stop-sequence": "stop",
  "refusal": "stop",
} as const satisfies Record<Finish, string>;

export const ollamaVendor: Vendor = {
  dialect: "ollama",
  streamType: "application/x-ndjson",
  target: ({ path, headers, body }) => {
    want(path === "/api/chat", `no route ${path}`);
    want(headers.get("authorization") === "Bearer vendor-key-1", "unauthorized");
    want(typeof body.stream === "boolean", "stream is left out, which means true");
    return { model: text(body.model), stream: body.stream };
  },
  read: readOllama,
  whole: (scenario) => line(scenario, { message: message(scenario.says, 0), ...ending(scenario) }),
  frames,
  refusal: (status) => ({ error: `refused ${status}` }),
};

/** Times are told to the nanosecond, in the server's zone. */
function line({ name }: Scenario, members: Record<string, unknown>): Record<string, unknown> {
  return { model: name, created_at: "2026-11-20T09:15:02.419716213+01:00", ...members };
}

/** The message of some of the pieces; calls are numbered from `index`. */
function message(says: readonly Said[], index: number): Record<string, unknown> {
  const joined = (type: "text" | "reasoning") => says.map((said) => said.type === type ? said.text : "").join("");
  const calls = says.filter((said) => said.type === "call").map(({ id, name, arguments: args }, at) => ({
    id,
    function: { index: index + at, name, arguments: args },
  }));
  return {
    role: "assistant",
    content: joined("text"),
    ...(joined("reasoning") !== "" && { thinking: joined("reasoning") }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

function ending({ finish, usage }: Scenario): Record<string, unknown> {
  return {
    done: true,
    done_reason: DONE_REASON[finish],
    total_duration: 4_883_583_458,
    load_duration: 1_334_875,
    prompt_eval_count: usage.input,
    prompt_eval_duration: 342_546_000,
    eval_count: usage.output,
    eval_duration: 4_535_599_000,
  };
}

function frames(scenario: Scenario): string[] {
  let calls = 0;
  const lines: Record<string, unknown>[] = scenario.says.map((said) => {
    const index = said.type === "call" ? calls++ : 0;
    return line(scenario, { message: message([said], index), done: false });
  });
  if (scenario.fault?.type === "error-event") lines.push({ error: "the vendor failed" });
  if (scenario.fault === undefined) lines.push(line(scenario, { message: message([], 0), ...ending(scenario) }));
  return lines.map((line) => `${JSON.stringify(line)}\n`);
}
