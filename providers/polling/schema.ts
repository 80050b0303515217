/** How a task API is described: what is sent where, and where its answers hold what. The schema of these settings. */

import * as z from "zod";
import type { JsonObject } from "../../chat/json.ts";
import { lazy } from "../../dialects/lazy.ts";
import { PLACEHOLDERS } from "./body_values.ts";
import { faultsIn, isTemplate, placeholdersIn, textsIn } from "./template.ts";

// As in gateway/config/values.ts, a message completes the sentence "X is Y, expected …".

const WEEK = 7 * 24 * 3_600_000;

function milliseconds(min: number) {
  const expected = `milliseconds, a whole number from ${min} to ${WEEK}`;
  return z.int({ error: expected }).min(min, expected).max(WEEK, expected);
}

function method<const T extends readonly string[]>(methods: T) {
  return z.enum(methods, { error: `one of ${methods.map((name) => `"${name}"`).join(", ")}` });
}

/** A path below the endpoint. */
function path(expected: string, fits: (placeholders: string[]) => boolean) {
  return z.string({ error: expected }).trim().regex(/^\/[^#]*$/, expected)
    .refine((text) => fits(placeholdersIn(text)), expected);
}

const submitPath = lazy(() =>
  path('a path like "/tasks", in which {{model}} may stand', (names) => names.every((name) => name === "model"))
);

const taskPath = lazy(() =>
  path('a path like "/tasks/{{task_id}}", in which {{model}} may stand too', (names) => {
    return names.includes("task_id") && names.every((name) => name === "task_id" || name === "model");
  })
);

const BODY = "a table whose texts may be placeholders, with {{messages}} or {{prompt}} among them";

const body = lazy(() =>
  z.custom<JsonObject>(isTemplate, BODY).superRefine((template, { addIssue }) => {
    const texts = textsIn(template);
    const known = PLACEHOLDERS.map((name) => `{{${name}}}`).join(", ");
    for (const fault of faultsIn(texts, PLACEHOLDERS)) addIssue(`${fault} to be one of ${known}, alone in its text`);
    const used = texts.flatMap(placeholdersIn);
    if (!used.includes("messages") && !used.includes("prompt")) addIssue(BODY);
  }).meta({ type: "object" })
);

const PLACE = 'the way to a value in the answer, like "data.output.0.text"';
/** Where in an answer a value stands: see `valueAt`. */
const place = lazy(() => z.string({ error: PLACE }).trim().regex(/^[^.]+(\.[^.]+)*$/, PLACE));

const STATES = 'a list of states, like ["done", "succeeded"]';
/** States that are no texts (`true`, `2`) are compared as texts, too. */
const states = lazy(() =>
  z.array(z.union([z.string(), z.number(), z.boolean()], { error: STATES }).transform(String), {
    error: STATES,
  }).min(1, STATES)
);

export const pollingFields = lazy(() => ({
  submit: z.strictObject({
    path: submitPath(),
    method: method(["post", "put"]),
    body: body(),
    taskId: place(),
  }),
  poll: z.strictObject({
    path: taskPath(),
    interval: milliseconds(10),
    /** From the submission on; 0 for none. */
    deadline: milliseconds(0),
    /** The whole text so far: a text, or an array of texts. */
    text: place(),
    /** The thoughts so far, alike. */
    reasoning: place().exactOptional(),
    state: place(),
    /** A state that is in neither list means that the task goes on. */
    done: states(),
    failed: states(),
    /** Why it failed, for the log. */
    error: place().exactOptional(),
    usage: z.strictObject({ input: place(), output: place() }).exactOptional(),
  }),
  /** What is asked for when nobody waits for the task any more. */
  cancel: z.strictObject({
    path: taskPath(),
    method: method(["post", "put", "delete"]).exactOptional(),
  }).exactOptional(),
}));

type Fields = ReturnType<typeof pollingFields>;
export type SubmitSettings = z.infer<Fields["submit"]>;
export type PollSettings = z.infer<Fields["poll"]>;
export type CancelSettings = z.infer<Fields["cancel"]>;
