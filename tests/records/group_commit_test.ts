import assert from "node:assert/strict";
import { groupCommit } from "../../records/group_commit.ts";
import type { Write } from "../../records/store.ts";

const write = (name: string): Write => ({ key: [name], value: name });
const names = (writes: readonly Write[]) => writes.map(({ key }) => key[0]);

Deno.test("groupCommit() writes at once, and what comes meanwhile together", async () => {
  const groups: unknown[] = [];
  const pending: PromiseWithResolvers<void>[] = [];
  const setAll = groupCommit({
    setAll(writes) {
      groups.push(names(writes));
      pending.push(Promise.withResolvers<void>());
      return pending.at(-1)?.promise ?? Promise.resolve();
    },
  });
  const first = setAll([write("a")]);
  await Promise.resolve();
  const later = [setAll([write("b"), write("c")]), setAll([write("d")])];
  assert.deepEqual(groups, [["a"]]);
  pending[0]?.resolve();
  await first;
  await Promise.resolve();
  assert.deepEqual(groups, [["a"], ["b", "c", "d"]]);
  pending[1]?.resolve();
  await Promise.all(later);
});

Deno.test("groupCommit() tells a failure to those whose writes it was, and goes on", async () => {
  let isBroken = true;
  const setAll = groupCommit({ setAll: () => isBroken ? Promise.reject(new Error("full")) : Promise.resolve() });
  await assert.rejects(setAll([write("a")]), /full/);
  isBroken = false;
  await setAll([write("b")]);
});
