/** Beats as the stream of events that a client reads: relayed from an upstream of this dialect, or written anew. */

import type { Beat, ChatEvent } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import { sseText } from "../../streaming/frame.ts";
import type { EventFormatter, FormatOptions } from "../dialect.ts";
import { jsonLine } from "../json_line.ts";
import { asksForCompaction, compactor } from "./compaction.ts";
import { type RelayedResponse, relayedResponse } from "./relayed_response.ts";
import { beginResponse } from "./response_object.ts";
import { type ResponseWriter, responseWriter } from "./response_writer.ts";

export function eventFormatter(request: ChatRequest, options: FormatOptions): EventFormatter {
  const compaction = asksForCompaction(request.source.body) ? compactor() : undefined;
  /** The upstream's stream, if the client's began with it. */
  let relayed: RelayedResponse | undefined;
  /** Ours: from the first frame, or from where the upstream's frames could not be relayed any more. */
  let writer: ResponseWriter | undefined;

  function begin(): ResponseWriter {
    const shared = { id: options.id, tools: request.tools };
    if (relayed === undefined) {
      return responseWriter({
        ...shared,
        begin: (created = options.created) => beginResponse(request, { ...options, created }),
      });
    }
    const { response, output, takeNumber } = relayed;
    return responseWriter({ ...shared, begin: response, after: { output: output(), events: takeNumber() } });
  }

  function relay({ raw, events }: Beat): string[] | undefined {
    if (raw === undefined || writer !== undefined || events.some(isError)) return undefined;
    relayed ??= relayedResponse();
    return [relayed.push(raw)];
  }

  /** Frames of ours; nothing once the upstream itself told the end. */
  function write(tell: (writer: ResponseWriter) => JsonObject[], { fails = false } = {}): string[] {
    if (relayed?.isOver()) return [];
    // What the upstream left open is closed before ours goes on; but half a call must not look whole (CASES T12).
    const handover = writer === undefined && !fails ? relayed?.close() ?? [] : [];
    return [...handover, ...tell(writer ??= begin())].map(formatFrame);
  }

  return {
    push(beat) {
      const events = compaction?.push(beat.events) ?? beat.events;
      return relay(beat) ??
        (events.length === 0 ? [] : write((writer) => writer.push(events), { fails: events.some(isError) }));
    },
    end: () => write((writer) => [...writer.push(compaction?.end() ?? []), ...writer.end()]),
    fail: (error) => write((writer) => writer.fail(error), { fails: true }),
    ping() {
      if (writer !== undefined || relayed === undefined) return write((writer) => writer.ping());
      if (relayed.isOver()) return [];
      const response = { ...relayed.response(), instructions: null, tools: [] };
      const sequence_number = relayed.takeNumber();
      return [formatFrame({ type: "response.in_progress", sequence_number, response })];
    },
  };
}

function isError({ type }: ChatEvent): boolean {
  return type === "error";
}

function formatFrame(event: JsonObject): string {
  return sseText({ event: String(event.type), data: jsonLine(event) });
}
