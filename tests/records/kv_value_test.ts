import assert from "node:assert/strict";
import { draftOf, inTransactions } from "../../records/kv_value.ts";

const deletes = (count: number, key = (at: number): Deno.KvKey => [at]) =>
  Array.from({ length: count }, (_, at): Deno.KvMutation => ({ type: "delete", key: key(at) }));
const sets = (count: number, size: number) =>
  Array.from(
    { length: count },
    (_, at): Deno.KvMutation => ({ type: "set", key: [at], value: new Uint8Array(size) }),
  );

const GROUPS: [string, Deno.KvMutation[], number[]][] = [
  ["nothing where nothing is written", [], []],
  ["no more than 1,000 mutations", deletes(2_001), [1_000, 1_000, 1]],
  ["no more than 700,000 bytes of values", sets(25, 64_000), [10, 10, 5]],
  ["no more than 35,000 bytes of keys", deletes(40, (at) => ["x".repeat(1_990), at]), [17, 17, 6]],
  ["alone what is too large for any", [...sets(1, 1_000), ...sets(1, 800_000), ...sets(2, 1_000)], [1, 1, 2]],
];

for (const [rule, mutations, lengths] of GROUPS) {
  Deno.test(`one transaction carries ${rule}`, () => {
    const groups = inTransactions(mutations);
    assert.deepEqual(groups.map(({ length }) => length), lengths);
    assert.deepEqual(groups.flat(), mutations, "in their order");
  });
}

for (const [what, value] of [["one value", "short"], ["several parts", "x".repeat(200_000)]]) {
  Deno.test(`what expires and is kept as ${what} is deleted by KV itself, in whole milliseconds and not before`, () => {
    const kept = (how: { expireIn?: number }) =>
      new Set(draftOf(["a"], value, { ...how, now: 0 }).map((set) => "expireIn" in set ? set.expireIn : undefined));
    assert.deepEqual(kept({ expireIn: 1_500.2 }), new Set([1_501]));
    assert.deepEqual(kept({ expireIn: 0 }), new Set([1]), "KV takes no 0");
    assert.deepEqual(kept({}), new Set([undefined]));
  });
}
