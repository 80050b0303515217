import assert from "node:assert/strict";
import { drain } from "../../streaming/pull.ts";
import { readBytes } from "../../streaming/read_bytes.ts";

/** A body of so many bytes that fills whatever it is given to fill, and notes how large that was. */
function bodyOf(size: number) {
  const rooms: number[] = [];
  let left = size;
  const body = new ReadableStream({
    type: "bytes",
    pull(controller) {
      const room = controller.byobRequest?.view?.byteLength ?? 0;
      rooms.push(room);
      const filled = Math.min(left, room);
      left -= filled;
      if (filled === 0) controller.close();
      controller.byobRequest?.respond(filled);
    },
  });
  return { body, rooms };
}

Deno.test("readBytes() gives a silent stream little room, and a large body more and more", async () => {
  const { body, rooms } = bodyOf(200_000);
  const sizes: number[] = [];
  const source = readBytes(body);
  for (let chunk = await source.next(); chunk !== undefined; chunk = await source.next()) sizes.push(chunk.byteLength);
  assert.deepEqual(rooms.slice(0, 4), [4_096, 16_384, 65_536, 65_536]);
  assert.equal(sizes.reduce((sum, size) => sum + size, 0), 200_000);
});

Deno.test("readBytes() keeps its room small for as long as what comes is", async () => {
  const { body, rooms } = bodyOf(100);
  assert.equal((await drain(readBytes(body))).length, 1);
  assert.deepEqual(rooms, [4_096, 4_096]);
});

Deno.test("V15 readBytes() cancels the body when it is cancelled, with the reason and once, and ends by that", async () => {
  for (const type of ["bytes", undefined] as const) {
    const reasons: unknown[] = [];
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      ...type && { type },
      cancel: (reason) => void reasons.push(reason),
    } as UnderlyingSource<Uint8Array<ArrayBuffer>>);
    const source = readBytes(body);
    const pending = source.next();
    source.cancel("left");
    source.cancel("again");
    assert.equal(await pending, undefined);
    assert.equal(await source.next(), undefined);
    assert.deepEqual(reasons, ["left"], `${type}`);
  }
});
