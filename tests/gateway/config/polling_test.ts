/** The description of a task API: every setting of it, from the file and from variables, and what is told of a mistake. */

import assert from "node:assert/strict";
import { describeProblems, PROVIDER_SETTINGS } from "../../../gateway/config/mod.ts";
import { configOf, problemsOf, providerOf } from "../../support/config.ts";

const NEEDED: Record<string, unknown> = {
  "submit.path": "/tasks",
  "submit.body": { prompt: "{{prompt}}" },
  "submit.task_id": "id",
  "poll.path": "/tasks/{{task_id}}",
  "poll.text": "text",
  "poll.state": "state",
  "poll.done": ["done"],
};

/** A file with what is needed, and these over it; `undefined` leaves a line out. */
function tomlOf(changes: Record<string, unknown> = {}): string {
  const lines = Object.entries({ ...NEEDED, ...changes }).filter(([, value]) => value !== undefined);
  const head = ["[providers.slow]", "type = 'polling'", "endpoint = 'https://vendor.test/api/'"];
  return [...head, ...lines.map(([place, value]) => `${place} = ${literal(value)}`)].join("\n");
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value).map(([key, child]) => `${JSON.stringify(key)} = ${literal(child)}`).join(", ")} }`;
}

const read = (changes: Record<string, unknown> = {}) => providerOf(configOf({ toml: tomlOf(changes) }), "slow");

Deno.test("a task API needs its paths, its body and where its answers hold what; the rest has defaults", () => {
  const config = configOf({ toml: tomlOf() });
  assert.ok(!config.warnings.some((warning) => warning.includes("slow")));
  const { endpoint, auth, apiKeys, submit, poll, cancel } = providerOf(config, "slow");
  assert.deepEqual([endpoint, auth, apiKeys, cancel], ["https://vendor.test/api", "bearer", [], undefined]);
  assert.deepEqual(submit, { path: "/tasks", method: "post", body: { prompt: "{{prompt}}" }, taskId: "id" });
  assert.deepEqual(poll, {
    path: "/tasks/{{task_id}}",
    interval: 1000,
    deadline: 300_000,
    text: "text",
    state: "state",
    done: ["done"],
    failed: ["failed", "error", "expired", "canceled", "cancelled"],
  });
});

/** A valid value that is no default: as text for a variable, and as it is read. */
const VALUES: Record<string, [text: string, value?: unknown]> = {
  "submit.path": ["/{{model}}/tasks"],
  "submit.method": ["PUT", "put"],
  "submit.body": ['{"m":"{{messages}}","n":[1,null,{"t":"{{temperature}}"}]}', {
    m: "{{messages}}",
    n: [1, null, { t: "{{temperature}}" }],
  }],
  "submit.taskId": ["data.tasks.0.id"],
  "poll.path": ["/{{model}}/tasks?id={{task_id}}"],
  "poll.interval": ["2500", 2500],
  "poll.deadline": ["0", 0],
  "poll.text": ["data.text"],
  "poll.reasoning": ["data.thoughts"],
  "poll.state": ["data.state"],
  "poll.done": ["ok, finished", ["ok", "finished"]],
  "poll.failed": ["bad", ["bad"]],
  "poll.error": ["data.error"],
  "poll.usage.input": ["usage.in"],
  "poll.usage.output": ["usage.out"],
  "cancel.path": ["/tasks/{{task_id}}/cancel"],
  "cancel.method": ["delete"],
};

const PATHS = Object.keys(PROVIDER_SETTINGS).filter((path) => /^(submit|poll|cancel)\./.test(path));

Deno.test("every setting of a task API is known to these tests", () => {
  assert.deepEqual(Object.keys(VALUES).sort(), PATHS.sort());
});

for (const [path, [text, value = text]] of Object.entries(VALUES)) {
  const { env: [suffix], toml: [place = path] } = PROVIDER_SETTINGS[path as keyof typeof PROVIDER_SETTINGS];
  // What makes no whole alone.
  const needed = {
    ...(path.startsWith("poll.usage") && { "poll.usage_input": "a", "poll.usage_output": "b" }),
    ...(path.startsWith("cancel") && { "cancel.path": "/{{task_id}}" }),
  };

  Deno.test(`a task API's ${path} is set by PROVIDER_SLOW_${suffix} and by ${place}`, () => {
    const at = (provider: Record<string, unknown>) =>
      path.split(".").reduce((part: unknown, key) => (part as Record<string, unknown>)[key], provider);
    assert.notDeepEqual(
      at(read({ "poll.usage_input": "x", "poll.usage_output": "x", "cancel.path": "/{{task_id}}/x" })),
      value,
    );
    const config = configOf({ toml: tomlOf(needed), env: { [`PROVIDER_SLOW_${suffix}`]: text } });
    assert.deepEqual(at(providerOf(config, "slow")), value);
    // TOML has no null.
    if (path !== "submit.body") assert.deepEqual(at(read({ ...needed, [place]: value })), value);
  });
}

