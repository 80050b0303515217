/** What an upstream's events say, and its whole answers, which are the last of the events alone. */

import type { ChatEvent } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import { callId } from "../call_id.ts";
import { given } from "../given.ts";
import { parseInBandError } from "../openai_error.ts";
import { upstreamError } from "../upstream_error.ts";
import { parseFinish, type Said } from "./finish.ts";
import { readItemFrame } from "./item_frames.ts";
import { itemReader } from "./item_reader.ts";
import { type ResponseBody, responseSchema, type StreamFrame } from "./schema.ts";
import { parseUsage } from "./usage.ts";

export interface AnswerReader {
  /** What one event says; nothing where its type is not known. `body` is the JSON that it was read from. */
  read(frame: StreamFrame, body: JsonObject): ChatEvent[];
  /** What a whole answer says: its items as far as they were not told, its counts, its finish. */
  end(response: JsonObject): ChatEvent[];
  /** A finish for an answer that is whole, but whose end was not told; an error for any other. */
  close(): ChatEvent[];
  /** Whether items were told in events of their own. */
  hasItems(): boolean;
}

export function answerReader(): AnswerReader {
  let id: string | undefined;
  const items = itemReader((index) => callId(`${id}/${index}`));

  function start(response: ResponseBody): ChatEvent[] {
    if (id !== undefined) return [];
    id = response.id ?? "";
    return [{ type: "start", id, model: response.model ?? "", ...given({ created: response.created_at }) }];
  }

  function said(): Said {
    return { hasCalls: items.calls.count() > 0, hasRefusal: items.parts.hasRefusal() };
  }

  function end(value: JsonObject): ChatEvent[] {
    const response = responseSchema().parse(value);
    const events = [...start(response), ...items.rest(response.output ?? [])];
    const usage = parseUsage(response.usage);
    if (usage !== undefined) events.push({ type: "usage", usage });
    return [...events, lastWord(response, { said: said(), value })];
  }

  function readFrame(frame: StreamFrame): ChatEvent[] {
    const response = frame.response ?? {};
    switch (frame.type) {
      case "response.created":
      case "response.queued":
      case "response.in_progress":
        return start(responseSchema().parse(response));
      case "response.completed":
        return end(response);
      case "response.incomplete":
        return end({ status: "incomplete", ...response });
      case "response.failed":
        return end({ ...response, status: "failed" });
      default:
        return readItemFrame(frame, items);
    }
  }

  return {
    read(frame, body) {
      if (frame.type === "error" || (frame.type === undefined && body.error)) {
        return [{ type: "error", error: parseInBandError(body) }];
      }
      const events = readFrame(frame);
      // An upstream that leaves its preamble out has begun all the same.
      return events.length === 0 || events[0]?.type === "start" ? events : [...start({}), ...events];
    },
    end,
    close() {
      const isWhole = !items.ledger.isEmpty() && items.ledger.isSettled();
      if (!isWhole) return [{ type: "error", error: upstreamError("upstream-cut", "") }];
      return [{ type: "finish", ...parseFinish({ status: "completed" }, said()) }];
    },
    hasItems: () => !items.ledger.isEmpty(),
  };
}

/** How a whole answer ended; `value` is all that the upstream said of it. */
function lastWord(response: ResponseBody, { said, value }: { said: Said; value: JsonObject }): ChatEvent {
  const status = response.status ?? "completed";
  if (status === "completed" || status === "incomplete") {
    const reason = response.incomplete_details?.reason ?? undefined;
    return { type: "finish", ...parseFinish({ status, reason }, said) };
  }
  return {
    type: "error",
    error: response.error ? parseInBandError(response.error) : upstreamError("upstream-failure", value),
  };
}
