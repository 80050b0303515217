import assert from "node:assert/strict";
import type { JsonObject } from "../../../chat/json.ts";
import type { Message, UserPart } from "../../../chat/request.ts";
import { gemini } from "../../../dialects/gemini/mod.ts";
import { assistant, calling, contentsOf, foreignRequest, result, target, user } from "./support.ts";

const NEW = "gemini-3.8-flash";
const said = (text: string) => ({ role: "user", parts: [{ text }] });
const answered = (text: string) => ({ role: "model", parts: [{ text }] });
const system = (text: string): Message => ({ role: "system", parts: [{ type: "text", text }] });

function format(messages: Message[], model?: string) {
  const { body, lost } = gemini.formatRequest(foreignRequest({ messages }), target(model));
  return { body, lost: lost.map(({ path }) => path) };
}

function partsOf(...parts: UserPart[]) {
  const { body, lost } = format([{ role: "user", parts }], NEW);
  return { parts: (body.contents as JsonObject[])[0]?.parts, lost };
}

Deno.test("R6 the instructions at the head are concatenated in order, later ones are said by the user in a tag", () => {
  const { body } = format([
    system("One"),
    { ...system("Two"), role: "developer" } as Message,
    user("Hi"),
    assistant("Ho"),
    system("Three"),
  ]);
  assert.deepEqual(body.systemInstruction, { parts: [{ text: "One" }, { text: "Two" }] });
  assert.deepEqual(body.contents, [said("Hi"), answered("Ho"), said("<system-reminder>\nThree\n</system-reminder>")]);
});

Deno.test("G15 consecutive turns of one role are one content", () => {
  assert.deepEqual(contentsOf([user("a"), user("b"), assistant("c"), assistant("d"), user("e")]), [
    { role: "user", parts: [{ text: "a" }, { text: "b" }] },
    { role: "model", parts: [{ text: "c" }, { text: "d" }] },
    said("e"),
  ]);
});

Deno.test("G15 instructions alone are said by the user", () => {
  const { body } = format([system("Write a poem")]);
  assert.deepEqual(body, { contents: [said("Write a poem")] });
});

Deno.test("G15 a history begins with the user, and ends so where the model wants it", () => {
  assert.deepEqual(contentsOf([assistant("Hello"), user("Hi")]), [said("Continue."), answered("Hello"), said("Hi")]);
  assert.deepEqual(contentsOf([user("Hi"), assistant("He")]), [said("Hi"), answered("He")]);
  assert.deepEqual(contentsOf([user("Hi"), assistant("He")], NEW), [said("Hi"), answered("He"), said("Continue.")]);
});

Deno.test("R1 empty texts and empty turns are left out", () => {
  assert.deepEqual(contentsOf([user(""), user("a"), assistant(""), user("b")]), [
    { role: "user", parts: [{ text: "a" }, { text: "b" }] },
  ]);
});

Deno.test("G11 G12 the results of one turn are one content, each under the name of its call", () => {
  const contents = contentsOf([
    user("Hi"),
    calling({ id: "1", name: "f" }, { id: "2", name: "g" }),
    result("2", "two"),
    { ...result("1", "one"), name: "1" } as Message,
    user("And?"),
  ]);
  assert.deepEqual((contents as unknown[]).slice(2), [
    {
      role: "user",
      parts: [
        { functionResponse: { id: "2", name: "g", response: { output: "two" } } },
        { functionResponse: { id: "1", name: "f", response: { output: "one" } } },
      ],
    },
    // Not in one content with results: https://github.com/envoyproxy/ai-gateway/pull/2686
    said("And?"),
  ]);
});

Deno.test("T15 calls of one id in different turns are told apart, and so are their results", () => {
  const turn = [calling({ id: "call_f", name: "f" }), result("call_f", "x")];
  const contents = contentsOf([user("Hi"), ...turn, ...turn]) as { parts: JsonObject[] }[];
  const ids = contents.flatMap(({ parts }) => parts).flatMap(({ functionCall, functionResponse }) =>
    [functionCall, functionResponse].flatMap((one) => one === undefined ? [] : [(one as JsonObject).id])
  );
  assert.deepEqual(ids, ["call_f", "call_f", "call_f_2", "call_f_2"]);
});

