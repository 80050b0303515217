/** Keeps an answer of the Responses API as its client is told it: from the event or the body that says it whole. */

import type { JsonObject } from "../../chat/json.ts";
import { isObject, parseJson } from "../../dialects/json.ts";
import type { ResponseRecord } from "../../records/response_record.ts";
import type { Pull } from "../../streaming/pull.ts";
import type { AnswerKeeper } from "../answer_keeper.ts";
import type { Log } from "../log.ts";
import { asCancelled, isFinal } from "./status.ts";

export interface ResponseKeeperOptions {
  /** What is kept beside the answer. */
  about: Omit<ResponseRecord, "response">;
  get(id: string): Promise<ResponseRecord | undefined>;
  keep(record: ResponseRecord): Promise<void>;
  /** Called with an answer that is to be gone on from. */
  said(record: ResponseRecord): Promise<void>;
  log: Log;
}

export function responseKeeper({ about, get, keep, said, log }: ResponseKeeperOptions): AnswerKeeper {
  const isBackground = about.stream !== undefined;

  async function keepResponse(response: JsonObject): Promise<void> {
    try {
      // A client that can come back finds it while it runs, too.
      if (!isFinal(response) && !isBackground) return;
      const before = isBackground ? await get(String(response.id)) : undefined;
      // Deleted while it ran.
      if (isBackground && isFinal(response) && before === undefined) return;
      const isCancelled = before?.response.status === "cancelled";
      const record = { ...about, response: isCancelled ? asCancelled(response) : response };
      await keep(record);
      if (response.status === "completed" || response.status === "incomplete") await said(record);
    } catch (error) {
      log.warn("Cannot keep an answer of the Responses API", { id: response.id, cause: String(error) });
    }
  }

  return {
    frames: (source) =>
      eachFrame(source, async (frame) => {
        const response = responseIn(frame);
        if (response !== undefined) await keepResponse(response);
      }),
    async body(json) {
      const response = parseJson(json);
      if (isObject(response)) await keepResponse(response);
    },
  };
}

/** Events that tell the response as a whole; the cheap look spares parsing the others. */
const WHOLE = /"response\.(?:created|completed|incomplete|failed)"/;

/** The response that a frame tells as a whole. */
export function responseIn(frame: string): JsonObject | undefined {
  if (!WHOLE.test(frame)) return undefined;
  const event = parseJson(frame.slice(frame.indexOf("{")));
  if (!isObject(event) || !WHOLE.test(`"${event.type}"`)) return undefined;
  return isObject(event.response) ? event.response : undefined;
}

/** The same frames, each after what is to be done with it. */
function eachFrame(source: Pull<string[]>, work: (frame: string) => Promise<void>): Pull<string[]> {
  return {
    async next() {
      const frames = await source.next();
      for (const frame of frames ?? []) await work(frame);
      return frames;
    },
    cancel: source.cancel,
  };
}
