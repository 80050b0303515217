/** The frames of one stream of chunks: all with the same id, model and time (CASES O2). */

import type { StartEvent } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import { sseText } from "../../streaming/frame.ts";
import type { FormatOptions } from "../dialect.ts";
import { closeJson, type OpenJson, openJson } from "../json_line.ts";
import { answerId } from "./ids.ts";
import { isLegacy } from "./legacy.ts";

export interface ChunkFrames {
  /** What the upstream says of itself. */
  start(event: StartEvent): void;
  /**
   * Whether a frame of the upstream's may be written as it is. It may where no frame of ours stands before it with
   * another id; ours then bear the upstream's.
   */
  mirror(): boolean;
  /** A chunk with these members. */
  frame(members: JsonObject): string;
  /** A chunk with this entry of `choices`. */
  entry(entry: JsonObject): string;
}

export function chunkFrames(request: ChatRequest, options: FormatOptions): ChunkFrames {
  const legacy = isLegacy(request);
  let upstream: StartEvent | undefined;
  /** What all chunks have in common; set by the first that is written, whoever wrote it. */
  let head: OpenJson | undefined;
  let mirrors = false;

  function frame(members: JsonObject): string {
    head ??= makeHead({ id: answerId(options.id), model: options.model }, upstream?.created ?? options.created);
    return sseText({ data: closeJson(head, members) });
  }

  return {
    start(event) {
      upstream = event;
    },
    mirror() {
      // What an upstream tells in `tool_calls`, a client of the older form would not read.
      if (upstream === undefined || legacy || (head !== undefined && !mirrors)) return false;
      head ??= makeHead(upstream, upstream.created ?? options.created);
      mirrors = true;
      return true;
    },
    frame,
    entry: (entry) => frame({ choices: [entry], ...(request.includeUsage && { usage: null }) }),
  };
}

function makeHead({ id, model }: { id: string; model: string }, created: number): OpenJson {
  return openJson({ id, object: "chat.completion.chunk", created, model });
}
