/** The model that searches of the web go to, where the configuration names one: most models have nobody who searches for them. */

import type { ChatRequest } from "../chat/request.ts";
import { asksForSearchAlone } from "../dialects/web_search.ts";
import { aliasesOf } from "./catalog/aliases.ts";
import type { Config } from "./config/mod.ts";
import type { Gateway } from "./gateway.ts";

/** The id of the model that is to answer; the client is told the one it asked for. */
export function answeringModel({ config: { advanced: { searchModel } } }: Gateway, request: ChatRequest): string {
  return searchModel !== undefined && asksForSearchAlone(request.tools) ? searchModel : request.model;
}

/** A sentence where that model is surely none. Whether a bare id is one, only the providers' own lists know. */
export function unknownSearchModel({ advanced: { searchModel: id }, models, providers }: Config): string[] {
  if (id === undefined || !id.includes("/")) return [];
  const names = new Set(providers.map(({ name }) => name));
  const isKnown = names.has(id.slice(0, id.indexOf("/"))) || aliasesOf(models).some((alias) => {
    return (alias.id === id || alias.pattern?.test(id)) && alias.targets.some(({ provider }) => names.has(provider));
  });
  return isKnown ? [] : [`Searches of the web fail as SEARCH_MODEL is "${id}", and no provider is set up for it`];
}
