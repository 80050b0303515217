/** What samples of long texts tell is about what all of them would. */

import assert from "node:assert/strict";
import { estimateTokenCount } from "tokenx";
import { estimateText, estimateTexts } from "../../chat/estimate_text.ts";

const page = (path: string) => Deno.readTextFileSync(new URL(`../../${path}`, import.meta.url));
const TEXTS: Readonly<Record<string, string[]>> = {
  "prose with tables": [page("README.md")],
  "code": [page("gateway/answer.ts") + page("gateway/routes.ts")],
  "Chinese": [page("README.zh-CN.md")],
  "prose, then numbers": [page("CHANGELOG.md"), JSON.stringify(Array.from({ length: 4000 }, (_, at) => at * 7))],
  "many short ones": page("gateway/routes.ts").split("\n").concat(page("README.md").split("\n")),
  "one that is long among empty ones": ["", page("bench/README.md"), "", ""],
};

for (const [what, texts] of Object.entries(TEXTS)) {
  Deno.test(`long texts are estimated within a tenth of what all of them would be: ${what}`, () => {
    const whole = texts.reduce((sum, text) => sum + estimateTokenCount(text), 0);
    const estimated = estimateTexts(texts);
    assert(texts.join("").length > 10_000);
    assert(Math.abs(estimated - whole) < whole / 10, `${estimated} is not about ${whole}`);
  });
}

Deno.test("short texts are counted in full, each as one token at least", () => {
  const line = "A line of text, as it stands in many prompts.";
  assert.equal(estimateTexts([line, "", " ", line]), 2 * estimateTokenCount(line) + 1);
  assert.equal(estimateText(""), 0);
});

Deno.test("what is estimated grows with the text where its samples begin to be taken", () => {
  const line = "A line of text, as it stands in many prompts.\n";
  const [before, after] = [217, 218].map((lines) => estimateText(line.repeat(lines))) as [number, number];
  assert(Math.abs(after - before - estimateTokenCount(line)) < before / 20, `${before} is followed by ${after}`);
});