Deno.test("T20 T22 what is said between a call and its result comes after it, and no call is left open", () => {
  assert.deepEqual(contentsOf([user("Hi"), calling({ id: "1", name: "f" }), user("Quick"), result("1", "x")]), [
    said("Hi"),
    { role: "model", parts: [{ functionCall: { id: "1", name: "f", args: {} } }] },
    { role: "user", parts: [{ functionResponse: { id: "1", name: "f", response: { output: "x" } } }] },
    said("Quick"),
  ]);
  const open = contentsOf([user("Hi"), calling({ id: "1", name: "f" }), user("Never mind")]) as {
    parts: JsonObject[];
  }[];
  assert.deepEqual(open[2]?.parts, [
    { functionResponse: { id: "1", name: "f", response: { error: "The call was not answered" } } },
  ]);
});

Deno.test("T22 parallel calls that come in messages of their own stay in one content", () => {
  const contents = contentsOf([
    user("Hi"),
    calling({ id: "1", name: "f" }),
    calling({ id: "2", name: "f" }),
    result("1", "a"),
    result("2", "b"),
  ]);
  assert.deepEqual((contents as { parts: unknown[] }[]).map(({ parts }) => parts.length), [1, 2, 2]);
});

Deno.test("T22 a result that no call waits for is told as text", () => {
  const { body, lost } = format([user("Hi"), { ...result("x", "42"), name: "f" } as Message]);
  assert.deepEqual(body.contents, [{ role: "user", parts: [{ text: "Hi" }, { text: "Result of f: 42" }] }]);
  assert.deepEqual(lost, ["messages[1]"]);
});

Deno.test("G13 a result is an object, its own where it says the same", () => {
  const RESPONSES: [string, JsonObject][] = [
    ['{"a":1}', { a: 1 }],
    ["[1]", { output: "[1]" }],
    ["null", { output: "null" }],
    ["text", { output: "text" }],
    ["", { output: "" }],
    ['{"$ref":"x"}', { output: '{"$ref":"x"}' }],
    ['{"id":12345678901234567890}', { output: '{"id":12345678901234567890}' }],
  ];
  for (const [text, response] of RESPONSES) {
    const contents = contentsOf([user("Hi"), calling({ id: "1", name: "f" }), result("1", text)]) as {
      parts: JsonObject[];
    }[];
    assert.deepEqual(contents[2]?.parts[0], { functionResponse: { id: "1", name: "f", response } });
  }
});

Deno.test("T21 a failed call says so", () => {
  const failed = { ...result("1", '{"a":1}'), isError: true } as Message;
  const contents = contentsOf([user("Hi"), calling({ id: "1", name: "f" }), failed]) as { parts: JsonObject[] }[];
  assert.deepEqual(contents[2]?.parts[0], { functionResponse: { id: "1", name: "f", response: { error: '{"a":1}' } } });
});

Deno.test("T19 an image in a result is shown behind all results of the turn", () => {
  const image = { type: "image" as const, source: { kind: "base64" as const, mediaType: "image/png", data: "AAAA" } };
  const contents = contentsOf([
    user("Hi"),
    calling({ id: "1", name: "f" }, { id: "2", name: "f" }),
    { role: "tool", callId: "1", parts: [image] },
    result("2", "two"),
  ]) as { parts: JsonObject[] }[];
  const output = "The result is in the next message";
  assert.deepEqual(contents[2]?.parts[0], { functionResponse: { id: "1", name: "f", response: { output } } });
  assert.deepEqual(contents[3], { role: "user", parts: [{ inlineData: { mimeType: "image/png", data: "AAAA" } }] });
});

