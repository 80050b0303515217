/** Writes one choice of an answer as the `choices` entries of chunks: role first, one end (CASES O1, O3). */

import type { ChoiceEvent } from "../../chat/choice_folder.ts";
import { breaksBareCalls, type Finish } from "../../chat/finish.ts";
import type { JsonObject } from "../../chat/json.ts";
import { joined } from "../../chat/lists.ts";
import { callWriter, type CallWriterOptions } from "./call_writer.ts";
import { formatFinish } from "./finish.ts";
import { formatMedia } from "./media.ts";
import { thoughtWriter } from "./thought_writer.ts";

export interface ChoiceWriter {
  /** The role, unless it was written. */
  begin(): JsonObject[];
  write(event: ChoiceEvent): JsonObject[];
  /** The end, unless it was written. */
  close(): JsonObject[];
  isFinished(): boolean;
}

export function choiceWriter(index: number, options: CallWriterOptions): ChoiceWriter {
  const calls = callWriter(options);
  const thoughts = thoughtWriter();
  let begun = false;
  let finished = false;
  let hasRefusal = false;

  function entry(delta: JsonObject, rest: JsonObject = {}): JsonObject {
    return { index, delta, ...rest, finish_reason: null };
  }

  function begin(): JsonObject[] {
    if (begun) return [];
    begun = true;
    return [entry({ role: "assistant", content: "" })];
  }

  function finish({ reason, raw }: Finish): JsonObject[] {
    finished = true;
    const word = formatFinish(reason, { hasCalls: calls.hasCalls(), hasRefusal, legacy: options.legacy });
    // The upstream's own word, where ours says less (CASES G3).
    const native = raw === undefined || raw === word ? {} : { native_finish_reason: raw };
    // A call that was cut short is not made to look whole (CASES T13).
    const rest = [...calls.flush(), ...(breaksBareCalls(reason) ? [] : calls.fill())];
    return [...rest.map((delta) => entry(delta)), { index, delta: {}, finish_reason: word, ...native }];
  }

  function say(event: Exclude<ChoiceEvent, { type: "finish" }>): JsonObject[] {
    if (event.type === "logprobs") {
      return [entry({}, { logprobs: { content: event.content ?? null, refusal: event.refusal ?? null } })];
    }
    hasRefusal ||= event.type === "refusal" && event.text !== "";
    if (event.type !== "reasoning") thoughts.interrupt(event);
    return formatDeltas(event, { calls, thoughts }).map((delta) => entry(delta));
  }

  return {
    begin,
    write(event) {
      if (finished) return [];
      return joined(begin(), event.type === "finish" ? finish(event) : say(event));
    },
    close: () => finished ? [] : [...begin(), ...finish({ reason: "stop" })],
    isFinished: () => finished,
  };
}

interface Writers {
  calls: ReturnType<typeof callWriter>;
  thoughts: ReturnType<typeof thoughtWriter>;
}

type DeltaEvent = Exclude<ChoiceEvent, { type: "finish" | "logprobs" }>;

/** The deltas that tell an event; none where it says nothing to a client of this dialect. */
function formatDeltas(event: DeltaEvent, { calls, thoughts }: Writers): JsonObject[] {
  switch (event.type) {
    case "text":
      return event.text === "" ? [] : [{ content: event.text }];
    case "refusal":
      return event.text === "" ? [] : [{ refusal: event.text }];
    case "reasoning":
    case "redacted-reasoning":
      return thoughts.write(event);
    case "tool-call":
    case "tool-arguments":
      return calls.write(event);
    case "media":
      return [formatMedia([event])];
    case "annotation":
      return [{ annotations: [event.annotation] }];
    case "opaque":
      return event.dialect === "openai_chat" ? [event.value] : [];
    default:
      return event satisfies never;
  }
}
