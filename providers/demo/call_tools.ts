/** The demo model that calls the tools it is offered, and answers from what they return. */

import type { ChoiceEvent } from "../../chat/choice_folder.ts";
import { type ChatRequest, type FunctionTool, textOf } from "../../chat/request.ts";
import { exampleValue } from "./example_value.ts";
import type { DemoAsk } from "./step.ts";
import { sayWords } from "./words.ts";

/** Arguments come in pieces, as they do from most upstreams. */
const ARGUMENT_PIECE = 12;

/** Calls the first tools, two if it may; quotes their results when it has them; says so when there are none. */
export function callTools({ request, newId }: DemoAsk): ChoiceEvent[] {
  const results = freshResults(request);
  if (results.length > 0) return sayWords(`The tools returned: ${results.join(" and ")}`);
  const tools = callableTools(request);
  if (tools.length === 0) return sayWords("I would call a tool, but you offered me none.");
  const atOnce = request.parallelToolCalls === false ? 1 : 2;
  return tools.slice(0, atOnce).flatMap((tool, index) => callTool(tool, { index, id: `call_${newId()}` }));
}

/** The results that came since the model last spoke, a user's words behind them or not. */
function freshResults({ messages }: ChatRequest): string[] {
  const spoke = messages.findLastIndex(({ role }) => role === "assistant");
  return messages.slice(spoke + 1).filter(({ role }) => role === "tool").map(({ parts }) => `"${textOf(parts)}"`);
}

function callableTools({ tools = [], toolChoice = { mode: "auto" } }: ChatRequest): FunctionTool[] {
  const functions = tools.filter((tool) => tool.type === "function");
  switch (toolChoice.mode) {
    case "auto":
    case "required":
      return functions;
    case "none":
      return [];
    case "tool":
      return functions.filter(({ name }) => name === toolChoice.name);
    case "allowed":
      return functions.filter(({ name }) => toolChoice.names.includes(name));
    default:
      return toolChoice satisfies never;
  }
}

function callTool({ name, parameters }: FunctionTool, { index, id }: { index: number; id: string }): ChoiceEvent[] {
  const value = exampleValue({ type: "object", ...parameters });
  const pieces = JSON.stringify(value).match(new RegExp(`.{1,${ARGUMENT_PIECE}}`, "gsu")) ?? [];
  return [
    { type: "tool-call", index, id, name },
    ...pieces.map((json): ChoiceEvent => ({ type: "tool-arguments", index, json })),
  ];
}
