import assert from "node:assert/strict";
import { GatewayError } from "../../../chat/error.ts";
import type { Json } from "../../../chat/json.ts";
import { type RunReader, runReader } from "../../../providers/langfast/run_reader.ts";

const RUN = { runId: "run", jobId: "job" };

/** What a reader makes of these events, in short: texts, finishes, `ERROR`. */
function read(...events: [name: string, payload: Json][]): unknown[] {
  return readBy(runReader(RUN, () => true), events);
}

function readBy(reader: RunReader, events: [name: string, payload: Json][]): unknown[] {
  return events.flatMap(([name, payload]) => {
    const said = reader.push({ name, payload });
    if (said === undefined) return [];
    if (said instanceof GatewayError) return ["ERROR"];
    const events = said.events.map((event) => event.type === "text" ? event.text : event);
    return said.last ? [...events, "LAST"] : events;
  });
}

function chunk(fields: Record<string, Json>): [string, Json] {
  return ["execution:chunk", { executionId: "job", status: "in_progress", ...fields }];
}

Deno.test("W1 chunks become deltas; the completed one finishes, with a word said earlier if it has none", () => {
  assert.deepEqual(
    read(
      chunk({ content: "Hel" }),
      chunk({ content: "Hel" }),
      chunk({ content: "Hello", finish_reason: "length" }),
      chunk({ content: "Hello!", status: "completed", finish_reason: null }),
    ),
    ["Hel", "lo", "!", { type: "finish", reason: "length", raw: "length" }, "LAST"],
  );
});

Deno.test("OpenAI's finish reasons are mapped, an unknown one is kept as other", () => {
  const reasons = { stop: "stop", length: "length", content_filter: "content-filter", tool_calls: "tool-calls" };
  for (const [raw, reason] of Object.entries({ ...reasons, tired: "other", toString: "other" })) {
    const [finish] = read(chunk({ status: "completed", finish_reason: raw }));
    assert.deepEqual(finish, { type: "finish", reason, raw });
  }
});

Deno.test("W5 events of another run, and text that names none, are passed over", () => {
  assert.deepEqual(
    read(
      ["execution:chunk", { executionId: "another", content: "no", status: "completed" }],
      ["execution:chunk", { content: "whose?", status: "completed" }],
      ["execution:error", { executionId: "another", error: "boom" }],
      ["completion_finished", { job_id: "another" }],
      ["execution:chunk", null],
      ["execution:chunk", "no JSON"],
      ["something_else", { executionId: "job", content: "no" }],
    ),
    [],
  );
});

Deno.test("a completion finishes the run, with its text where it is named and none came before", () => {
  const finish = [{ type: "finish", reason: "stop" }, "LAST"];
  assert.deepEqual(read(["completion_finished", { executionId: "job", content: "All" }]), ["All", ...finish]);
  assert.deepEqual(read(["completion_finished", { run_id: "run", result: "All" }]), ["All", ...finish]);
  assert.deepEqual(read(chunk({ content: "All" }), ["completion_finished", {}]), ["All", ...finish]);
});

Deno.test("W5 an end that names no run is believed where this run was heard of, and no other can be meant", () => {
  const finished: [string, Json] = ["completion_finished", { content: "whose?" }];
  assert.deepEqual(read(chunk({ content: "All" }), finished), ["All", { type: "finish", reason: "stop" }, "LAST"]);
  assert.deepEqual(read(finished), []);
  assert.deepEqual(readBy(runReader(RUN, () => false), [chunk({ content: "All" }), finished]), ["All"]);
});

Deno.test("a payload is read as an object and as JSON text", () => {
  const payload = JSON.stringify({ executionId: "job", status: "in_progress", content: "Hi" });
  assert.deepEqual(read(["execution:chunk", payload]), ["Hi"]);
});

Deno.test("each way to report a failure is one, with the service's words in the detail", () => {
  const failures: [string, Json][] = [
    chunk({ status: "failed" }),
    chunk({ status: "error" }),
    chunk({ error: { message: "boom" } }),
    ["execution:error", { executionId: "job", message: "boom" }],
    ["execution:error", "boom"],
    ["error", { message: "boom" }],
    ["completion_finished", { executionId: "job", error: "boom" }],
  ];
  for (const [name, payload] of failures) {
    const said = runReader(RUN, () => true).push({ name, payload });
    assert.ok(said instanceof GatewayError && said.kind === "upstream-failure", name);
    assert.ok(!said.message.includes("boom") && said.detail !== undefined);
  }
  assert.deepEqual(read(chunk({ error: null, content: "Hi" })), ["Hi"]);
});
