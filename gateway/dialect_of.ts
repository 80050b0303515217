/** Which dialect a request is in, so that its errors are told in it: by path, and where a path is shared, by headers. */

import { anthropic } from "../dialects/anthropic/mod.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { gemini } from "../dialects/gemini/mod.ts";
import { ollama } from "../dialects/ollama/mod.ts";
import { openaiChat } from "../dialects/openai_chat/mod.ts";
import { openaiResponses } from "../dialects/openai_responses/mod.ts";
import { VERBS } from "../dialects/gemini/parse_path.ts";
import { meantPath } from "./meant_path.ts";
import { modelShapeOf } from "./models_route.ts";

const BY_PATH: readonly [pattern: RegExp, dialect: Dialect][] = [
  [/^\/v1\/(?:chat\/|(?:completions|embeddings)$)/, openaiChat],
  [/^\/v1\/messages(\/|$)/, anthropic],
  [/^\/v1\/(?:responses|conversations)(\/|$)/, openaiResponses],
  [/^\/v1beta(\/|$)/, gemini],
  [new RegExp(`^/v1/.*(?::|%3A)(?:${VERBS.join("|")})$`, "i"), gemini],
  [/^\/api(\/|$)/, ollama],
];

/** What stands between the host and the query of an absolute URL: to parse it costs more than all that is asked here. */
const PATH = /^[^:]+:\/\/[^/?#]*([^?#]*)/;

function pathOf(url: string): string {
  return PATH.exec(url)?.[1] ?? "";
}

const BY_SHAPE = { openai: openaiChat, anthropic, gemini, ollama } as const satisfies Record<
  ReturnType<typeof modelShapeOf>,
  Dialect
>;

export function dialectOf(request: Request): Dialect {
  const path = meantPath(pathOf(request.url));
  const found = BY_PATH.find(([pattern]) => pattern.test(path));
  if (found !== undefined) return found[1];
  return BY_SHAPE[modelShapeOf(request)];
}
