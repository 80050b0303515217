/** What an admin route is asked for: its query as typed values, or an error that names the parameter at fault. */

import type { Context } from "hono";
import { GatewayError } from "../../chat/error.ts";
import { readCursor, type RequestQuery } from "../../records/request_log.ts";
import { ENDS } from "../../records/request_record.ts";

/** The parameter's text; `undefined` where it is missing or empty. */
export type Ask = (name: string) => string | undefined;

export function askOf(context: Context): Ask {
  return (name) => context.req.query(name)?.trim() || undefined;
}

export function readRequestQuery(ask: Ask): RequestQuery {
  const [from, to] = [readTime(ask, "from"), readTime(ask, "to")];
  const status = readNumber(ask, "status", { least: 1, most: 599 });
  const end = readWord(ask, "end", ENDS);
  const texts = (["model", "provider", "key", "dialect", "text"] as const).flatMap((name) => {
    const text = ask(name);
    return text === undefined ? [] : [[name, text]];
  });
  return {
    ...Object.fromEntries(texts),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(status !== undefined && { status }),
    ...(end !== undefined && { end }),
  };
}

/** Milliseconds since the epoch, or a date as ISO 8601 writes it. */
export function readTime(ask: Ask, name: string): number | undefined {
  const text = ask(name);
  if (text === undefined) return undefined;
  const time = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (!Number.isSafeInteger(time)) throw wrong(name, "a date, or milliseconds since 1970");
  return time;
}

export function readNumber(
  ask: Ask,
  name: string,
  { least, most }: { least: number; most: number },
): number | undefined {
  const text = ask(name);
  if (text === undefined) return undefined;
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(number >= least && number <= most)) throw wrong(name, `a whole number from ${least} to ${most}`);
  return number;
}

export function readWord<const T extends string>(ask: Ask, name: string, words: readonly T[]): T | undefined {
  const text = ask(name);
  if (text === undefined) return undefined;
  const word = words.find((known) => known === text);
  if (word === undefined) throw wrong(name, `one of ${words.join(", ")}`);
  return word;
}

export function readBefore(ask: Ask): string | undefined {
  const text = ask("before");
  if (text !== undefined && readCursor(text) === undefined) throw wrong("before", 'the "next" of another page');
  return text;
}

function wrong(param: string, expected: string): GatewayError {
  return new GatewayError("invalid-request", `Cannot read the query as ${param} is not ${expected}`, { param });
}
