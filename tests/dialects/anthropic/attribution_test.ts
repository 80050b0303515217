/** Tests of Claude Code's note of who is to be billed: only Claude's own vendors get it. */

import assert from "node:assert/strict";
import type { Json, JsonObject } from "../../../chat/json.ts";
import { alterRequest } from "../../../chat/request.ts";
import { anthropic } from "../../../dialects/anthropic/mod.ts";
import { bodyOf, request, TARGET } from "./support.ts";

const NOTE = "x-anthropic-billing-header: cc_version=2.1.329.be8; cc_entrypoint=cli; cch=71fea;";
const BRIEF = { type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } };
const BLOCKS: Json = [{ type: "text", text: NOTE }, BRIEF];

Deno.test("Q14 the note is no instruction, whether it stands alone or before others", () => {
  const instructions = (system: Json) => request({ system }).messages.filter(({ role }) => role === "system");
  assert.deepEqual(instructions(BLOCKS), [
    { role: "system", parts: [{ type: "text", text: "Be brief.", cache: { type: "ephemeral" } }] },
  ]);
  assert.deepEqual(instructions(`${NOTE}\nBe brief.`), [{
    role: "system",
    parts: [{ type: "text", text: "Be brief." }],
  }]);
  assert.deepEqual(instructions(NOTE), []);
  const quoted = `Never write ${NOTE}`;
  assert.deepEqual(instructions(quoted), [{ role: "system", parts: [{ type: "text", text: quoted }] }]);
});

/** The instructions that an upstream of this dialect is sent of what its client wrote. */
function relayed(model: string, system: Json): Json | undefined {
  const text = JSON.stringify(bodyOf({ system }));
  const asked = anthropic.parseRequest(JSON.parse(text), { text });
  return (JSON.parse(anthropic.relayRequest(text, asked, { ...TARGET, model })) as JsonObject).system;
}

Deno.test("Q14 Claude gets the note as it came, other models behind the same API do not", () => {
  assert.deepEqual(relayed("claude-sonnet-5", BLOCKS), BLOCKS);
  assert.deepEqual(relayed("deepseek-chat", BLOCKS), [BRIEF]);
  assert.equal(relayed("deepseek-chat", `${NOTE}\nBe brief.`), "Be brief.");
  for (const plain of ["Be brief.", [BRIEF]] satisfies Json[]) assert.deepEqual(relayed("deepseek-chat", plain), plain);
});

Deno.test("Q14 a request that is written anew is as one that is relayed", () => {
  const altered = (model: string) => {
    const asked = alterRequest(request({ system: BLOCKS }), { temperature: 0.5 });
    return anthropic.formatRequest(asked, { ...TARGET, model }).body.system;
  };
  assert.deepEqual(altered("deepseek-chat"), [BRIEF]);
  assert.deepEqual(altered("claude-sonnet-5"), BLOCKS);
});
