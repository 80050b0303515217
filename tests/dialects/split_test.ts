import assert from "node:assert/strict";
import { textOf } from "../../chat/request.ts";
import { openaiChat } from "../../dialects/openai_chat/mod.ts";
import { bytewise, splitsOf } from "../support/chunked.ts";
import { DIALECTS } from "../support/dialects.ts";
import { checkOpenaiChatStream } from "../support/openai_chat_grammar.ts";
import { collect, fixturesOf, translate } from "../support/replay.ts";

for (const { dialect } of DIALECTS) {
  for (const { name, bytes } of fixturesOf(dialect.name)) {
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
      // A stream that ended inside a call's arguments leaves them as they are.
      if (streamed.error !== undefined || streamed.finish === "length") return;
      const parsed = (json: string, at: number) => streamed.toolCalls[at]?.type === "custom" ? json : JSON.parse(json);
      assert.deepEqual(
        streamed.toolCalls.map((call, at) => parsed(call.arguments, at)),
        calls.map((call, at) => parsed(call.json, at)),
      );
    });
  }
}
