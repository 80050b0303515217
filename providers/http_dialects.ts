/** What an HTTP client must know of a dialect beyond its codec: its URLs, its fixed headers, its model list. */

import type { Dialect } from "../dialects/dialect.ts";
import { openaiChat } from "../dialects/openai_chat/mod.ts";
import type { UpstreamModel } from "./provider.ts";

export interface HttpDialect {
  dialect: Dialect;
  /** The URL of an answer below the endpoint. */
  answerPath(model: string, stream: boolean): string;
  /** The URL of the model list below the endpoint. */
  modelsPath: string;
  /** Reads the model list; entries that are not understood are left out. */
  parseModels(body: unknown): UpstreamModel[];
  /** Headers the dialect always wants. */
  headers: Readonly<Record<string, string>>;
}

export const HTTP_DIALECTS = {
  openai_chat: {
    dialect: openaiChat,
    answerPath: () => "/chat/completions",
    modelsPath: "/models",
    parseModels: parseOpenaiModels,
    headers: {},
  },
} as const satisfies Record<string, HttpDialect>;

/** `{data: [{id, created, owned_by}]}`, or the bare array that some compatible vendors (Together) answer. */
function parseOpenaiModels(body: unknown): UpstreamModel[] {
  const list = Array.isArray(body) ? body : isObject(body) && Array.isArray(body.data) ? body.data : [];
  return list.filter(isObject).flatMap((entry) => {
    if (typeof entry.id !== "string") return [];
    const model: UpstreamModel = { id: entry.id };
    if (typeof entry.created === "number") model.created = entry.created;
    if (typeof entry.owned_by === "string") model.ownedBy = entry.owned_by;
    return [model];
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
