/** Whether an OpenAI API is told that a tool's calls are to fit its schema, which it takes of some schemas only. */

import type { FunctionTool } from "../chat/request.ts";
import { isClosed } from "./json_schema/is_closed.ts";
import type { LossList } from "./losses.ts";

/** A client of another dialect may have written `strict` beside a schema with members that are not required. */
export function strictOf(
  { strict, parameters }: FunctionTool,
  { isOwn, lost, path }: { isOwn: boolean; lost: LossList; path: string },
): boolean | undefined {
  if (isOwn || !strict || isClosed(parameters ?? {})) return strict;
  return lost.add(`${path}.strict`, "the API takes it only where all members are required and no others are allowed");
}
