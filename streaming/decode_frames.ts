/** Text into frames: server-sent events by the library that the field trusts, lines by hand. Sync and without I/O. */

import { createParser } from "eventsource-parser";
import type { Frame, Framing } from "./frame.ts";

export interface FrameDecoder {
  push(text: string): Frame[];
  /** What stands at the end of the bytes without its final blank line or LF. */
  end(): Frame[];
}

export interface DecodeOptions {
  /** Lines that are no field of a server-sent event are taken as data: some old relays forget `data:`. */
  tolerant?: boolean;
}

export function frameDecoder(framing: Framing, options: DecodeOptions = {}): FrameDecoder {
  return DECODERS[framing](options);
}

const DECODERS = { sse: sseDecoder, ndjson: ndjsonDecoder } as const satisfies Record<
  Framing,
  (options: DecodeOptions) => FrameDecoder
>;

function sseDecoder(options: DecodeOptions): FrameDecoder {
  let frames: Frame[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => frames.push(event === undefined ? { data } : { event, data }),
    onError(error) {
      if (options.tolerant && error.type === "unknown-field" && error.line) frames.push({ data: error.line });
    },
  });
  const take = () => {
    const taken = frames;
    frames = [];
    return taken;
  };
  return {
    push(text) {
      parser.feed(text);
      return take();
    },
    end() {
      // The specification drops an event whose blank line never came; upstreams that forget it are common (CASES F7).
      parser.feed("\n\n");
      return take();
    },
  };
}

function ndjsonDecoder(): FrameDecoder {
  // Fragments of an unfinished line, joined once: appending to a long string per chunk would copy it each time.
  let pending: string[] = [];
  const frame = (line: string): Frame[] => {
    const data = line.trim();
    return data === "" ? [] : [{ data }];
  };
  return {
    push(text) {
      const lines = text.split("\n");
      const rest = lines.pop() ?? "";
      const frames = lines.flatMap((line, at) => frame(at === 0 ? pending.join("") + line : line));
      if (lines.length > 0) pending = [];
      pending.push(rest);
      return frames;
    },
    end() {
      const frames = frame(pending.join(""));
      pending = [];
      return frames;
    },
  };
}
