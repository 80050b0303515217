import assert from "node:assert/strict";
import { kvClient } from "../../records/kv_client.ts";

/** A database whose `get` fails so often before it answers. */
function failing(times: number, problem: string) {
  let calls = 0;
  const get = () => {
    if (calls++ < times) return Promise.reject(new TypeError(problem));
    return Promise.resolve({ key: ["a"], value: 1, versionstamp: "1" });
  };
  return { kv: { get } as unknown as Deno.Kv, calls: () => calls };
}

Deno.test("a file that another process writes to is asked again until it answers", async () => {
  const { kv } = failing(4, "database is locked");
  assert.equal((await kvClient(kv, 2_000).get(["a"])).value, 1);
});

Deno.test("a file that stays locked is given up in time", async () => {
  const { kv, calls } = failing(Infinity, "database is locked");
  await assert.rejects(kvClient(kv, 60).get(["a"]));
  assert.ok(calls() > 1);
});

Deno.test("any other failure is told at once", async () => {
  const { kv, calls } = failing(1, "disk I/O error");
  await assert.rejects(kvClient(kv, 2_000).get(["a"]), /disk/);
  assert.equal(calls(), 1);
});
