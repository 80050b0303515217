/** The settings of a task API, which is submitted to and polled: among those of a provider. */

import type { CancelSettings, PollSettings, SubmitSettings } from "../../providers/polling/schema.ts";
import type { ProviderSetting } from "./provider_settings.ts";

export type PollingSettingPath =
  | `submit.${keyof SubmitSettings}`
  | `poll.${Exclude<keyof PollSettings, "usage"> | `usage.${keyof NonNullable<PollSettings["usage"]>}`}`
  | `cancel.${keyof CancelSettings}`;

export const POLLING_SETTINGS: Readonly<Record<PollingSettingPath, ProviderSetting>> = {
  "submit.path": polling("submit.path", {
    kind: "text",
    title: "Path",
    sentence: "Where a task is submitted, below the endpoint; {{model}} may stand in it.",
  }),
  "submit.method": polling("submit.method", {
    kind: "word",
    title: "Method",
    advanced: true,
    sentence: "post or put.",
  }),
  "submit.body": {
    ...polling("submit.body", {
      kind: "map",
      title: "Body",
      sentence:
        "What is submitted. A text that is {{messages}}, {{prompt}}, {{system}}, {{model}}, {{temperature}} or another " +
        "setting in OpenAI's words is replaced by the request's value, or left out where it has none. As a variable, JSON.",
    }),
    secret: true,
  },
  "submit.taskId": polling("submit.task_id", {
    kind: "text",
    title: "Task's id",
    sentence: "Where the task's id is in the answer: data.tasks.0.id.",
  }),
  "poll.path": polling("poll.path", {
    kind: "text",
    title: "Path",
    sentence: "Where the task is asked for; {{task_id}} stands in it.",
  }),
  "poll.interval": polling("poll.interval", {
    kind: "number",
    title: "Interval",
    advanced: true,
    sentence: "Milliseconds between two polls, at least.",
  }),
  "poll.deadline": polling("poll.deadline", {
    kind: "number",
    title: "Deadline",
    advanced: true,
    sentence: "Milliseconds that a task may take; 0 for no limit.",
  }),
  "poll.text": polling("poll.text", {
    kind: "text",
    title: "Text",
    sentence: "Where the whole text so far is: a text, or a list of texts.",
  }),
  "poll.reasoning": polling("poll.reasoning", {
    kind: "text",
    title: "Thoughts",
    advanced: true,
    sentence: "Where the thoughts so far are.",
  }),
  "poll.state": polling("poll.state", { kind: "text", title: "State", sentence: "Where the task's state is." }),
  "poll.done": polling("poll.done", {
    kind: "list",
    title: "States when done",
    sentence: "The states of a task that is done, in any case.",
  }),
  "poll.failed": polling("poll.failed", {
    kind: "list",
    title: "States when failed",
    advanced: true,
    sentence: "The states of one that failed; in any other state a task goes on.",
  }),
  "poll.error": polling("poll.error", {
    kind: "text",
    title: "Error",
    advanced: true,
    sentence: "Where the reason of a failure is, for the log.",
  }),
  "poll.usage.input": polling("poll.usage_input", {
    kind: "text",
    title: "Input tokens",
    advanced: true,
    sentence: "Where the count of input tokens is.",
  }),
  "poll.usage.output": polling("poll.usage_output", {
    kind: "text",
    title: "Output tokens",
    advanced: true,
    sentence: "Where the count of output tokens is.",
  }),
  "cancel.path": polling("cancel.path", {
    kind: "text",
    title: "Path",
    advanced: true,
    sentence: "What is asked for when the client left; {{task_id}} stands in it.",
  }),
  "cancel.method": polling("cancel.method", {
    kind: "word",
    title: "Method",
    advanced: true,
    sentence: "post, put or delete.",
  }),
};

function polling(place: string, described: Omit<ProviderSetting, "env" | "toml">): ProviderSetting {
  return { env: [place.replace(".", "_").toUpperCase()], toml: [place], ...described };
}
