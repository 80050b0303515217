/** Bytes into beats: the one loop that reads an upstream's stream, whatever its dialect. */

import type { Beat, ChatEvent } from "../chat/event.ts";
import type { GatewayError } from "../chat/error.ts";
import type { FrameDecoder } from "./decode_frames.ts";
import type { Frame } from "./frame.ts";
import type { Pull } from "./pull.ts";

/** The reading half of a dialect's stream codec. */
export interface EventParser {
  /** What one frame says. Never throws: what cannot be read is an `error` event, with `last` set. */
  push(frame: Frame): Beat;
  /**
   * What is left when the bytes end without a `last` beat: held-back text, a synthesized `finish` where the content is
   * known to be complete, or an `error` of kind `upstream-cut`.
   */
  end(): ChatEvent[];
}

/**
 * Reads beats in the batches their bytes arrived in. Ends at the upstream's last word even if the socket stays open
 * (CASES F8); an in-stream error is thrown after all that came before it was given (F17).
 */
export function readBeats(bytes: Pull<Uint8Array>, decoder: FrameDecoder, parser: EventParser): Pull<Beat[]> {
  const utf8 = new TextDecoder();
  let ended = false;
  /** Thrown by the next `next`, once the beats before it were handed out. */
  let failure: GatewayError | undefined;

  const parse = (frames: Frame[]): Beat[] => {
    const beats: Beat[] = [];
    for (const frame of frames) {
      beats.push(parser.push(frame));
      if (beats.at(-1)?.last) {
        ended = true;
        break;
      }
    }
    return beats;
  };
  const finish = (): Beat[] => {
    const beats = parse([...decoder.push(utf8.decode()), ...decoder.end()]);
    if (!ended) beats.push({ events: parser.end() });
    ended = true;
    return beats;
  };
  const withoutError = (beats: Beat[]): Beat[] => {
    const beat = beats.at(-1);
    const event = beat?.events.at(-1);
    if (beat === undefined || event?.type !== "error") return beats;
    failure = event.error;
    ended = true;
    const { raw: _, ...rest } = beat;
    return [...beats.slice(0, -1), { ...rest, events: beat.events.slice(0, -1) }];
  };

  return {
    async next() {
      while (!ended) {
        const chunk = await bytes.next();
        if (ended) break;
        const beats = withoutError(
          chunk === undefined ? finish() : parse(decoder.push(utf8.decode(chunk, { stream: true }))),
        );
        if (ended) bytes.cancel();
        if (beats.length > 0) return beats;
      }
      if (failure === undefined) return undefined;
      const thrown = failure;
      failure = undefined;
      throw thrown;
    },
    cancel(reason) {
      ended = true;
      failure = undefined;
      bytes.cancel(reason);
    },
  };
}
