/** Members of a tool that only its client's dialect has: written again in that dialect, and told of as lost in any other. */

import type { DialectName } from "../chat/event.ts";
import type { Json, JsonObject } from "../chat/json.ts";
import type { FunctionTool } from "../chat/request.ts";
import { withoutAbsent } from "./given.ts";
import type { LossList } from "./losses.ts";

/** How the arguments of a call arrive, and not what they are: https://platform.claude.com/docs/en/agents-and-tools/tool-use/fine-grained-tool-streaming. */
const HINTS: ReadonlySet<string> = new Set(["eager_input_streaming"]);

/** The rest of a tool, behind all that the neutral model has a place for. */
export function parseOwnMembers(
  dialect: DialectName,
  rest: Readonly<Record<string, unknown>>,
): Pick<FunctionTool, "own"> {
  // They come out of a parsed body.
  const members = withoutAbsent(rest as JsonObject);
  return Object.keys(members).length === 0 ? {} : { own: { dialect, members } };
}

export interface OwnMembersOptions {
  dialect: DialectName;
  /** The tool's. */
  path: string;
  lost: LossList;
}

export function formatOwnMembers({ own }: FunctionTool, { dialect, path, lost }: OwnMembersOptions): JsonObject {
  if (own === undefined || own.dialect === dialect) return own?.members ?? {};
  for (const [name, value] of Object.entries(own.members)) {
    if (!HINTS.has(name) && saysSomething(value)) lost.add(`${path}.${name}`, `only ${own.dialect} knows it`);
  }
  return {};
}

/** What is written out although it is what goes without saying: that the model itself may call the tool, say. */
function saysSomething(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.length > 1 || (value.length === 1 && value[0] !== "direct");
  return value !== undefined && value !== null && value !== false;
}
