/** A client's own JSON for an upstream of this dialect: all of it stays byte for byte, save what the route decides. */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { Target } from "../dialect.ts";
import { lossList } from "../losses.ts";
import { patchJson } from "../patch_json.ts";
import { fitThinking } from "./fit_thinking.ts";
import { repairBody } from "./repair_body.ts";
import { takesUnsigned } from "./unsigned_thoughts.ts";

/**
 * Thoughts of other vendors, which we gave the client ourselves, are taken out of its words, and how to think is told as the
 * model takes it.
 */
export function relayRequest(text: string, request: ChatRequest, target: Target): string {
  const { body } = request.source;
  const fitted = fitThinking(body, request, { ...target, lost: lossList() });
  const repairs = repairBody({ ...body, ...fitted } as JsonObject, {
    lost: lossList(),
    takesUnsigned: takesUnsigned(target),
  });
  const patches: Record<string, Json | undefined> = "messages" in repairs ? { ...fitted, ...repairs } : fitted;
  if (body.model !== target.model) patches.model = target.model;
  if ((body.stream ?? false) !== target.stream) patches.stream = target.stream;
  return Object.keys(patches).length === 0 ? text : patchJson(text, patches);
}
