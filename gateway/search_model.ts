/** The model that searches of the web go to, where the configuration names one: most models have nobody who searches for them. */

import type { ChatRequest } from "../chat/request.ts";
import { asksForSearchAlone } from "../dialects/web_search.ts";
import type { Gateway } from "./gateway.ts";

/** The id of the model that is to answer; the client is told the one it asked for. */
export function answeringModel({ config: { advanced: { searchModel } } }: Gateway, request: ChatRequest): string {
  return searchModel !== undefined && asksForSearchAlone(request.tools) ? searchModel : request.model;
}
