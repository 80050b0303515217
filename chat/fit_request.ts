/** Fits a request to what its model accepts, and names what that costs. */

import { isInstruction } from "./instructions.ts";
import type { ModelFacts, Parameter } from "./model.ts";
import {
  alterRequest,
  type ChatRequest,
  type Loss,
  type Message,
  type OutputFormat,
  type Role,
  type SystemMessage,
} from "./request.ts";
import { lossOfForm, tellOutput } from "./tell_output.ts";

type Dependent = "toolChoice" | "parallelToolCalls" | "topLogprobs";
type Droppable = Parameter | Dependent;

/** Fields that mean nothing without the parameter, and go with it. */
const DEPENDENTS: { readonly [name in Parameter]?: readonly Dependent[] } = {
  tools: ["toolChoice", "parallelToolCalls"],
  logprobs: ["topLogprobs"],
};

/** What one part of the fitting found: new values, fields to leave out, and what that loses. */
interface Fit {
  changes?: Partial<ChatRequest>;
  dropped?: readonly Droppable[];
  lost?: readonly Loss[];
}

/**
 * The request as the model takes it: instructions under a role it knows, no more tokens than it can give, no parameter
 * it refuses, an answer format it can write. The very same object where nothing had to change, so that it may be relayed.
 *
 * A role that is renamed is no loss. Paths of losses are the fields of `ChatRequest`.
 */
export function fitRequest(request: ChatRequest, facts: ModelFacts): { request: ChatRequest; lost: Loss[] } {
  const form = formLeft(request.output, facts.outputs);
  const asked = form === undefined ? request : tellOutput(request, form);
  const fits = [
    fitRoles(asked.messages, facts.roles),
    fitLimit(request.maxTokens, facts.maxOutput),
    fitParameters(request, facts.refuses ?? []),
  ].filter((fit) => fit !== undefined);
  const lostForm = form === undefined ? [] : [lossOfForm(form)];
  if (fits.length === 0) return { request: asked, lost: lostForm };

  const fitted = fits.reduce((fitted, { changes }) => ({ ...fitted, ...changes }), alterRequest(asked, {}));
  for (const name of fits.flatMap(({ dropped = [] }) => dropped)) delete fitted[name];
  return { request: fitted, lost: [...fits.flatMap(({ lost = [] }) => lost), ...lostForm] };
}

function fitRoles(messages: readonly Message[], roles: readonly Role[] | undefined): Fit | undefined {
  const isRefused = (message: Message): message is SystemMessage =>
    isInstruction(message) && roles !== undefined && !roles.includes(message.role);
  if (!messages.some(isRefused)) return undefined;
  const role = (["system", "developer"] as const).find((role) => roles?.includes(role)) ?? "user";
  return { changes: { messages: messages.map((message) => isRefused(message) ? { ...message, role } : message) } };
}

function fitLimit(maxTokens: number | undefined, most: number | undefined): Fit | undefined {
  if (maxTokens === undefined || most === undefined || maxTokens <= most) return undefined;
  return {
    changes: { maxTokens: most },
    lost: [{ path: "maxTokens", reason: `clamped to ${most}, the most the model gives` }],
  };
}

function fitParameters(request: ChatRequest, refuses: readonly Parameter[]): Fit | undefined {
  const refused = new Set(refuses.flatMap((name) => [name, ...(DEPENDENTS[name] ?? [])]));
  const dropped = [...refused].filter((name) => request[name] !== undefined);
  if (dropped.length === 0) return undefined;
  return { dropped, lost: dropped.map((path) => ({ path, reason: "the model does not take it" })) };
}

/** The form that is left to ask for where the model does not take it: any JSON, or text, which every model writes. */
function formLeft(
  output: OutputFormat | undefined,
  outputs: ModelFacts["outputs"],
): "json" | "text" | undefined {
  if (output === undefined || outputs === undefined) return undefined;
  if (output.type === "text" || outputs.includes(output.type)) return undefined;
  return output.type === "schema" && outputs.includes("json") ? "json" : "text";
}
