import assert from "node:assert/strict";
import type { Message } from "../../../chat/request.ts";
import { dropOldest } from "../../../gateway/sessions/drop_oldest.ts";
import type { SessionTurn } from "../../../records/session_record.ts";

const user = (text: string): Message => ({ role: "user", parts: [{ type: "text", text }] });
const RESULT: Message = { role: "tool", callId: "c", parts: [] };

function turn(...messages: Message[]): SessionTurn {
  return { at: 0, dialect: "openai_chat", model: "m", messages, answer: [] };
}

const size = (turns: SessionTurn[]) => turns.reduce((sum, each) => sum + JSON.stringify(each).length, 0);

Deno.test("dropOldest() leaves as many of the last turns as fit", () => {
  const turns = ["a", "b", "c"].map((text) => turn(user(text)));
  assert.deepEqual(dropOldest(turns, size(turns)), turns);
  assert.deepEqual(dropOldest(turns, size(turns) - 1), turns.slice(1));
});

Deno.test("dropOldest() leaves the last turn, whatever its size", () => {
  const turns = [turn(user("a")), turn(user("b".repeat(1000)))];
  assert.deepEqual(dropOldest(turns, 10), turns.slice(1));
});

Deno.test("dropOldest() leaves no result at the beginning, whose call is gone", () => {
  const turns = [turn(user("a")), turn(RESULT), turn(RESULT), turn(user("b"))];
  assert.deepEqual(dropOldest(turns, size(turns) - 1), turns.slice(3));
});
