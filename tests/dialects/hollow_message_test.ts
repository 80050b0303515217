/** Tests of messages of a history of which nothing is left in the target's words. */

import { equal } from "node:assert/strict";
import type { JsonObject } from "../../chat/json.ts";
import type { Message } from "../../chat/request.ts";
import { isHollow } from "../../dialects/hollow_message.ts";
import { assistant, toolResult, user } from "../chat/sample_request.ts";

const EMPTY: JsonObject = { role: "user", content: "" };
const ROWS: [name: string, message: Message, written: JsonObject, isLast: boolean, hollow: boolean][] = [
  ["one of which nothing could be told is hollow", user("x"), EMPTY, false, true],
  ["the last one is not, as the model is to answer somebody", user("x"), EMPTY, true, false],
  ["one that said nothing at all is not", assistant(), EMPTY, false, false],
  ["a result is not, as its call waits for it", toolResult("a", "x"), EMPTY, false, false],
  ["one that says something is not", user("x"), { ...EMPTY, content: "x" }, false, false],
  ["one that says something beside its text is not", user("x"), { ...EMPTY, images: ["AAAA"] }, false, false],
];

for (const [name, message, written, isLast, hollow] of ROWS) {
  Deno.test(`of the messages of a history ${name}`, () => equal(isHollow(message, { written, isLast }), hollow));
}
