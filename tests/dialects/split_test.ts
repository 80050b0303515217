import assert from "node:assert/strict";
import { textOf } from "../../chat/request.ts";
import type { Dialect } from "../../dialects/dialect.ts";
import { openaiChat } from "../../dialects/openai_chat/mod.ts";
import { bytewise, splitsOf } from "../support/chunked.ts";
import { checkOpenaiChatStream } from "../support/openai_chat_grammar.ts";
import { collect, fixturesOf, translate } from "../support/replay.ts";

const RECORDED: readonly [folder: string, dialect: Dialect][] = [["openai_chat", openaiChat]];

for (const [folder, dialect] of RECORDED) {
  for (const { name, bytes } of fixturesOf(folder)) {
    Deno.test(`F1 F2 F3 ${name} split at any byte gives the same client bytes`, async () => {
      const whole = await translate(dialect, dialect, [bytes]);
      assert.equal(await translate(dialect, dialect, bytewise(bytes)), whole, "byte by byte");
      for (const pieces of splitsOf(bytes)) {
        assert.equal(await translate(dialect, dialect, pieces), whole, `split at ${pieces[0].length}`);
      }
    });

    Deno.test(`${name} as a stream says what it says collected`, async () => {
      const text = await translate(dialect, openaiChat, [bytes]);
      const { choices } = await collect(dialect, bytes);
      const streamed = checkOpenaiChatStream(text, { includeUsage: /"usage":\{/.test(text), n: choices.length });
      const [choice] = choices;
      assert.equal(streamed.text, textOf(choice?.parts ?? []));
      const calls = choice?.parts.filter((part) => part.type === "tool-call") ?? [];
      assert.deepEqual(streamed.toolCalls.map((call) => call.name), calls.map((call) => call.name));
      assert.deepEqual(
        streamed.toolCalls.map((call) => JSON.parse(call.arguments)),
        calls.map((call) => JSON.parse(call.json)),
      );
    });
  }
}
