import assert from "node:assert/strict";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { textCounter } from "../../gateway/text_counter.ts";

/** The count, and the milliseconds it took. */
async function timed(text: string): Promise<[tokens: number, milliseconds: number]> {
  const count = await textCounter();
  const startedAt = performance.now();
  return [count(text), performance.now() - startedAt];
}

Deno.test("texts are counted as the vocabulary cuts them", async () => {
  const count = await textCounter();
  for (const [text, tokens] of [["", 0], ["Hello, world!", 4], ["\n", 1], ["🙂", 1], ["你好，世界", 3]] as const) {
    assert.equal(count(text), tokens, text);
  }
});

Deno.test("the model's own marks are counted as the text they are in a client's words", async () => {
  const count = await textCounter();
  assert.ok(count("<|endoftext|>") > 3);
});

Deno.test("a long text counts as much as it does in one piece, be there spaces to cut at or not", async () => {
  const prose = 'The quick brown fox — jumps over 13 lazy dogs.\n\n\tAnd 再来一次: {"a": [1.5, null]}  '.repeat(500);
  for (const text of [prose, prose.replaceAll(/\s/g, "")]) {
    const [tokens] = await timed(text);
    assert.ok(Math.abs(tokens / countTokens(text) - 1) < 0.01, `${tokens} of ${countTokens(text)}`);
  }
});

/** Letters in no order, always the same. */
function jumble(letters: string, length: number): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = state * 48_271 % 2_147_483_647;
    return letters[state % letters.length];
  }).join("");
}

// Merged in one piece, each of these takes many seconds.
for (const [name, letters] of [["letters", "abcdefghijklmnopqrstuvwxyz"], ["ideographs", "天地玄黄宇宙洪荒日月盈昃"]]) {
  Deno.test(`Q2 a word of 60,000 ${name} neither stops the gateway nor counts for nothing`, async () => {
    const [tokens, milliseconds] = await timed(jumble(letters!, 60_000));
    assert.ok(tokens > 20_000, `${tokens} tokens`);
    assert.ok(milliseconds < 2000, `${milliseconds} ms`);
  });
}

Deno.test("what is beyond a request's first 250,000 characters is taken to be like them, in one text or in several", async () => {
  const words = (tokens: number) => "word ".repeat(tokens);
  const count = await textCounter();
  const tokens = [words(40_000), words(20_000), jumble("天地玄黄宇宙洪荒日月盈昃", 200_000)].map(count);
  for (const [at, expected] of [40_000, 20_000, 40_000].entries()) {
    assert.ok(Math.abs(tokens[at]! / expected - 1) < 0.01, `${tokens[at]} of ${expected}`);
  }
});
