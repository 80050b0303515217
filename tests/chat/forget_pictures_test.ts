/** Tests of a history that is told without its pictures. */

import { deepEqual, equal } from "node:assert/strict";
import { forgetPictures } from "../../chat/forget_pictures.ts";
import type { Message, UserPart } from "../../chat/request.ts";
import { assistant, sampleRequest, user } from "./sample_request.ts";

const PICTURE: UserPart = { type: "image", source: { kind: "url", url: "https://example.com/a.png" } };
const TEXT: UserPart = { type: "text", text: "Look" };
const NOTE: UserPart = { type: "text", text: "[A picture, which this model cannot see]" };

const shown = (...parts: UserPart[]): Message => ({ role: "user", parts });
const result = (...parts: UserPart[]): Message => ({ role: "tool", callId: "a", parts });

Deno.test("pictures of what came before, and of results, are notes; the user's last ones stay", () => {
  const messages = [shown(TEXT, PICTURE), result(PICTURE, TEXT), shown(PICTURE), result(PICTURE)];
  deepEqual(forgetPictures(sampleRequest({ messages }))?.messages, [
    shown(TEXT, NOTE),
    result(NOTE, TEXT),
    shown(PICTURE),
    result(NOTE),
  ]);
});

Deno.test("a history without pictures before the last turn is left alone", () => {
  const texts = [user("Hi"), assistant({ type: "text", text: "Hello" }), result(TEXT)];
  equal(forgetPictures(sampleRequest({ messages: texts })), undefined);
  equal(forgetPictures(sampleRequest({ messages: [...texts, shown(TEXT, PICTURE)] })), undefined);
});
