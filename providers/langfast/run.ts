/** The two calls that start an answer: store the prompt, then run it. */

import type { JsonObject } from "../../chat/json.ts";
import { upstreamError } from "../../dialects/upstream_error.ts";
import type { LangfastPorts } from "./ports.ts";
import { postJson } from "./post_json.ts";
import { textAt } from "./read_json.ts";
import type { Session } from "./session.ts";

export interface RunCall {
  supabaseUrl: string;
  anonKey: string;
  session: Session;
  meta: JsonObject;
  signal: AbortSignal;
  /** Milliseconds for each call; 0 for no limit. */
  limit: number;
}

export interface Run {
  runId: string;
  /** What its events are known by. */
  jobId: string;
}

/** What the service lists the prompt as in the account. */
const NAME = "anystream";
const TEST_CASES = [{ name: NAME, variables: [] }];

/** @throws {GatewayError} as `postJson` */
export async function createPrompt(call: RunCall, ports: LangfastPorts): Promise<string> {
  const { model, messages, stream } = call.meta;
  const promptId = await post("/rest/v1/rpc/create_prompt", {
    p_name: NAME,
    p_icon: "openai",
    p_meta: { model, messages, stream },
    p_test_cases: TEST_CASES,
  }, { call, ports });
  if (typeof promptId === "string" && promptId !== "") return promptId;
  throw upstreamError("upstream-malformed", "no prompt id");
}

/** @throws {GatewayError} as `postJson` */
export async function initiateRun(promptId: string, call: RunCall, ports: LangfastPorts): Promise<Run> {
  // The service wants a UUID, which the ids of the ports are not.
  const ours = crypto.randomUUID();
  const answer = await post("/functions/v1/initiate-prompt-run", {
    run_id: ours,
    prompt_id: promptId,
    prompt_meta: call.meta,
    test_cases: TEST_CASES,
    created_by: call.session.userId,
  }, { call, ports });
  const jobId = textAt(answer, "jobs", 0, "job_id");
  if (jobId === undefined) throw upstreamError("upstream-malformed", "a run without a job");
  return { runId: textAt(answer, "run_id") ?? ours, jobId };
}

function post(path: string, body: JsonObject, { call, ports }: { call: RunCall; ports: LangfastPorts }) {
  const { supabaseUrl, anonKey, session, signal, limit } = call;
  return postJson({
    url: supabaseUrl + path,
    headers: { apikey: anonKey, authorization: `Bearer ${session.accessToken}` },
    body,
    signal,
    limit,
    inSession: true,
  }, ports);
}
