/** Tests of calls to custom tools: what was given to an upstream as a function is free text again. */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { AssistantPart, Tool } from "../../chat/request.ts";
import { asCustomCall, customCalls } from "../../dialects/custom_calls.ts";
import { unwrapInput, withFunctions, wrapInput } from "../../dialects/custom_tools.ts";
import { lossList } from "../../dialects/losses.ts";
import { fitToolName } from "../../dialects/tool_ids.ts";
import type { CallEvent } from "../../dialects/tool_call_tracker.ts";
import { assistant, sampleRequest, user } from "../chat/sample_request.ts";

const TOOLS: Tool[] = [{ type: "custom", name: "patch" }, { type: "function", name: "f" }, {
  type: "custom",
  name: "my patch",
}];

const call = (index: number, name = "patch"): CallEvent => ({ type: "tool-call", index, id: `call_${index}`, name });
const json = (index: number, json: string): CallEvent => ({ type: "tool-arguments", index, json });

/** What is told of the events, and at the end: the calls, and after them the arguments by their index. */
function told(events: readonly CallEvent[]): CallEvent[] {
  const calls = customCalls(TOOLS);
  return [...events.flatMap(calls.push), ...calls.flush()];
}

/** The arguments as one text, for a call of `patch` that gets these fragments. */
function input(...fragments: string[]): string {
  const events = told([call(0), ...fragments.map((fragment) => json(0, fragment))]);
  return events.map((event) => event.type === "tool-arguments" ? event.json : "").join("");
}

const WRAPPED = JSON.stringify(wrapInput('*** Begin Patch\n+ a = "{\\"}"\n*** End Patch'));

Deno.test("a call of a custom tool that came as a function's is told as free text, wherever its JSON is cut", () => {
  const [begun, ...rest] = told([call(0), json(0, WRAPPED)]);
  deepStrictEqual(begun, { type: "tool-call", index: 0, id: "call_0", name: "patch", custom: true });
  deepStrictEqual(rest, [json(0, '*** Begin Patch\n+ a = "{\\"}"\n*** End Patch')]);
  for (let at = 0; at <= WRAPPED.length; at++) {
    strictEqual(input(WRAPPED.slice(0, at), WRAPPED.slice(at)), '*** Begin Patch\n+ a = "{\\"}"\n*** End Patch');
  }
  strictEqual(input(" ", "\n" + WRAPPED, " \n"), unwrapInput(WRAPPED));
});

Deno.test("a history tells an upstream without custom tools of their calls as those of functions, and of no other", () => {
  const calls = (custom: object, json: string): AssistantPart[] => [
    { type: "tool-call", id: "a", name: "patch", json, ...custom },
    { type: "tool-call", id: "b", name: "f", json: "{}" },
  ];
  const lost = lossList();
  const asked = sampleRequest({ messages: [user("Hi"), assistant(...calls({ custom: true }, "free"))] });
  const { messages } = withFunctions(asked, lost);
  deepStrictEqual(messages, [user("Hi"), assistant(...calls({}, JSON.stringify(wrapInput("free"))))]);
  deepStrictEqual(lost.all(), []);
  strictEqual(withFunctions(sampleRequest({ messages: [assistant(...calls({}, "{}"))] }), lost).source.text, "{}");
});

Deno.test("any text comes back as it was wrapped", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    strictEqual(unwrapInput(JSON.stringify(wrapInput(text))), text);
    strictEqual(input(JSON.stringify(wrapInput(text))), text);
  }));
});

Deno.test("free text of an upstream that knows custom tools is told as it comes, though it looks like JSON", () => {
  const events = [{ ...call(0), custom: true }, json(0, '{"input": '), json(0, '"x"}'), json(0, "!")] as CallEvent[];
  const calls = customCalls(TOOLS);
  deepStrictEqual(events.map((event) => calls.push(event)), events.map((event) => [event]));
});

Deno.test("text that is no object is free text already, and what follows it is, too", () => {
  const calls = customCalls(TOOLS);
  deepStrictEqual(calls.push(json(0, "nobody's")), [json(0, "nobody's")]);
  calls.push(call(0));
  deepStrictEqual(calls.push(json(0, " ")), []);
  deepStrictEqual(calls.push(json(0, "ls {")), [json(0, " ls {")]);
  deepStrictEqual(calls.push(json(0, "a} && {b}")), [json(0, "a} && {b}")]);
  deepStrictEqual(calls.flush(), []);
});

Deno.test("an object of another form is told as it is, and so is what follows it", () => {
  strictEqual(input('{"command"', ':"ls"}'), '{"command":"ls"}');
  strictEqual(input('{"input":', '["ls"]}'), '{"input":["ls"]}');
  strictEqual(input("{ return 1 }", " // {}"), "{ return 1 } // {}");
});

Deno.test("T13 arguments that were cut short are told as they came, as half a text would look whole", () => {
  strictEqual(input('{"input": "*** Begin Pa'), '{"input": "*** Begin Pa');
  deepStrictEqual(told([call(0)]), [{ ...call(0), custom: true }]);
});

Deno.test("calls are told apart, and those of functions go on as they are", () => {
  const events = [call(0), call(1, "f"), json(0, '{"input":'), json(1, '{"input":'), json(0, '"a"}'), json(1, '"b"}')];
  deepStrictEqual(told(events), [
    ...[{ ...call(0), custom: true }, call(1, "f")],
    ...[json(1, '{"input":'), json(0, "a"), json(1, '"b"}')],
  ]);
});

Deno.test("T23 a custom tool is known under the name that its upstream was given", () => {
  const [begun] = told([call(0, fitToolName("my patch"))]);
  strictEqual(begun?.type === "tool-call" && begun.custom, true);
});

Deno.test("a whole call is told as free text, unless it came as such", () => {
  const part = { type: "tool-call", id: "call_0", name: "patch", json: WRAPPED } as const;
  deepStrictEqual(asCustomCall(part, TOOLS), { ...part, custom: true, json: unwrapInput(WRAPPED) });
  deepStrictEqual(asCustomCall({ ...part, custom: true }, TOOLS), { ...part, custom: true });
  deepStrictEqual(asCustomCall({ ...part, name: "f" }, TOOLS), { ...part, name: "f" });
  strictEqual(asCustomCall({ ...part, json: "ls" }, TOOLS).json, "ls");
});
