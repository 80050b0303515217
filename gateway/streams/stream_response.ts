/** A resumable stream as a response: numbered frames from any one on. */

import { keepAlive } from "../../streaming/keep_alive.ts";
import type { Pull } from "../../streaming/pull.ts";
import { toStream } from "../../streaming/to_stream.ts";
import { streamHeaders } from "../respond.ts";
import { follow, type NumberedFrame } from "./follow.ts";
import { paddingOf, withNumber } from "./frame_numbers.ts";
import type { FoundStream } from "./streams.ts";

export interface StreamResponseOptions {
  /** The number of the last frame that the client has. */
  after: number;
  /** Milliseconds of silence after which the connection is kept alive. */
  interval: number;
  /** The head goes out at once. */
  immediately?: boolean;
  headers?: Record<string, string>;
  /** How a frame goes to the wire; with its number, where the dialect takes one, unless given. */
  write?: (frame: NumberedFrame) => string[];
}

export function streamResponse(found: FoundStream, options: StreamResponseOptions): Response {
  const { dialect, feed, join, closing } = found;
  const { after, interval, immediately = false, headers = {} } = options;
  const write = options.write ?? (({ text, number }) => [withNumber(text, number, dialect)]);
  const numbered = follow(feed, { after, left: join(), ...(closing && { closing }) });
  const padding = paddingOf(dialect);
  const frames = keepAlive(written(numbered, write), { interval, ping: () => padding, immediately });
  return new Response(toStream(frames), { headers: { ...streamHeaders(dialect), ...headers } });
}

function written(source: Pull<NumberedFrame[]>, write: (frame: NumberedFrame) => string[]): Pull<string[]> {
  return {
    async next() {
      for (let frames = await source.next(); frames !== undefined; frames = await source.next()) {
        const texts = frames.flatMap(write);
        if (texts.length > 0) return texts;
      }
      return undefined;
    },
    cancel: source.cancel,
  };
}
