/** Tests of what stands for a message of which its upstream can be shown nothing. */

import { equal } from "node:assert/strict";
import type { UserPart } from "../../chat/request.ts";
import { unshown } from "../../dialects/unshown.ts";

const TEXT: UserPart = { type: "text", text: " " };
const AUDIO: UserPart = { type: "audio", data: "AAAA", format: "wav" };
const VIDEO: UserPart = { type: "video", source: { kind: "url", url: "https://example.com/a.mp4" } };

Deno.test("unshown() names each kind once, and no text beside them", () => {
  equal(unshown([TEXT, AUDIO, VIDEO, AUDIO]), "[Here is a recording and a video that this model cannot be given]");
  equal(unshown([TEXT]), undefined);
  equal(unshown([]), undefined);
});
