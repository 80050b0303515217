/** The demo models: what each says, how fast, and how it fails. */

import type { ChoiceEvent } from "../../chat/choice_folder.ts";
import { GatewayError } from "../../chat/error.ts";
import type { ModelFacts } from "../../chat/model.ts";
import { type ChatRequest, textOf } from "../../chat/request.ts";
import { callTools } from "./call_tools.ts";
import { exampleValue } from "./example_value.ts";
import type { DemoAsk, DemoModel } from "./step.ts";
import { LONG_TEXT, MARKDOWN_TEXT, UNICODE_TEXT } from "./texts.ts";
import { sayWords, words } from "./words.ts";

const FACTS: ModelFacts = { contextWindow: 128_000, maxOutput: 16_384, outputs: ["text"], thinking: "none" };

/** The longest a timer can wait: 24 days, which here means until aborted. */
const FOREVER = 2 ** 31 - 1;

const HELLO = "Hello from the demo. It answers offline, the same every time.";

export const DEMO_MODELS: Readonly<Record<string, DemoModel>> = {
  "echo": { facts: FACTS, says: echo },
  "reasoning": { facts: { ...FACTS, thinking: "effort" }, says: reason },
  "tools": { facts: FACTS, says: callTools },
  "json": { facts: { ...FACTS, outputs: ["text", "json", "schema"] }, says: answerJson },
  "image": { facts: FACTS, says: countImages },
  "markdown": { facts: FACTS, says: () => sayWords(MARKDOWN_TEXT) },
  "long": { facts: FACTS, says: () => sayWords(LONG_TEXT) },
  "unicode": { facts: FACTS, says: () => sayGraphemes(UNICODE_TEXT) },
  "slow": { facts: FACTS, says: () => sayWords(HELLO), pace: { first: 2500, between: 100 } },
  "length": { facts: FACTS, says: () => sayWords("This answer ends in the middle of a"), finish: "length" },
  "refusal": { facts: FACTS, says: () => [{ type: "refusal", text: "I cannot help with that." }], finish: "refusal" },
  "empty": { facts: FACTS, says: () => [] },
  "flaky": { facts: FACTS, says: ({ attempt }) => attempt === 1 ? [] : sayWords(HELLO) },
  "hang": { facts: FACTS, says: () => [], pace: { opening: FOREVER } },
  "cut": {
    facts: FACTS,
    says: () => sayWords(HELLO),
    breaks: {
      after: 4,
      error: () => new GatewayError("upstream-cut", "Cannot go on as the demo ended its answer early"),
    },
  },
  "error": refusing(() =>
    new GatewayError("upstream-failure", "Cannot answer as the demo failed", { detail: "status 500" })
  ),
  "rate-limit": refusing(() =>
    new GatewayError("rate-limit", "Cannot answer as the demo limits its requests", {
      retryAfter: 1000,
      detail: "status 429",
    })
  ),
  "unauthorized": refusing(() =>
    new GatewayError("upstream-auth", "Cannot answer as the demo refused the gateway's key", { detail: "status 401" })
  ),
};

function refusing(error: () => GatewayError): DemoModel {
  return { facts: FACTS, says: () => [], breaks: { after: 0, error } };
}

function echo({ request }: DemoAsk): ChoiceEvent[] {
  const question = lastQuestion(request);
  return sayWords(question.trim() === "" ? "You said nothing." : question);
}

/** Thinks aloud, unless it is asked not to. */
function reason({ request }: DemoAsk): ChoiceEvent[] {
  const { effort, budget, show = true } = request.reasoning ?? {};
  const answer = sayWords("The answer is 42.");
  if (effort === "none" || budget === 0 || !show) return answer;
  const thoughts = words("Let me think. Six times seven, that is forty-two.");
  return [...thoughts.map((text): ChoiceEvent => ({ type: "reasoning", text })), ...answer];
}

function answerJson({ request: { output } }: DemoAsk): ChoiceEvent[] {
  const value = output?.type === "schema" ? exampleValue(output.schema) : { answer: "demo", confidence: 1 };
  return sayWords(JSON.stringify(value, null, 2));
}

function countImages({ request }: DemoAsk): ChoiceEvent[] {
  const images = request.messages.flatMap(({ parts }) => parts.filter(({ type }) => type === "image")).length;
  return sayWords(images === 1 ? "I saw 1 image." : `I saw ${images} images.`);
}

function sayGraphemes(text: string): ChoiceEvent[] {
  // Made here, as it loads the data of Unicode: milliseconds that no start should wait for.
  const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(graphemes.segment(text), ({ segment }) => ({ type: "text", text: segment }));
}

function lastQuestion({ messages }: ChatRequest): string {
  return textOf(messages.findLast(({ role }) => role === "user")?.parts ?? []);
}
