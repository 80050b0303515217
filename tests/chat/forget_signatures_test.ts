/** Tests of a history that is told without what binds its thoughts to whoever thought them. */

import { deepEqual, equal } from "node:assert/strict";
import { forgetSignatures, signaturesOf } from "../../chat/forget_signatures.ts";
import type { AssistantPart } from "../../chat/request.ts";
import { assistant, sampleRequest, user } from "./sample_request.ts";

const THOUGHT: AssistantPart = { type: "reasoning", text: "Hm" };
const CALL: AssistantPart = { type: "tool-call", id: "a", name: "f", json: "{}" };
const TEXT: AssistantPart = { type: "text", text: "Hello" };

const asked = sampleRequest({
  messages: [
    user("Hi"),
    assistant(
      { ...THOUGHT, signature: "s1" },
      { type: "redacted-reasoning", data: "s2" },
      TEXT,
      { ...CALL, signature: "s3" },
    ),
    assistant(TEXT),
  ],
});

Deno.test("thoughts and calls stay without their signatures, and thoughts that cannot be read go", () => {
  const forgotten = forgetSignatures(asked);
  deepEqual(forgotten?.messages[1], assistant(THOUGHT, TEXT, CALL));
  deepEqual([forgotten?.messages[0], forgotten?.messages[2]], [asked.messages[0], asked.messages[2]]);
});

Deno.test("only what is meant is forgotten, and a history without it is left alone", () => {
  const signatures = (isForgotten: (signature: string) => boolean) => {
    const forgotten = forgetSignatures(asked, isForgotten);
    return forgotten && signaturesOf(forgotten);
  };
  deepEqual(signaturesOf(asked), ["s1", "s2", "s3"]);
  deepEqual(signatures((signature) => signature === "s2"), ["s1", "s3"]);
  deepEqual(signatures((signature) => signature === "s3"), ["s1", "s2"]);
  equal(signatures(() => false), undefined);
  equal(forgetSignatures(sampleRequest({ messages: [user("Hi"), assistant(THOUGHT, TEXT)] })), undefined);
});
