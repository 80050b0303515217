/** Fields that OpenAI's two APIs have alike, and nobody else (DIALECTS.md §7). */

import type { JsonObject } from "../chat/json.ts";
import type { ChatRequest } from "../chat/request.ts";
import type { LossList } from "./losses.ts";

const SHARED = new Set(["prompt_cache_retention", "prompt_cache_options"]);

/** Those of the client's own fields that the other of the two takes; `reason` says why all others are lost. */
export function sharedFields({ extra, source }: ChatRequest, lost: LossList, reason: string): JsonObject {
  const isOpenai = source.dialect === "openai_chat" || source.dialect === "openai_responses";
  return Object.fromEntries(
    Object.entries(extra).filter(([field]) => {
      const isShared = isOpenai && SHARED.has(field);
      if (!isShared) lost.add(field, reason);
      return isShared;
    }),
  );
}
