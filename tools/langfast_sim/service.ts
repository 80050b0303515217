/** What the stand-in answers over HTTP as LangFast does: of its accounts, prompts and runs. */

import { memberAt, textAt } from "../../providers/langfast/read_json.ts";
import { createAccounts } from "./accounts.ts";

/** What happened so far; `GET /control` answers it. */
export interface SimState {
  signUps: number;
  refreshes: number;
  prompts: number;
  runs: number;
  socketsOpened: number;
  socketsOpen: number;
  /** The `prompt_meta` of the last run. */
  lastMeta: unknown;
}

export interface SimAnswer {
  status: number;
  body: unknown;
  /** The run that has begun. */
  run?: { jobId: string; sub: string; prompt: string };
}

export interface SimService {
  answer(path: string, body: unknown, token: string | undefined): SimAnswer;
  /** The user of a token that is good. */
  userOf(token: unknown): string | undefined;
  /** From now on every token given out so far is refused, refresh tokens included. */
  revoke(): void;
}

/** `tokenLifetime` in seconds. */
export function createService(state: SimState, tokenLifetime: number): SimService {
  const accounts = createAccounts(state, tokenLifetime);
  const prompts = new Set<unknown>();

  const createPrompt = (body: unknown): SimAnswer => {
    const complete = textAt(body, "p_name") && textAt(body, "p_icon") && textAt(body, "p_meta", "model") &&
      memberAt(body, "p_meta", "stream") === true && textAt(body, "p_test_cases", 0, "name");
    if (!complete) return { status: 400, body: { msg: "Cannot create that prompt" } };
    state.prompts++;
    const id = crypto.randomUUID();
    prompts.add(id);
    return { status: 200, body: id };
  };
  const run = (body: unknown, sub: string): SimAnswer => {
    const runId = textAt(body, "run_id") ?? "";
    const complete = UUID.test(runId) && prompts.has(memberAt(body, "prompt_id")) && textAt(body, "created_by") === sub;
    if (!complete) return { status: 400, body: { msg: "Cannot run that prompt" } };
    state.runs++;
    state.lastMeta = memberAt(body, "prompt_meta");
    const jobId = crypto.randomUUID();
    const prompt = lastText(memberAt(state.lastMeta, "messages"));
    return { status: 200, body: { run_id: runId, jobs: [{ job_id: jobId }] }, run: { jobId, sub, prompt } };
  };

  return {
    userOf: accounts.userOf,
    revoke: accounts.revoke,
    answer(path, body, token) {
      if (path === "/auth/v1/signup") return accounts.signUp();
      if (path === "/auth/v1/token") return accounts.refresh(body);
      const sub = accounts.userOf(token);
      if (sub === undefined) return { status: 401, body: { code: 401, msg: "Invalid JWT" } };
      if (path === "/rest/v1/rpc/create_prompt") return createPrompt(body);
      if (path === "/functions/v1/initiate-prompt-run") return run(body, sub);
      return { status: 404, body: { msg: "There is no such function" } };
    },
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The last message's text, whether it is a string or an array of parts. */
function lastText(messages: unknown): string {
  const content = Array.isArray(messages) ? memberAt(messages.at(-1), "content") : undefined;
  if (typeof content === "string") return content;
  return Array.isArray(content) ? content.map((part) => textAt(part, "text") ?? "").join("") : "";
}
