/** Joins the events of an answer to one reply, and tells a reply as events again: the fold of the gateway and its inverse. */

import { type ChoiceEvent, choiceFolder } from "./choice_folder.ts";
import type { GatewayError } from "./error.ts";
import type { ChatEvent, StartEvent } from "./event.ts";
import type { Reply, ReplyChoice, ReplyFolder, ReplyPart } from "./reply.ts";
import type { Usage } from "./usage.ts";

/**
 * A fold of events into a reply. Of a repeated `start` or `finish` the first counts, of a repeated `usage` the last.
 * Empty deltas begin no part.
 */
export function replyFolder(): ReplyFolder {
  let start: StartEvent | undefined;
  let usage: Usage | undefined;
  let error: GatewayError | undefined;
  const choices = [choiceFolder()];

  function at(index: number) {
    while (choices.length <= index) choices.push(choiceFolder());
    return choices[index]!;
  }

  function push(event: ChatEvent): void {
    switch (event.type) {
      case "start":
        start ??= event;
        break;
      case "usage":
        usage = event.usage;
        break;
      case "error":
        error ??= event.error;
        break;
      default:
        at(event.choice ?? 0).push(event);
    }
  }

  return {
    push: (events) => events.forEach(push),
    reply: () => ({
      id: start?.id ?? "",
      model: start?.model ?? "",
      ...(start?.created !== undefined && { created: start.created }),
      choices: choices.map((choice) => choice.collected()),
      ...(usage !== undefined && { usage }),
      ...(error !== undefined && { error }),
    }),
  };
}

/**
 * The events of a whole answer, so that it can be streamed. `replyFolder` makes the same reply of them, save that a
 * late thought without a signature now comes before the text.
 */
export function replyToEvents(reply: Reply): ChatEvent[] {
  const { id, model, created, usage, error } = reply;
  const events: ChatEvent[] = [{ type: "start", id, model, ...(created !== undefined && { created }) }];
  reply.choices.forEach((choice, index) => {
    const place = index === 0 ? {} : { choice: index };
    for (const event of choiceEvents(choice)) events.push({ ...event, ...place });
  });
  if (usage !== undefined) events.push({ type: "usage", usage });
  if (error !== undefined) events.push({ type: "error", error });
  return events;
}

function choiceEvents({ parts, finish, logprobs, annotations }: ReplyChoice): ChoiceEvent[] {
  const events: ChoiceEvent[] = [];
  let calls = 0;
  // Behind their text, which is over once a call follows; nothing else can be noted.
  let notes = (annotations ?? []).map((annotation): ChoiceEvent => ({ type: "annotation", annotation }));
  for (const part of thoughtsFirst(parts)) {
    events.push(...partEvents(part, part.type === "tool-call" ? calls++ : 0));
    if (part.type !== "text") continue;
    events.push(...notes);
    notes = [];
  }
  if (logprobs !== undefined) events.push({ type: "logprobs", ...logprobs });
  events.push(...notes);
  if (finish !== undefined) events.push({ type: "finish", ...finish });
  return events;
}

/**
 * A late thought moved before the text, if none of the late ones is signed: signed ones stay, as their vendor refuses
 * them in another place, and one moved before them would take their signature when it is folded.
 */
function thoughtsFirst(parts: readonly ReplyPart[]): readonly ReplyPart[] {
  const said = parts.findIndex((part) => part.type === "text");
  const late = parts.find((part, at) => said !== -1 && at > said && part.type === "reasoning");
  if (late?.type !== "reasoning" || late.signature !== undefined) return parts;
  return [...parts.slice(0, said), late, ...parts.slice(said).filter((part) => part !== late)];
}

function partEvents(part: ReplyPart, index: number): ChoiceEvent[] {
  switch (part.type) {
    case "text":
    case "refusal":
      return [{ type: part.type, text: part.text }];
    case "tool-call": {
      const { id, name, json, signature, custom } = part;
      const rest = { ...(signature !== undefined && { signature }), ...(custom && { custom }) };
      return [
        { type: "tool-call", index, id, name, ...rest },
        { type: "tool-arguments", index, json },
      ];
    }
    case "image":
      // An answer's own images are `media`; a vendor's file or address has no event.
      return part.source.kind === "base64"
        ? [{ type: "media", mediaType: part.source.mediaType, data: part.source.data }]
        : [];
    case "reasoning":
    case "redacted-reasoning":
    case "media":
    case "opaque":
      return [part];
    default:
      return part satisfies never;
  }
}