Deno.test("a task API can be described by variables alone", () => {
  const env = {
    PROVIDER_SLOW_TYPE: "polling",
    PROVIDER_SLOW_ENDPOINT: "https://vendor.test",
    PROVIDER_SLOW_SUBMIT_PATH: "/tasks",
    PROVIDER_SLOW_SUBMIT_BODY: '{"prompt": "{{prompt}}"}',
    PROVIDER_SLOW_SUBMIT_TASK_ID: "id",
    PROVIDER_SLOW_POLL_PATH: "/tasks/{{task_id}}",
    PROVIDER_SLOW_POLL_TEXT: "text",
    PROVIDER_SLOW_POLL_STATE: "state",
    PROVIDER_SLOW_POLL_DONE: "done",
  };
  const { type, submit } = providerOf(configOf({ env }), "slow");
  assert.equal(type, "polling");
  assert.deepEqual(submit, { path: "/tasks", method: "post", body: { prompt: "{{prompt}}" }, taskId: "id" });
});

Deno.test("a body may stand as tables of its own, takes variables, and keeps its names as they are written", () => {
  const toml = `${tomlOf({ "submit.body": undefined })}
[providers.slow.submit.body]
"Some-Name" = "{{messages}}"
account = "\${ACCOUNT}"
[providers.slow.submit.body.nested_options]
task_id = 7`;
  const { submit } = providerOf(configOf({ toml, env: { ACCOUNT: "a-1" } }), "slow") as { submit: { body: unknown } };
  assert.deepEqual(submit.body, { "Some-Name": "{{messages}}", account: "a-1", nested_options: { task_id: 7 } });
});

Deno.test("states may be truths and numbers", () => {
  const { poll } = read({ "poll.done": [true, 2, "ok"] }) as { poll: { done: unknown } };
  assert.deepEqual(poll.done, ["true", "2", "ok"]);
});

const KNOWN =
  "{{model}}, {{messages}}, {{prompt}}, {{system}}, {{max_tokens}}, {{temperature}}, {{top_p}}, {{top_k}}, " +
  "{{min_p}}, {{presence_penalty}}, {{frequency_penalty}}, {{repetition_penalty}}, {{seed}}, {{stop}}, " +
  "{{reasoning_effort}}, {{user}}";
const SUBMIT = "config.toml [providers.slow.submit]";
const POLL = "config.toml [providers.slow.poll]";
const HIDDEN = "(a secret, not shown)";
const BODY = "a table whose texts may be placeholders, with {{messages}} or {{prompt}} among them";
const PLACE = 'the way to a value in the answer, like "data.output.0.text"';
const TASK_PATH = 'a path like "/tasks/{{task_id}}", in which {{model}} may stand too';

