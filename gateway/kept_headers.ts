/** The headers of a client's request as a record may keep them: what says who asked, and how, and nothing else. */

import type { Redact } from "./redact.ts";

/** A list of what may be kept: credentials have any name, and stand in any other header as well. */
const KEPT = [
  /^accept(?:-(?:charset|encoding|language))?$/,
  /^content-(?:disposition|encoding|language|length|type)$/,
  /^(?:connection|host|origin|te|transfer-encoding|upgrade|user-agent|via)$/,
  /^sec-(?:fetch|ch-ua)(?:-[a-z-]+)?$/,
  /^anthropic-(?:beta|version|dangerous-direct-browser-access)$/,
  /^openai-(?:beta|organization|project|version)$/,
  /^(?:originator|version|x-app|x-title|x-goog-api-client|x-request-id|x-client-(?:name|version))$/,
  /^x-stainless-[a-z-]+$/,
  /^x-(?:stream-mode|anystream-(?:debug|resume|route|session))$/,
];
const HIDDEN = "[not kept]";

/** Clients write their headers as they like. */
const MOST_HEADERS = 100;
const MOST_CHARACTERS = 300;

/** By name, in lower case; of the others it is told that they were there. */
export function keptHeaders(headers: Headers, redact: Redact): Record<string, string> {
  // Masked before it is cut: the beginning of a secret would not be known for one.
  const kept = (text: string) => redact(text).slice(0, MOST_CHARACTERS);
  const isKept = (name: string) => KEPT.some((pattern) => pattern.test(name));
  return Object.fromEntries(
    [...headers].slice(0, MOST_HEADERS).map(([name, value]) => [kept(name), isKept(name) ? kept(value) : HIDDEN]),
  );
}
