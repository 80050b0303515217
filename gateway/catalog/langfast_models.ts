/** LangFast's own model list, as langfast2api kept it in its models.json, in the terms of our catalogue. */

import * as z from "zod";
import { lazy } from "../../dialects/lazy.ts";
import { ROLES } from "./schema.ts";
import type { Parameter } from "../../chat/model.ts";

const words = lazy(() => z.array(z.string({ error: "a text" }), { error: "a list of texts" }));
const limit = lazy(() =>
  z.int({ error: "a whole number of tokens" }).positive("a whole number of tokens, more than 0")
);

// Only what is used. The list is data of somebody else's: what is unknown in it is left alone.
const entrySchema = lazy(() =>
  z.object({
    slug: z.string({ error: "a model id" }).min(1, "a model id that is not empty"),
    name: z.string({ error: "a text" }).nullish(),
    status: z.string({ error: "a text" }).nullish(),
    parameters: z.looseObject({
      message_types: words().nullish(),
      response_format: words().nullish(),
      max_completion_tokens: z.object({ max_value: limit().nullish() }, { error: "a table" }).nullish(),
    }, { error: "a table" }).nullish(),
  }, { error: "a table with the key slug" })
);

export const langfastListSchema = lazy(() => z.array(entrySchema()));
type LangfastEntry = z.infer<ReturnType<typeof entrySchema>>;

/** The parameters the list names where a model takes them. */
const PARAMETER_OF = {
  temperature: "temperature",
  top_p: "topP",
  presence_penalty: "presencePenalty",
  frequency_penalty: "frequencyPenalty",
  reasoning_effort: "reasoning",
  verbosity: "verbosity",
} as const satisfies Record<string, Parameter>;

const OUTPUT_OF: Readonly<Record<string, string>> = { text: "text", json_object: "json", json_schema: "schema" };

/** A models.json of ours, not yet validated: each model under `langfast/`, with `gpt-5` as the default, as it was there. */
export function fromLangfastList(list: readonly LangfastEntry[]): unknown {
  const open = list.filter(({ status }) => status === "public" || status == null);
  return {
    ...open.some(({ slug }) => slug === "gpt-5") && { default_model: "gpt-5" },
    models: Object.fromEntries(open.map((entry) => [`langfast/${entry.slug}`, formatEntry(entry)])),
  };
}

function formatEntry({ slug, name, parameters }: LangfastEntry): Record<string, unknown> {
  if (parameters == null) return { display_name: name ?? slug };
  const { message_types, response_format, max_completion_tokens } = parameters;
  const roles = message_types?.filter((role) => (ROLES as readonly string[]).includes(role));
  // A model whose entry names no format takes the one that needs no naming.
  const outputs = (response_format ?? ["text"]).flatMap((format) => OUTPUT_OF[format] ?? []);
  const refuses = Object.entries(PARAMETER_OF).filter(([name]) => parameters[name] == null).map(([, own]) => own);
  const limit = max_completion_tokens?.max_value;
  return {
    display_name: name ?? slug,
    ...limit != null && { max_output_tokens: limit },
    ...roles && { roles },
    outputs,
    ...refuses.length > 0 && { refuses },
    ...parameters.reasoning_effort != null && { thinking: "effort" },
  };
}
