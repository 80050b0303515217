/** Tests of telling the deltas of tool calls apart. */

import assert from "node:assert/strict";
import { type CallDelta, type CallEvent, toolCallTracker } from "../../dialects/tool_call_tracker.ts";

function track(deltas: readonly CallDelta[]): CallEvent[] {
  const tracker = toolCallTracker((index) => `made_${index}`);
  return deltas.flatMap((delta) => tracker.push(delta).events);
}

/** The calls that the events make, in the order of their indexes. */
function calls(events: readonly CallEvent[]): string[] {
  const made: { head: string; json: string }[] = [];
  for (const event of events) {
    if (event.type === "tool-call") {
      assert.equal(event.index, made.length, "indexes are dense and in order");
      made.push({ head: `${event.id}:${event.name}`, json: "" });
    } else made[event.index]!.json += event.json;
  }
  return made.map(({ head, json }) => head + json);
}

const CASES: { name: string; deltas: CallDelta[]; expected: string[] }[] = [
  {
    name: "T1 fragments without an id are joined by their index",
    deltas: [
      { index: 0, id: "a", name: "f", arguments: "" },
      { index: 1, id: "b", name: "g", arguments: "" },
      { index: 0, arguments: "{1" },
      { index: 1, arguments: "{2" },
      { index: 0, arguments: "}" },
      { index: 1, arguments: "}" },
    ],
    expected: ["a:f{1}", "b:g{2}"],
  },
  {
    name: "T2 a call without an id is given one",
    deltas: [{ index: 0, name: "f", arguments: "{" }, { index: 0, arguments: "}" }],
    expected: ["made_0:f{}"],
  },
  {
    name: "T2 an empty id is none",
    deltas: [{ index: 0, id: "", name: "f", arguments: "{}" }],
    expected: ["made_0:f{}"],
  },
  {
    name: "T3 whole calls without an index are separate calls",
    deltas: [{ id: "a", name: "f", arguments: "{}" }, { id: "b", name: "f", arguments: "{}" }],
    expected: ["a:f{}", "b:f{}"],
  },
  {
    name: "T3 fragments without an index go on with the last call",
    deltas: [{ id: "a", name: "f" }, { arguments: "{" }, { arguments: "}" }, { id: "b", name: "g" }, {
      arguments: "{}",
    }],
    expected: ["a:f{}", "b:g{}"],
  },
  {
    name: "T3 an index that comes only later goes on with the call",
    deltas: [{ id: "a", name: "f" }, { index: 0, arguments: "{}" }],
    expected: ["a:f{}"],
  },
  {
    name: "T3 indexes that do not start at 0 are made dense",
    deltas: [{ index: 1, id: "a", name: "f" }, { index: 4, id: "b", name: "g" }, { index: 1, arguments: "{}" }],
    expected: ["a:f{}", "b:g"],
  },
  {
    name: "T4 whole calls at index 0 with distinct ids are separate calls",
    deltas: [{ index: 0, id: "a", name: "f", arguments: '{"a":1}' }, {
      index: 0,
      id: "b",
      name: "f",
      arguments: '{"b":2}',
    }],
    expected: ['a:f{"a":1}', 'b:f{"b":2}'],
  },
  {
    name: "T4 calls at index 0 whose fragments bear their ids are told apart by them",
    deltas: [
      { index: 0, id: "a", name: "f" },
      { index: 0, id: "b", name: "g" },
      { index: 0, id: "a", arguments: "{1}" },
      { index: 0, id: "b", arguments: "{2}" },
    ],
    expected: ["a:f{1}", "b:g{2}"],
  },
  {
    name: "T4 whole calls at index 0 without ids are separate calls",
    deltas: [{ index: 0, name: "f", arguments: '{"a":1}' }, { index: 0, name: "f", arguments: '{"b":2}' }],
    expected: ['made_0:f{"a":1}', 'made_1:f{"b":2}'],
  },
  {
    name: "T4 a name and id repeated in each fragment begin no other call",
    deltas: [
      { index: 0, id: "a", name: "f", arguments: '{"a":' },
      { index: 0, id: "a", name: "f", arguments: "1}" },
      { index: 0, id: "a", name: "f", arguments: "" },
    ],
    expected: ['a:f{"a":1}'],
  },
  {
    name: "T4 another id in each fragment begins no other call",
    deltas: [{ index: 0, id: "a", name: "f", arguments: "{" }, { index: 0, id: "x", arguments: "}" }],
    expected: ["a:f{}"],
  },
  {
    name: "T6 a call that comes whole in one delta",
    deltas: [{ index: 0, id: "a", name: "f", arguments: "{}" }],
    expected: ["a:f{}"],
  },
  {
    name: "a name that comes after its id",
    deltas: [{ index: 0, id: "a" }, { index: 0, arguments: "{" }, { index: 0, name: "f" }, {
      index: 0,
      arguments: "}",
    }],
    expected: ["a:f{}"],
  },
  {
    name: "a second call whose name comes after its id",
    deltas: [{ index: 0, id: "a", name: "f" }, { index: 1, id: "b" }, { index: 1, name: "g", arguments: "{}" }],
    expected: ["a:f", "b:g{}"],
  },
  {
    name: "T15 two calls with one id are given distinct ones",
    deltas: [{ index: 0, id: "call_f", name: "f", arguments: "{}" }, {
      index: 1,
      id: "call_f",
      name: "f",
      arguments: "{}",
    }],
    expected: ["call_f:f{}", "made_1:f{}"],
  },
  { name: "a fragment without any call is dropped", deltas: [{ index: 0, arguments: "{}" }], expected: [] },
];

for (const { name, deltas, expected } of CASES) {
  Deno.test(`${name}`, () => assert.deepEqual(calls(track(deltas)), expected));
}

Deno.test("T8 empty arguments say nothing", () => {
  assert.deepEqual(track([{ index: 0, id: "a", name: "f", arguments: "" }, { index: 0, arguments: "" }]), [
    { type: "tool-call", index: 0, id: "a", name: "f" },
  ]);
});

Deno.test("a delta is exact only where its own index and id stand", () => {
  const exact = (deltas: CallDelta[]) => {
    const tracker = toolCallTracker((index) => `made_${index}`);
    return deltas.map((delta) => tracker.push(delta).exact);
  };
  assert.deepEqual(exact([{ index: 0, id: "a", name: "f" }, { index: 0, arguments: "{}" }]), [true, true]);
  assert.deepEqual(exact([{ index: 0, name: "f" }, { index: 0, arguments: "{}" }]), [false, true]);
  assert.deepEqual(exact([{ id: "a", name: "f" }, { arguments: "{}" }]), [false, false]);
  assert.deepEqual(exact([{ index: 3, id: "a", name: "f" }]), [false]);
  assert.deepEqual(exact([{ index: 0, id: "a" }, { index: 0, name: "f" }]), [false, false]);
});

Deno.test("a signature goes with the call it came with", () => {
  assert.deepEqual(track([{ index: 0, id: "a", name: "f", signature: "s" }]), [
    { type: "tool-call", index: 0, id: "a", name: "f", signature: "s" },
  ]);
});

Deno.test("hasEmpty() tells of a call without arguments", () => {
  const tracker = toolCallTracker(String);
  tracker.push({ index: 0, id: "a", name: "f", arguments: "" });
  assert.equal(tracker.hasEmpty(), true);
  tracker.push({ index: 0, arguments: "{}" });
  assert.equal(tracker.hasEmpty(), false);
  assert.equal(tracker.count(), 1);
});
