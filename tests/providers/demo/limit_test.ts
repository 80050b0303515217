/** Where an answer ends when the request says so. */

import { deepEqual } from "node:assert/strict";
import type { ChoiceEvent } from "../../../chat/choice_folder.ts";
import { limit } from "../../../providers/demo/limit.ts";
import { sayWords } from "../../../providers/demo/words.ts";

const answer: ChoiceEvent[] = [{ type: "reasoning", text: "one END " }, ...sayWords("two three four five")];
const free = { stop: undefined, maxTokens: undefined };

function told(events: ChoiceEvent[]): string {
  return events.map((event) => "text" in event ? event.text : "").join("");
}

Deno.test("an answer within its limits is given to its own end", () => {
  deepEqual(limit(answer, free), { events: answer });
  deepEqual(limit(answer, { stop: ["six", ""], maxTokens: 1000 }), { events: answer });
});

Deno.test("A10 the earliest stop string ends the text before it, also across deltas, and is named", () => {
  for (const [stop, text] of [["three", "two "], ["o th", "tw"], ["two", ""], ["five", "two three four "]] as const) {
    const { events, finish } = limit(answer, { ...free, stop: ["zzz", "five", stop] });
    deepEqual([told(events), finish], [`one END ${text}`, { reason: "stop-sequence", stopSequence: stop }]);
  }
});

Deno.test("a stop string in the thoughts or in a call ends nothing", () => {
  const call: ChoiceEvent[] = [...answer, { type: "tool-call", index: 0, id: "a", name: "END" }];
  deepEqual(limit(call, { ...free, stop: ["END"] }), { events: call });
});

Deno.test("what was called before the stop string stays", () => {
  const call: ChoiceEvent = { type: "tool-call", index: 0, id: "a", name: "f" };
  deepEqual(limit([call, ...sayWords("one two")], { ...free, stop: ["two"] }).events, [call, ...sayWords("one ")]);
});

Deno.test("T13 the limit counts thoughts, text and arguments alike, and keeps no more than it allows", () => {
  const ends = (maxTokens: number, stop?: string[]) => {
    const { events, finish } = limit(answer, { stop, maxTokens });
    return [told(events), finish?.reason];
  };
  deepEqual(ends(6), ["one END two three four five", undefined]);
  deepEqual(ends(5), ["one END two three four ", "length"]);
  deepEqual(ends(2), ["one END ", "length"]);
  deepEqual(ends(1), ["", "length"]);
  deepEqual(ends(3, ["four"]), ["one END two ", "length"]);
  deepEqual(ends(4, ["four"]), ["one END two three ", "stop-sequence"]);
});
