/** The stand-in's accounts, prompts and runs: what LangFast answers over HTTP. */

import { memberAt, textAt } from "../../providers/langfast/read_json.ts";

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
  const users = new Map<unknown, { sub: string; expires: number }>();
  const refreshTokens = new Map<unknown, string>();
  const prompts = new Set<unknown>();

  const signIn = (sub: string): SimAnswer => {
    const expires = Math.floor(Date.now() / 1000) + tokenLifetime;
    const access_token = fakeJwt({ sub, exp: expires, jti: crypto.randomUUID() });
    const refresh_token = crypto.randomUUID();
    users.set(access_token, { sub, expires });
    refreshTokens.set(refresh_token, sub);
    const body = { access_token, refresh_token, expires_in: tokenLifetime, expires_at: expires, user: { id: sub } };
    return { status: 200, body };
  };
  const userOf = (token: unknown): string | undefined => {
    const user = users.get(token);
    return user !== undefined && Date.now() / 1000 < user.expires ? user.sub : undefined;
  };
  const signUp = (): SimAnswer => {
    state.signUps++;
    return signIn(crypto.randomUUID());
  };
  const refresh = (body: unknown): SimAnswer => {
    const token = memberAt(body, "refresh_token");
    const sub = refreshTokens.get(token);
    if (sub === undefined) return { status: 400, body: { msg: "Invalid Refresh Token: Refresh Token Not Found" } };
    // Rotated: each serves once.
    refreshTokens.delete(token);
    state.refreshes++;
    return signIn(sub);
  };
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
    userOf,
    revoke() {
      users.clear();
      refreshTokens.clear();
    },
    answer(path, body, token) {
      if (path === "/auth/v1/signup") return signUp();
      if (path === "/auth/v1/token") return refresh(body);
      const sub = userOf(token);
      if (sub === undefined) return { status: 401, body: { code: 401, msg: "Invalid JWT" } };
      if (path === "/rest/v1/rpc/create_prompt") return createPrompt(body);
      if (path === "/functions/v1/initiate-prompt-run") return run(body, sub);
      return { status: 404, body: { msg: "There is no such function" } };
    },
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function fakeJwt(claims: unknown): string {
  const part = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "");
  return `${part({ alg: "none", typ: "JWT" })}.${part(claims)}.unsigned`;
}

/** The last message's text, whether it is a string or an array of parts. */
function lastText(messages: unknown): string {
  const content = Array.isArray(messages) ? memberAt(messages.at(-1), "content") : undefined;
  if (typeof content === "string") return content;
  return Array.isArray(content) ? content.map((part) => textAt(part, "text") ?? "").join("") : "";
}
