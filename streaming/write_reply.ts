/** Beats into the client's frames: the write loop, and the one place where a failure becomes an in-band error. */

import type { Beat } from "../chat/event.ts";
import { type GatewayError, toGatewayError } from "../chat/error.ts";
import { flatMap } from "../chat/lists.ts";
import type { Pull } from "./pull.ts";

/**
 * The writing half of a dialect's stream codec. Each string is one whole frame, as it goes to the wire. Exactly one
 * preamble and one terminal sequence leave it, whatever it is fed.
 */
export interface EventFormatter {
  /** The frames for one beat. A beat with `raw` is written as it is where that keeps the stream's contract. */
  push(beat: Beat): string[];
  /** The terminal sequence, as far as it has not been written; also closes what the upstream left open. */
  end(): string[];
  /** The failure in the dialect's in-band form, then nothing more. */
  fail(error: GatewayError): string[];
  /**
   * A keep-alive frame that every official client ignores in the present state. `silence`: milliseconds since the client
   * was last sent anything but keep-alives, as some clients' watchdogs want more than a ping after a while (CASES V2).
   */
  ping(silence: number): string[];
}

/**
 * Writes beats as frames, in the batches they come in. A transform could not do this: it is not called again after its
 * input failed (STYLE.md §5), and the client is owed an error frame. `wrote` is shown each batch on its way.
 */
export function writeReply(
  beats: Pull<Beat[]>,
  formatter: EventFormatter,
  wrote: (frames: readonly string[]) => void = () => {},
): Pull<string[]> {
  let ended = false;
  /** Behind the upstream's last word nothing is waited for: the end is written with it. */
  const frames = async (): Promise<string[]> => {
    let written: string[] = [];
    try {
      for (let batch = await beats.next(); batch !== undefined; batch = await beats.next()) {
        const said = flatMap(batch, formatter.push);
        written = written.length === 0 ? said : [...written, ...said];
        if (!batch.at(-1)?.last) return written;
      }
      ended = true;
      return [...written, ...formatter.end()];
    } catch (error) {
      ended = true;
      beats.cancel(error);
      return [...written, ...formatter.fail(toGatewayError(error))];
    }
  };
  return {
    async next() {
      while (!ended) {
        const written = await frames();
        if (written.length === 0) continue;
        wrote(written);
        return written;
      }
      return undefined;
    },
    cancel(reason) {
      ended = true;
      beats.cancel(reason);
    },
  };
}