const MISTAKES: [what: string, changes: Record<string, unknown>, line: string][] = [
  ["no body", { "submit.body": undefined }, `${SUBMIT}.body is missing, expected ${BODY}`],
  ["a body that is a text", { "submit.body": "{{prompt}}" }, `${SUBMIT}.body is ${HIDDEN}, expected ${BODY}`],
  [
    "a body without the conversation",
    { "submit.body": { m: "{{model}}" } },
    `${SUBMIT}.body is ${HIDDEN}, expected ${BODY}`,
  ],
  [
    "a placeholder that nobody knows",
    { "submit.body": { p: "{{prompt}}", t: ["{{heat}}"] } },
    `${SUBMIT}.body is ${HIDDEN}, expected {{heat}} to be one of ${KNOWN}, alone in its text`,
  ],
  [
    "a placeholder among other text",
    { "submit.body": { p: "Answer: {{prompt}}" } },
    `${SUBMIT}.body is ${HIDDEN}, expected {{prompt}} to be one of ${KNOWN}, alone in its text`,
  ],
  [
    "a path without a slash",
    { "submit.path": "tasks" },
    `${SUBMIT}.path is "tasks", expected a path like "/tasks", in which {{model}} may stand`,
  ],
  [
    "a task's id in the path that makes it",
    { "submit.path": "/tasks/{{task_id}}" },
    `${SUBMIT}.path is "/tasks/{{task_id}}", expected a path like "/tasks", in which {{model}} may stand`,
  ],
  [
    "a whole URL",
    { "poll.path": "https://other.test/{{task_id}}" },
    `${POLL}.path is "https://other.test/{{task_id}}", expected ${TASK_PATH}`,
  ],
  ["a poll that names no task", { "poll.path": "/tasks" }, `${POLL}.path is "/tasks", expected ${TASK_PATH}`],
  [
    "a placeholder that no path has",
    { "poll.path": "/{{task_id}}/{{user}}" },
    `${POLL}.path is "/{{task_id}}/{{user}}", expected ${TASK_PATH}`,
  ],
  ["a way with a hole in it", { "poll.text": "data..text" }, `${POLL}.text is "data..text", expected ${PLACE}`],
  ["no way at all", { "poll.state": undefined }, `${POLL}.state is missing, expected ${PLACE}`],
  ["no end", { "poll.done": [] }, `${POLL}.done is [], expected a list of states, like ["done", "succeeded"]`],
  [
    "a state that is a table",
    { "poll.done": [{ a: 1 }] },
    `${POLL}.done is [{"a":1}], expected a list of states, like ["done", "succeeded"]`,
  ],
  [
    "a hectic interval",
    { "poll.interval": 1 },
    `${POLL}.interval is 1, expected milliseconds, a whole number from 10 to 604800000`,
  ],
  ["half of the counts", { "poll.usage_input": "in" }, `${POLL}.usage_output is missing, expected ${PLACE}`],
  ["the other half", { "poll.usage_output": "out" }, `${POLL}.usage_input is missing, expected ${PLACE}`],
  ["a submission that gets", { "submit.method": "get" }, `${SUBMIT}.method is "get", expected one of "post", "put"`],
  [
    "a cancellation of nothing",
    { "cancel.path": "/cancel" },
    `config.toml [providers.slow.cancel].path is "/cancel", expected ${TASK_PATH}`,
  ],
];

for (const [what, changes, line] of MISTAKES) {
  Deno.test(`${what} is told: ${line}`, () => {
    const lines = describeProblems(problemsOf({ toml: tomlOf(changes) })).split("\n").slice(1).map((text) =>
      text.trim()
    );
    assert.deepEqual(lines, [line]);
  });
}

Deno.test("a date in a body, which JSON does not know, is told", () => {
  const toml = tomlOf({ "submit.body": undefined }) + "\nsubmit.body = { p = '{{prompt}}', at = 2026-01-01 }";
  assert.deepEqual(problemsOf({ toml }).map(({ expected }) => expected), [BODY]);
});

Deno.test("all that is missing is told by name, from the file and from variables", () => {
  const missing = ["submit.path", "submit.body", "submit.task_id", "poll.path", "poll.text", "poll.state", "poll.done"];
  const toml = "[providers.slow]\ntype = 'polling'\nendpoint = 'https://vendor.test'";
  assert.deepEqual(
    problemsOf({ toml }).map(({ path }) => path),
    missing.map((place) => `config.toml [providers.slow.${place.replace(".", "].")}`),
  );
  const env = { PROVIDER_SLOW_TYPE: "polling", PROVIDER_SLOW_ENDPOINT: "https://vendor.test" };
  assert.deepEqual(
    problemsOf({ env }).map(({ path }) => path),
    missing.map((place) => `PROVIDER_SLOW_${place.replace(".", "_").toUpperCase()}`),
  );
});

Deno.test("what describes a task does nothing for a provider of another type, and is told", () => {
  const { warnings } = configOf({ toml: "[providers.x]\nendpoint = 'https://x.test'\npoll = { interval = 5 }" });
  assert.ok(
    warnings.includes('config.toml [providers.x.poll].interval does nothing as provider "x" is of type openai'),
  );
});