Deno.test("a newer model is shown the media of a result within it, and behind it those that it does not take there", () => {
  const base64 = (mediaType: string) => ({ kind: "base64" as const, mediaType, data: "AAAA" });
  const image = { type: "image" as const, source: base64("image/png") };
  const blobs = (...types: string[]) => types.map((mimeType) => ({ inlineData: { mimeType, data: "AAAA" } }));
  const RESULTS: {
    parts: (Message & { role: "tool" })["parts"];
    output: string;
    within?: string[];
    behind?: string;
  }[] = [
    { parts: [image], output: "The result is attached", within: ["image/png"] },
    {
      parts: [{ type: "text", text: "Drawn" }, image, { type: "file", source: base64("application/pdf") }],
      ...{ output: "Drawn", within: ["image/png", "application/pdf"] },
    },
    {
      parts: [{ type: "image", source: base64("image/gif") }, image],
      ...{ output: "The result is attached", within: ["image/png"], behind: "image/gif" },
    },
    {
      parts: [{ type: "image", source: base64("image/gif") }],
      ...{ output: "The result is in the next message", behind: "image/gif" },
    },
  ];
  for (const { parts, output, within, behind } of RESULTS) {
    const asked = [user("Hi"), calling({ id: "1", name: "f" }), { role: "tool" as const, callId: "1", parts }];
    const { contents } = format(asked, NEW).body as { contents: JsonObject[] };
    const functionResponse = {
      ...{ id: "1", name: "f", response: { output } },
      ...(within !== undefined && { parts: blobs(...within) }),
    };
    assert.deepEqual(contents.slice(2), [
      { role: "user", parts: [{ functionResponse }] },
      ...behind === undefined ? [] : [{ role: "user", parts: blobs(behind) }],
    ]);
  }
});

Deno.test("T9 a call's arguments are an object, and what is none is kept", () => {
  const ARGUMENTS: [string, JsonObject][] = [
    ["", {}],
    ["{}", {}],
    ['{"a":[1]}', { a: [1] }],
    ["[1]", { _raw: "[1]" }],
    ['{"a', { _raw: '{"a' }],
  ];
  for (const [json, args] of ARGUMENTS) {
    const contents = contentsOf([user("Hi"), calling({ id: "1", name: "f", json }), result("1", "x")]) as {
      parts: JsonObject[];
    }[];
    assert.deepEqual(contents[1]?.parts, [{ functionCall: { id: "1", name: "f", args } }]);
  }
  const custom: Message = {
    role: "assistant",
    parts: [{ type: "tool-call", id: "1", name: "f", json: "ls", custom: true }],
  };
  const [, { parts }] = contentsOf([user("Hi"), custom, result("1", "x")]) as [unknown, { parts: unknown }];
  assert.deepEqual(parts, [{ functionCall: { id: "1", name: "f", args: { input: "ls" } } }]);
});

Deno.test("K11 towards the third generation, the first unsigned call of each turn gets the stand-in", () => {
  const skip = "skip_thought_signature_validator";
  const history = [
    user("Hi"),
    calling({ id: "1", name: "f" }, { id: "2", name: "f" }),
    result("1", "a"),
    result("2", "b"),
    calling({ id: "3", name: "f", signature: "ab==" }, { id: "4", name: "f" }),
    result("3", "c"),
    result("4", "d"),
  ];
  const signatures = (model: string) =>
    (contentsOf(history, model) as { parts: JsonObject[] }[]).flatMap(({ parts }) =>
      parts.filter(({ functionCall }) => functionCall !== undefined).map(({ thoughtSignature }) => thoughtSignature)
    );
  for (const model of [NEW, "gemini-3-pro-preview", "gemini-4-argon", "models/gemini-flash-latest"]) {
    assert.deepEqual(signatures(model), [skip, undefined, "ab==", undefined], model);
  }
  assert.deepEqual(signatures("gemini-2.5-pro"), [undefined, undefined, "ab==", undefined]);
});

Deno.test("K7 K10 thoughts go back as thoughts, and with a signature only if it is Google's", () => {
  const think = (text: string, signature?: string): Message => ({
    role: "assistant",
    parts: [{ type: "reasoning", text, ...(signature && { signature }) }, { type: "text", text: "Yes" }],
  });
  const partsOf = (message: Message) =>
    (contentsOf([user("Hi"), message, user("?")]) as { parts: JsonObject[] }[])[1]?.parts;
  assert.deepEqual(partsOf(think("Hm")), [{ text: "Hm", thought: true }, { text: "Yes" }]);
  assert.deepEqual(partsOf(think("Hm", "EqoBforeign")), [{ text: "Hm", thought: true }, { text: "Yes" }]);
  assert.deepEqual(partsOf(think("", "openai_responses:x")), [{ text: "Yes" }]);
  assert.deepEqual(partsOf(think("", "gemini:ab==")), [{ text: "", thoughtSignature: "ab==" }, { text: "Yes" }]);
});

