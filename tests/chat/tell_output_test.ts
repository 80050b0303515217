/** Tests of the form of an answer, told in words. */

import { deepEqual, equal, match } from "node:assert/strict";
import { type OutputFormat, textOf } from "../../chat/request.ts";
import { tellOutput } from "../../chat/tell_output.ts";
import { sampleRequest, system, user } from "./sample_request.ts";

const schema = { type: "object", properties: { a: { type: "string" } } };
const TOLD: [output: OutputFormat, words: RegExp][] = [
  [{ type: "json" }, /one valid JSON object/],
  [
    { type: "schema", schema },
    /matches this JSON schema[^]*\{"type":"object","properties":\{"a":\{"type":"string"\}\}\}/,
  ],
];

for (const [output, words] of TOLD) {
  Deno.test(`a form of type ${output.type} is told behind the instructions, and asked for as JSON or as text`, () => {
    const asked = sampleRequest({ messages: [system("Be brief"), user("Hi")], output });
    for (const as of ["json", "text"] as const) {
      const told = tellOutput(asked, as);
      deepEqual(told.messages.map(({ role }) => role), ["system", "system", "user"]);
      match(textOf(told.messages[1]?.parts ?? []), words);
      deepEqual(told.output, as === "json" ? { type: "json" } : undefined);
    }
  });
}

Deno.test("a request that asks for no form, or for text, stays as it is", () => {
  for (const asked of [sampleRequest(), sampleRequest({ output: { type: "text" } })]) {
    for (const as of ["json", "text"] as const) equal(tellOutput(asked, as), asked);
  }
});
