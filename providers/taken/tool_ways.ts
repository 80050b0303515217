/** Ways to ask that tell an upstream otherwise of the tools. */

import { foldTools } from "../../chat/fold_tools.ts";
import { alterRequest, type FunctionTool, type Tool } from "../../chat/request.ts";
import { shortenDescriptions } from "../../chat/shorten_descriptions.ts";
import { tellType } from "../../chat/tell_opaque.ts";
import { tellToolChoice } from "../../chat/tell_tool_choice.ts";
import { isPlainSchema } from "../../dialects/json_schema/is_plain.ts";
import { toPlainSchema } from "../../dialects/json_schema/to_plain.ts";
import { effortOf } from "../../dialects/reasoning_effort.ts";
import type { Learned } from "./learned.ts";
import type { Way } from "./way.ts";

/** With so many tools, the last of which calls the others: nothing is lost. */
export function folding(limit: number): (way: Way) => Way {
  return (way) => {
    const request = foldTools(way.request, limit);
    return request === undefined ? way : { ...way, request };
  };
}

/** With tools described in so many characters; the rest of it is told as an instruction, so that nothing is lost. */
export function curt(limit: number): (way: Way) => Way {
  return (way) => {
    const request = shortenDescriptions(way.request, limit);
    return request === way.request ? way : { ...way, request };
  };
}

/** With words for what Claude Code's search for tools found, and all of them told at once. */
export function dereferenced(way: Way): Way {
  const request = tellType(way.request, "tool_reference");
  return request === undefined ? way : { ...way, request };
}

/** With schemas in few words: what those cannot say is told in descriptions. One that is strict has to say it all. */
export function plainly(which: NonNullable<Learned["plainSchemas"]>): (way: Way) => Way {
  const isMeant = ({ strict, parameters = {} }: FunctionTool) =>
    !strict && (which === "all" || !isPlainSchema(parameters));
  return (way) => {
    const { tools = [] } = way.request;
    if (!tools.some((tool) => tool.type === "function" && isMeant(tool))) return way;
    const plain = tools.map((tool): Tool =>
      tool.type === "function" && isMeant(tool) ? { ...tool, parameters: toPlainSchema(tool.parameters ?? {}) } : tool
    );
    const loss = { path: "tools", reason: "the upstream takes plainer schemas alone" };
    return { ...way, request: alterRequest(way.request, { tools: plain }), lost: [...way.lost, loss] };
  };
}

/** Free to choose its tools, and told which is wanted; one that is not to think may still be made to call it. */
export function choosing(when: NonNullable<Learned["choosesFreely"]>): (way: Way) => Way {
  return (way) => {
    const { reasoning } = way.request;
    if (when === "thinking" && reasoning !== undefined && effortOf(reasoning) === "none") return way;
    const request = tellToolChoice(way.request);
    if (request === way.request) return way;
    const loss = { path: "toolChoice", reason: "the model cannot be made to call a tool, and is told in words" };
    return { ...way, request, lost: [...way.lost, loss] };
  };
}
