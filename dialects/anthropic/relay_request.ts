/** A client's own JSON for an upstream of this dialect: all of it stays byte for byte, save what the route decides. */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { Target } from "../dialect.ts";
import { lossList } from "../losses.ts";
import { patchJson } from "../patch_json.ts";
import { systemFor } from "./attribution.ts";
import { AS_IT_IS, fitThinking } from "./fit_thinking.ts";
import { formatRequest } from "./format_request.ts";
import { systemTurns } from "./own_words.ts";
import { repairBody } from "./repair_body.ts";
import { takesUnsigned } from "./unsigned_thoughts.ts";

/**
 * Thoughts of other vendors, which we gave the client ourselves, are taken out of its words, and how to think is told as the
 * model takes it.
 */
export function relayRequest(text: string, request: ChatRequest, target: Target): string {
  const { body } = request.source;
  if (target.quirks.noSystemTurns && systemTurns(body).length > 0) {
    return JSON.stringify(formatRequest(request, target).body);
  }
  const lost = lossList();
  const fitted = fitThinking(body, request, { model: target.model, facts: target.facts, lost });
  const repairs = repairBody(fitted === AS_IT_IS ? body : { ...body, ...fitted } as JsonObject, {
    lost,
    takesUnsigned: takesUnsigned(target),
  });
  const patches: Record<string, Json | undefined> = { ...fitted, ...("messages" in repairs && repairs) };
  const system = systemFor(target.model, body.system);
  if (system !== undefined) patches.system = system;
  if (body.model !== target.model) patches.model = target.model;
  if ((body.stream ?? false) !== target.stream) patches.stream = target.stream;
  return Object.keys(patches).length === 0 ? text : patchJson(text, patches);
}
