/** Opens one answer: submits the task, and hands on what following it brings. */

import type { StartEvent } from "../../chat/event.ts";
import type { Json } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import { withRetryAfter } from "../../chat/error.ts";
import { kindOfStatus, upstreamError } from "../../dialects/upstream_error.ts";
import { putBack } from "../../streaming/until_content.ts";
import { watchSilence } from "../../streaming/watch_silence.ts";
import type { Call, ProviderPorts, Upstream } from "../provider.ts";
import { bodyValues } from "./body_values.ts";
import { followTask } from "./follow_task.ts";
import { parseExactly, textAt } from "./json_path.ts";
import type { CancelSettings, PollSettings, SubmitSettings } from "./schema.ts";
import type { TaskAnswer, TaskApi } from "./task_api.ts";
import { taskReader } from "./task_reader.ts";
import { fillBody, fillPath, isDotSegment } from "./template.ts";
import { whenAborted } from "./when_aborted.ts";

export interface TaskSettings {
  submit: SubmitSettings;
  poll: PollSettings;
  cancel?: CancelSettings;
}

export interface OpenTaskOptions {
  settings: TaskSettings;
  call: Call;
  api: TaskApi;
  /** The credential among them: a task is known to the account that submitted it. */
  headers: Readonly<Record<string, string>>;
}

/** @throws {GatewayError} where the task was not accepted; or the call's abort reason */
export async function openTask(
  request: ChatRequest,
  options: OpenTaskOptions,
  { now, random }: Pick<ProviderPorts, "now" | "random">,
): Promise<Upstream> {
  const { settings: { submit, poll }, call: { signal, timeouts } } = options;
  /** The end of it all, whoever brings it about: calls, waits, clocks and listeners all go with it. */
  const end = new AbortController();
  signal.addEventListener("abort", () => end.abort(signal.reason), { once: true, signal: end.signal });
  const calls = taskCalls(request.model, options, end.signal);
  const { values, lost } = bodyValues(request, submit.body);
  try {
    const accepted = await calls.submit(fillBody(submit.body, values) ?? {});
    const id = readTaskId(accepted, submit);
    const reader = taskReader(poll, random);
    const task = followTask({
      reader,
      begin: reader.begin(accepted.retryAfter),
      deadline: poll.deadline,
      end,
      ask: () => calls.poll(id),
      abandon: () => calls.cancel(id),
    });
    const start: StartEvent = { type: "start", id, model: request.model, created: Math.floor(now() / 1000) };
    const beats = watchSilence(putBack([{ events: [start] }], task), timeouts);
    // Also while nobody reads.
    whenAborted(end.signal, () => beats.cancel(end.signal.reason));
    return { dialect: undefined, form: "stream", beats, lost };
  } catch (error) {
    end.abort(error);
    throw error;
  }
}

/** Milliseconds that the upstream has to take a cancellation. Nobody waits for it. */
const CANCEL_LIMIT = 1000;

function taskCalls(model: string, { settings, call, api, headers }: OpenTaskOptions, signal: AbortSignal) {
  const { submit, poll, cancel } = settings;
  const asked = { headers, signal, timeouts: call.timeouts };
  const pathOf = (template: string, taskId: string) => fillPath(template, { model, task_id: taskId });
  return {
    submit: (body: Json) => api({ ...asked, method: submit.method, path: pathOf(submit.path, ""), body }),
    poll: (taskId: string) => api({ ...asked, method: "get", path: pathOf(poll.path, taskId) }),
    cancel(taskId: string): void {
      if (cancel === undefined) return;
      const { method = "post", path } = cancel;
      const { signal } = new AbortController();
      const timeouts = { connect: CANCEL_LIMIT, headers: CANCEL_LIMIT };
      // Whether it was understood changes nothing: a task ends by itself at the latest.
      api({ headers, signal, timeouts, method, path: pathOf(path, taskId) }).catch(() => {});
    },
  };
}

function readTaskId({ status, text, retryAfter }: TaskAnswer, { taskId }: SubmitSettings): string {
  if (status < 200 || status > 299) throw withRetryAfter(upstreamError(kindOfStatus(status), text), retryAfter);
  const id = textAt(parseExactly(text), taskId);
  if (id === undefined || isDotSegment(id)) throw upstreamError("upstream-malformed", text);
  return id;
}
