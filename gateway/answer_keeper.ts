/** Whoever keeps an answer: is given all of it before its client is told that it ended. */

import type { Beat } from "../chat/event.ts";
import type { Reply } from "../chat/reply.ts";
import type { Pull } from "../streaming/pull.ts";

/** Each stage passes on what it is given, and holds the end back until it is kept. None of them fails by itself. */
export interface AnswerKeeper {
  /** The answer in neutral form; `reply` is all that passed so far. */
  beats?(source: Pull<Beat[]>, reply: () => Reply): Pull<Beat[]>;
  /** The frames of a stream, in the client's dialect. */
  frames?(source: Pull<string[]>): Pull<string[]>;
  /** An answer that is no stream, as it goes to the client. */
  body?(json: string): Promise<void>;
}
