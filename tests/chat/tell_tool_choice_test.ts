/** Tests of a wish for a call, told in words. */

import { deepEqual, equal } from "node:assert/strict";
import { textOf, type ToolChoice } from "../../chat/request.ts";
import { tellToolChoice } from "../../chat/tell_tool_choice.ts";
import { sampleRequest } from "./sample_request.ts";

const TOLD: [choice: ToolChoice, words: RegExp][] = [
  [{ mode: "tool", name: "look" }, /calling the tool look,/],
  [{ mode: "required" }, /calling one of the tools,/],
  [{ mode: "allowed", names: ["look"], required: true }, /calling one of the tools,/],
];

for (const [toolChoice, words] of TOLD) {
  Deno.test(`a call that is demanded is asked for in words, and the model is free: ${JSON.stringify(toolChoice)}`, () => {
    const told = tellToolChoice(sampleRequest({ toolChoice }));
    equal(told.messages.filter(({ parts }) => words.test(textOf(parts))).length, 1);
    deepEqual(told.toolChoice, { mode: "auto" });
  });
}

const FREE: (ToolChoice | undefined)[] = [
  undefined,
  { mode: "auto" },
  { mode: "none" },
  { mode: "allowed", names: ["look"], required: false },
];

for (const toolChoice of FREE) {
  Deno.test(`a choice that demands no call stays as it is: ${JSON.stringify(toolChoice)}`, () => {
    const asked = sampleRequest(toolChoice && { toolChoice });
    equal(tellToolChoice(asked), asked);
  });
}
