/** The shape of models.json: public ids, what is known of their models, and the upstreams that answer for an alias. */

import * as z from "zod";
import { type ModelFacts, PARAMETERS } from "../../chat/model.ts";
import type { Role } from "../../chat/request.ts";

/** As `Date.getUTCDay` counts them. */
export const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

export const ROLES = ["system", "developer", "user", "assistant", "tool"] as const satisfies readonly Role[];

const tokens = z.int({ error: "a whole number of tokens" }).positive("a whole number of tokens, more than 0");
const price = z.number({ error: "USD per million tokens" }).min(0, "USD per million tokens, 0 or more");

function each<const T extends readonly string[]>(values: T) {
  const expected = `a list of ${values.map((value) => `"${value}"`).join(", ")}`;
  return z.array(z.enum(values, { error: expected }), { error: expected });
}

function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values, { error: `one of ${values.map((value) => `"${value}"`).join(", ")}` });
}

const id = z.string({ error: "a model id" }).min(1, "a model id that is not empty");

/** `provider/model`: the provider's name has no slash, the model's id may. */
const shortTarget = id.regex(/^[^/\s]+\/.+$/, "an upstream written as provider/model");

const flag = z.boolean({ error: "true or false" });
const weight = z.number({ error: "a weight, a number" }).min(0, "a weight, 0 or more");

/**
 * `stream` overrides the provider's mode; `parameters` are fields of OpenAI's chat body that the request is sent with.
 * Those with a `weight` are drawn by it, the others follow as fallbacks.
 */
const targetSchema = z.object({
  provider: id,
  model: id,
  stream: oneOf(["real", "fake", "auto"]).exactOptional(),
  parameters: z.record(z.string(), z.json(), { error: "a table of request fields" }).exactOptional(),
  weight: weight.exactOptional(),
  continuation: flag.exactOptional(),
});

const candidateSchema = z.union([
  shortTarget.transform((text): z.infer<typeof targetSchema> => {
    const slash = text.indexOf("/");
    return { provider: text.slice(0, slash), model: text.slice(slash + 1) };
  }),
  targetSchema,
], {
  error: 'an upstream written as "provider/model" or {provider, model, stream?, parameters?, weight?, continuation?}',
});

/** USD per million tokens. What is not known is absent, never 0: 0 means free. */
const rates = {
  input: price,
  output: price,
  cache_read: price.exactOptional(),
  cache_write: price.exactOptional(),
  cache_write_hour: price.exactOptional(),
  reasoning: price.exactOptional(),
};

const HOURS = "a list of [from, to] in whole hours of UTC, from 0 to 24, each beginning before it ends";
const hour = z.int(HOURS).min(0, HOURS).max(24, HOURS);

/**
 * What a request costs instead where all of these hold: a prompt of more than `above` tokens, cached ones included; an end
 * before the day `until`, on one of `days`, within `hours`. Days and hours are those of UTC. A price it does not name stays.
 */
const tariffSchema = z.object({
  above: tokens.exactOptional(),
  until: z.iso.date("a day, as 2026-12-31").exactOptional(),
  days: each(DAYS).exactOptional(),
  hours: z.array(z.tuple([hour, hour], HOURS).refine(([from, to]) => from < to, HOURS), HOURS).exactOptional(),
  ...z.object(rates).partial().shape,
}, { error: "a table of conditions and prices" });

const TARIFFS = "a table of tariffs by their names, none of which is a whole number";
/** Names of digits alone would come in the order of their size. */
const tariffName = z.string().regex(/\D/);

/** Of the tariffs, the first that applies. */
const pricesSchema = z.object({
  ...rates,
  tariffs: z.record(tariffName, tariffSchema, { error: TARIFFS }).exactOptional(),
}, { error: "a table of prices" });

const HEDGE = "milliseconds without content after which a second upstream is asked, a whole number from 1";

const modelSchema = z.object({
  candidates: z.array(candidateSchema, { error: "a list of upstreams" }).min(1, "at least one upstream")
    .exactOptional(),
  continuation: flag.exactOptional(),
  hedge_after: z.int({ error: HEDGE }).min(1, HEDGE).exactOptional(),
  display_name: z.string({ error: "a text" }).exactOptional(),
  context_window: tokens.exactOptional(),
  max_output_tokens: tokens.exactOptional(),
  roles: each(ROLES).exactOptional(),
  outputs: each(["text", "json", "schema"]).exactOptional(),
  refuses: each(PARAMETERS).exactOptional(),
  thinking: oneOf(["effort", "budget", "adaptive", "none"]).exactOptional(),
  prices: pricesSchema.exactOptional(),
}, { error: "a table of what is known of the model" });

export const modelsFileSchema = z.object({
  /** Meant by a request that names no model. */
  default_model: id.exactOptional(),
  models: z.record(id, modelSchema, { error: "a table of models by their public id" }),
}, { error: 'a table with the key "models"' });

/** What members are called, at any depth but for ids and names of tariffs. */
export const MEMBERS: readonly string[] = [modelsFileSchema, modelSchema, targetSchema, pricesSchema, tariffSchema]
  .flatMap((schema) => Object.keys(schema.shape));

export type ModelsFile = z.infer<typeof modelsFileSchema>;
export type ModelEntry = ModelsFile["models"][string];
export type Candidate = NonNullable<ModelEntry["candidates"]>[number];
export type Prices = z.infer<typeof pricesSchema>;
export type Tariff = z.infer<typeof tariffSchema>;

/** The facts of an entry in the neutral model's names. */
export function factsOf(entry: ModelEntry): ModelFacts {
  const { context_window, max_output_tokens, roles, outputs, refuses, thinking } = entry;
  return {
    ...(context_window !== undefined && { contextWindow: context_window }),
    ...(max_output_tokens !== undefined && { maxOutput: max_output_tokens }),
    ...(roles && { roles }),
    ...(outputs && { outputs }),
    ...(refuses && { refuses }),
    ...(thinking && { thinking }),
  };
}
