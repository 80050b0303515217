/** The stand-in's answers: an echo, or the fault that the prompt asks for. */

import { delay } from "../../streaming/timer.ts";

export interface Stage {
  jobId: string;
  prompt: string;
  /** To every socket of the run's user, as the service does: a guest's parallel runs hear each other. */
  emit(name: string, payload: unknown): void;
  /** Breaks the user's connections off. */
  breakOff(): void;
  /** Says goodbye to the user's sockets. */
  disconnect(): void;
  /** Milliseconds between two snapshots. */
  pace: number;
  signal: AbortSignal;
}

type Performance = (stage: Stage) => Promise<void> | void;

/** What a prompt `fault:<name>` brings about over the socket; any other prompt is echoed. */
const FAULTS: ReadonlyMap<string, Performance> = new Map<string, Performance>([
  ["silent", () => {}],
  ["stall", (stage) => halfway(stage, () => {})],
  ["cut", (stage) => halfway(stage, stage.breakOff)],
  ["no-completion", (stage) => halfway(stage, stage.disconnect)],
  [
    "error",
    (stage) => halfway(stage, () => stage.emit("execution:error", { executionId: stage.jobId, error: "boom" })),
  ],
  ["bare-error", (stage) => stage.emit("error", "out of order")],
  ["failed", (stage) => say(stage, "", { status: "failed", error: "boom" })],
  ["empty", (stage) => say(stage, "", { status: "completed", finish_reason: "stop" })],
  ["length", (stage) => say(stage, "cut sh", { status: "completed", finish_reason: "length" })],
  ["odd-finish", (stage) => say(stage, "Hi", { status: "completed", finish_reason: "tired" })],
  ["finished-only", (stage) => stage.emit("completion_finished", { executionId: stage.jobId, content: "All at once" })],
  ["unnamed-end", unnamedEnd],
  ["string-payload", (stage) => echo({ ...stage, emit: (name, it) => stage.emit(name, JSON.stringify(it)) })],
  ["rewrite", rewrite],
  ["noise", noise],
  ["slow", (stage) => echo({ ...stage, pace: stage.pace * 10 })],
]);

export async function perform(stage: Stage): Promise<void> {
  const fault = /^fault:([a-z-]+)/.exec(stage.prompt)?.[1];
  await (FAULTS.get(fault ?? "") ?? echo)(stage);
}

function say(stage: Stage, content: string, fields: object = { status: "in_progress", finish_reason: null }): void {
  stage.emit("execution:chunk", { executionId: stage.jobId, content, ...fields });
}

async function halfway(stage: Stage, then: () => void): Promise<void> {
  say(stage, "Hel");
  await delay(stage.pace, stage.signal);
  then();
}

/** Cut by code units, as the service does: half a surrogate pair can stand at a snapshot's end. */
async function echo(stage: Stage): Promise<void> {
  const text = `You said: ${stage.prompt}`;
  for (let end = 5; end < text.length; end += 5) {
    say(stage, text.slice(0, end));
    await delay(stage.pace, stage.signal);
  }
  say(stage, text, { status: "completed", finish_reason: "stop" });
  stage.emit("completion_finished", { executionId: stage.jobId });
}

async function rewrite(stage: Stage): Promise<void> {
  for (const text of ["Hello wrold", "Hello world", "Hello", "Hello world, again"]) {
    say(stage, text);
    await delay(stage.pace, stage.signal);
  }
  say(stage, "Hello world, again", { status: "completed", finish_reason: "stop" });
}

/** Its end says nothing of a run, and it has no chunk that is the last. */
async function unnamedEnd(stage: Stage): Promise<void> {
  await halfway(stage, () => say(stage, "Hello"));
  await delay(stage.pace, stage.signal);
  stage.emit("completion_finished", {});
}

/** Binary and unknown events, another run's chunks, and its end. */
async function noise(stage: Stage): Promise<void> {
  stage.emit("screenshot", new Uint8Array([1, 2, 3]));
  stage.emit("toString", {});
  say({ ...stage, jobId: "another-job" }, "not ours", { status: "completed" });
  stage.emit("completion_finished", { executionId: "another-job", content: "not ours" });
  await echo(stage);
}