Deno.test("K6 hidden thoughts of another vendor are lost", () => {
  const message: Message = {
    role: "assistant",
    parts: [{ type: "redacted-reasoning", data: "x" }, { type: "refusal", text: "No" }],
  };
  const { body, lost } = format([user("Hi"), message, user("?")]);
  assert.deepEqual((body.contents as JsonObject[])[1], answered("No"));
  assert.deepEqual(lost, ["messages[1].content[0]"]);
});

Deno.test("R8 G17 media: data inline, addresses with their type, and what cannot be opened as text", () => {
  const image = (url: string, mediaType?: string): UserPart => ({
    type: "image",
    source: { kind: "url", url, ...(mediaType && { mediaType }) },
  });
  assert.deepEqual(partsOf(image("https://a.example/b.jpg?x=y.z")), {
    parts: [{ fileData: { fileUri: "https://a.example/b.jpg?x=y.z", mimeType: "image/jpeg" } }],
    lost: [],
  });
  assert.deepEqual(partsOf(image("https://a.example/b", "image/png")).parts, [
    { fileData: { fileUri: "https://a.example/b", mimeType: "image/png" } },
  ]);
  assert.deepEqual(partsOf(image("data:image/png;charset=utf-8;base64,AAAA")).parts, [
    { inlineData: { mimeType: "image/png", data: "AAAA" } },
  ]);
  assert.deepEqual(partsOf(image("https://a.example/b")), {
    parts: [{ text: "[image: https://a.example/b]" }],
    lost: ["messages[0].content[0]"],
  });
  assert.deepEqual(partsOf({ type: "video", source: { kind: "url", url: "https://youtu.be/x" } }).parts, [
    { fileData: { fileUri: "https://youtu.be/x" } },
  ]);
  assert.deepEqual(partsOf({ type: "audio", data: "AAAA", format: "mp3" }).parts, [
    { inlineData: { mimeType: "audio/mp3", data: "AAAA" } },
  ]);
  assert.deepEqual(partsOf({ type: "file", source: { kind: "text", text: "Read me" } }).parts, [{ text: "Read me" }]);
  assert.deepEqual(
    partsOf({
      type: "file",
      filename: "a.pdf",
      source: { kind: "base64", mediaType: "application/pdf", data: "AAAA" },
    }),
    {
      parts: [{ inlineData: { mimeType: "application/pdf", data: "AAAA" } }],
      lost: ["messages[0].content[0].filename"],
    },
  );
  const kept: UserPart = { type: "file", source: { kind: "file-id", id: "file-1" } };
  const foreign: UserPart = { type: "opaque", dialect: "anthropic", value: {} };
  assert.deepEqual(partsOf({ type: "text", text: "a" }, kept, foreign), {
    parts: [{ text: "a" }],
    lost: ["messages[0].content[1]", "messages[0].content[2]"],
  });
});

Deno.test("an image's resolution is for the models that know one", () => {
  const image: UserPart = {
    type: "image",
    detail: "high",
    source: { kind: "base64", mediaType: "image/png", data: "A" },
  };
  const inlineData = { mimeType: "image/png", data: "A" };
  assert.deepEqual(partsOf(image), {
    parts: [{ inlineData, mediaResolution: { level: "MEDIA_RESOLUTION_HIGH" } }],
    lost: [],
  });
  const old = format([{ role: "user", parts: [image] }], "gemini-2.5-flash");
  assert.deepEqual(old.lost, ["messages[0].content[0].detail"]);
  assert.deepEqual(old.body.contents, [{ role: "user", parts: [{ inlineData }] }]);
});

Deno.test("names of speakers are named as lost", () => {
  assert.deepEqual(format([{ ...user("Hi"), name: "Ada" } as Message]).lost, ["messages[0].name"]);
});
