/** A chunk of an upstream's stream as it was read: what it says, before it is known what that means for the answer. */

import type { JsonObject } from "../../chat/json.ts";
import { repeatedJson, type Varied } from "../repeated_json.ts";
import { type Answer, type AnswerChoice, type AnswerMessage, answerSchema } from "./answer_schema.ts";

export interface Chunk {
  /** The JSON itself. Its text is not to be read from here: it may be that of a chunk before. */
  body: JsonObject;
  answer: Answer;
}

export function readChunk(body: JsonObject): Chunk {
  return { body, answer: answerSchema().parse(body) };
}

/** A parser for one stream: most of its chunks are the one before with another text. */
export function chunkParser(): (json: string) => Chunk | undefined {
  return repeatedJson({ read: readChunk, varied, withVaried });
}

/** A member of a delta that is text of the answer, of a thought, or of a call's arguments. */
interface TextPlace {
  get(delta: AnswerMessage): unknown;
  set(delta: AnswerMessage, text: string): AnswerMessage;
}

const TEXT_PLACES: readonly TextPlace[] = [
  { get: ({ content }) => content, set: (delta, content) => ({ ...delta, content }) },
  {
    get: ({ reasoning_content }) => reasoning_content,
    set: (delta, reasoning_content) => ({ ...delta, reasoning_content }),
  },
  { get: ({ reasoning }) => reasoning, set: (delta, reasoning) => ({ ...delta, reasoning }) },
  {
    get: ({ tool_calls }) => tool_calls?.length === 1 ? tool_calls[0]?.function?.arguments : undefined,
    set: (delta, text) => ({
      ...delta,
      tool_calls: delta.tool_calls?.map((call) => ({ ...call, function: { ...call.function, arguments: text } })),
    }),
  },
];

function varied({ answer }: Chunk): Varied | undefined {
  const { delta } = onlyChoice(answer) ?? {};
  const text = delta && placeOf(delta)?.get(delta);
  return typeof text === "string" ? { text } : undefined;
}

function withVaried({ body, answer }: Chunk, { text }: Varied): Chunk {
  const choice = onlyChoice(answer);
  const delta = choice?.delta && placeOf(choice.delta)?.set(choice.delta, text);
  return { body, answer: delta === undefined ? answer : { ...answer, choices: [{ ...choice, delta }] } };
}

function onlyChoice({ choices }: Answer): AnswerChoice | undefined {
  return choices?.length === 1 ? choices[0] : undefined;
}

function placeOf(delta: AnswerMessage): TextPlace | undefined {
  return TEXT_PLACES.find(({ get }) => {
    const text = get(delta);
    return typeof text === "string" && text !== "";
  });
}
