/** The query of a list as OpenAI's API has it: how many entries a page has, and what is told of one that cannot be read. */

import { GatewayError } from "../chat/error.ts";

/** @throws {GatewayError} `invalid-request`; `things` is what the list has, as in "the items" */
export function limitOf(text: string | undefined, things: string): number {
  const limit = Number(text ?? 20);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 100) return limit;
  throw listRefused(things, { param: "limit", expected: "a whole number from 1 to 100" });
}

export function listRefused(things: string, { param, expected }: { param: string; expected: string }): GatewayError {
  return new GatewayError("invalid-request", `Cannot list ${things} as ${param} is not ${expected}`, { param });
}
