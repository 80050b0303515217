/** The answer to a request that asks for nothing: Ollama's clients load and unload models so, `ollama run` before all else. */

import type { JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import { chatForm, createdAt, generateForm } from "./answer_form.ts";

/**
 * The whole answer where the request has no messages, `undefined` where it has. It stands alone in either form, as the
 * body or as the stream's one line. `created` is in seconds.
 */
export function formatLoaded(request: ChatRequest, created: number): JsonObject | undefined {
  if (request.messages.length > 0) return undefined;
  const form = request.source.dialect === "ollama_generate" ? generateForm : chatForm;
  // https://github.com/ollama/ollama/blob/main/docs/api.md#unload-a-model
  const isUnload = /^0+[a-z]*$/.test(String(request.extra.keep_alive));
  return {
    model: request.model,
    created_at: createdAt(created),
    ...form({ content: "" }),
    done: true,
    done_reason: isUnload ? "unload" : "load",
  };
}
