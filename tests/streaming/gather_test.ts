import assert from "node:assert/strict";
import { gather } from "../../streaming/gather.ts";
import { drain, pullFrom } from "../../streaming/pull.ts";
import { manualPull } from "../support/manual_pull.ts";

/** Lets all that is due happen. */
const settle = () => new Promise<void>((resolve) => setTimeout(resolve));

Deno.test("gather() gives what came while its reader was busy as one batch", async () => {
  const source = manualPull<string[]>();
  const gathered = gather(source, 100);
  const first = gathered.next();
  source.give(["a"]);
  assert.deepEqual(await first, ["a"]);
  source.give(["b"]);
  source.give(["c", "d"]);
  await settle();
  assert.deepEqual(await gathered.next(), ["b", "c", "d"]);
  source.end();
  assert.equal(await gathered.next(), undefined);
});

Deno.test("gather() reads no further once as much waits as may", async () => {
  const source = manualPull<string[]>();
  const gathered = gather(source, 3);
  const first = gathered.next();
  source.give(["a"]);
  await first;
  source.give(["bb"]);
  source.give(["cc"]);
  await settle();
  assert.equal(source.waiting, 0);
  assert.deepEqual(await gathered.next(), ["bb", "cc"]);
  const third = gathered.next();
  assert.equal(source.waiting, 1);
  source.end();
  assert.equal(await third, undefined);
});

Deno.test("gather() hands out all that came before a failure, then fails", async () => {
  const source = manualPull<string[]>();
  const gathered = gather(source, 100);
  const first = gathered.next();
  source.give(["a"]);
  await first;
  source.give(["b"]);
  source.fail(new Error("cut"));
  await settle();
  assert.deepEqual(await gathered.next(), ["b"]);
  await assert.rejects(gathered.next(), /cut/);
});

Deno.test("gather() that is cancelled cancels its source, and gives no more", async () => {
  const source = manualPull<string[]>();
  const gathered = gather(source, 100);
  const first = gathered.next();
  gathered.cancel("left");
  assert.equal(await first, undefined);
  assert.deepEqual(source.cancelled, { reason: "left" });
});

Deno.test("gather() keeps the order, however large the items are", async () => {
  const items = Array.from({ length: 50 }, (_, at) => [`${at}`.repeat(at)]);
  assert.deepEqual((await drain(gather(pullFrom(items), 40))).flat(), items.flat());
});
