/** Tests of a conversation whose turns alternate. */

import { deepEqual } from "node:assert/strict";
import { alternateTurns } from "../../chat/alternate_turns.ts";
import { type Message, textOf } from "../../chat/request.ts";
import { assistant, sampleRequest, system, toolResult, user } from "./sample_request.ts";

const reply = (text: string) => assistant({ type: "text", text });
const call = (id: string) => assistant({ type: "tool-call", id, name: "f", json: "{}" });

/** Who speaks in turn, and what is said. */
function turns(messages: Message[], { hasSystem = true } = {}): [role: string, text: string][] {
  return alternateTurns(sampleRequest({ messages }), { hasSystem }).messages.map(
    (message) => [message.role, textOf(message.parts)],
  );
}

const ROWS: [name: string, messages: Message[], turns: [role: string, text: string][]][] = [
  ["turns that alternate stay", [user("a"), reply("b"), user("c")], [["user", "a"], ["assistant", "b"], ["user", "c"]]],
  ["words of the user in a row are one turn", [user("a"), user("b")], [["user", "a\n\nb"]]],
  ["so are the model's", [user("a"), reply("b"), reply("c")], [["user", "a"], ["assistant", "bc"]]],
  [
    "where the model spoke first, the user had begun",
    [reply("a"), user("b")],
    [["user", "Go on."], ["assistant", "a"], ["user", "b"]],
  ],
  [
    "between a result and the user's next words the model said something",
    [user("a"), call("1"), toolResult("1", "r"), user("b")],
    [["user", "a"], ["assistant", ""], ["tool", "r"], ["assistant", "OK."], ["user", "b"]],
  ],
  [
    "results of several calls follow one another, and the model speaks behind them",
    [user("a"), call("1"), toolResult("1", "r"), toolResult("2", "s"), reply("b")],
    [["user", "a"], ["assistant", ""], ["tool", "r"], ["tool", "s"], ["assistant", "b"]],
  ],
  [
    "instructions are one, before all else",
    [system("x"), user("a"), { role: "developer", parts: [{ type: "text", text: "y" }] }, reply("b")],
    [["system", "x\n\ny"], ["user", "a"], ["assistant", "b"]],
  ],
  ["instructions alone have a turn of the user's beside them", [system("x")], [["system", "x"], ["user", ""]]],
];

for (const [name, messages, expected] of ROWS) {
  Deno.test(`turns alternate: ${name}`, () => deepEqual(turns(messages), expected));
}

Deno.test("a template without a turn for instructions has them in the user's first one", () => {
  const without = (...messages: Message[]) => turns(messages, { hasSystem: false });
  deepEqual(without(system("x"), user("a"), reply("b")), [["user", "x\n\na"], ["assistant", "b"]]);
  deepEqual(without(system("x"), reply("b")), [["user", "x\n\nGo on."], ["assistant", "b"]]);
  deepEqual(without(system("x"), toolResult("1", "r")), [["user", "x"], ["tool", "r"]]);
  deepEqual(without(user("a")), [["user", "a"]]);
});
