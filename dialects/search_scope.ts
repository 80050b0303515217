/** Where a search of the web is to look: the members are the same at Anthropic and at OpenAI, and stand in other places. */

import type { Json, JsonObject } from "../chat/json.ts";
import type { SearchScope, ServerTool } from "../chat/request.ts";
import { given } from "./given.ts";
import { isObject } from "./json.ts";

/** `undefined` where nothing is said. */
export function parseScope(domains: JsonObject, location: Json | undefined): SearchScope | undefined {
  const scope = given({
    allowed: namesIn(domains.allowed_domains),
    blocked: namesIn(domains.blocked_domains),
    location: isObject(location) ? location : undefined,
  });
  return Object.keys(scope).length === 0 ? undefined : scope;
}

export function formatDomains({ scope = {} }: Pick<ServerTool, "scope">): JsonObject {
  return given({ allowed_domains: scope.allowed, blocked_domains: scope.blocked });
}

/** Whether the client wants no page but of some domains, or none of some. */
export function isNarrow({ scope = {} }: Pick<ServerTool, "scope">): boolean {
  return scope.allowed !== undefined || scope.blocked !== undefined;
}

function namesIn(value: Json | undefined): string[] | undefined {
  const names = Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
  return names.length === 0 ? undefined : names;
}
