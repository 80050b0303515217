/** A client's own JSON for an upstream of this dialect: all of it stays byte for byte, save what the route decides. */

import type { ChatRequest } from "../../chat/request.ts";
import type { Target } from "../dialect.ts";
import { patchJson } from "../patch_json.ts";

export function relayRequest(text: string, { source: { body } }: ChatRequest, { model, stream }: Target): string {
  const patches = {
    ...(body.model !== model && { model }),
    ...((body.stream ?? true) !== stream && { stream }),
  };
  return Object.keys(patches).length === 0 ? text : patchJson(text, patches);
}
