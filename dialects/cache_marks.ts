/** The marks by which Anthropic's clients say what to keep in the prompt cache. */

import { isMarked, markCache } from "../chat/mark_cache.ts";
import type { ChatRequest } from "../chat/request.ts";
import type { Target } from "./dialect.ts";
import type { LossList } from "./losses.ts";

/** Names them as lost, once: a client marks most of what it sends. */
export function loseCacheMarks(request: ChatRequest, lost: LossList): void {
  if (isMarked(request)) lost.add("cache", "the API caches by itself");
}

/** Whether the upstream caches what is marked alone: Claude does, whoever serves it. */
export function wantsMarks({ model, quirks }: Pick<Target, "model" | "quirks">): boolean {
  return quirks.cacheMarks ?? /claude/i.test(model);
}

/**
 * The request with marks where the upstream wants some and its client, of another dialect, has no words for them: each turn
 * of an agent was paid in full (https://github.com/router-for-me/CLIProxyAPI/issues/5557, 2026-09-06).
 */
export function withMarks(request: ChatRequest, target: Pick<Target, "model" | "quirks">): ChatRequest {
  return wantsMarks(target) ? markCache(request) : request;
}
