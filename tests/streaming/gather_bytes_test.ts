/** Chunks that have arrived together pass as one, and nobody waits for those that have not. */

import assert from "node:assert/strict";
import { gatherBytes } from "../../streaming/gather_bytes.ts";
import type { Pull } from "../../streaming/pull.ts";
import { inFakeTime } from "../support/fake_time.ts";

const utf8 = new TextEncoder();

/** Gives its texts in one buffer that is used again, as a body's reader does; then ends, fails, or stays silent. */
function bodyOf(texts: readonly string[], end: "end" | "silence" | Error = "end") {
  const buffer = new Uint8Array(64);
  let at = 0;
  let silence: ((value: undefined) => void) | undefined;
  const source: Pull<Uint8Array> = {
    next() {
      const text = texts[at++];
      if (text !== undefined) return Promise.resolve(buffer.subarray(0, utf8.encodeInto(text, buffer).written));
      if (end === "end") return Promise.resolve(undefined);
      return end === "silence" ? new Promise((resolve) => silence = resolve) : Promise.reject(end);
    },
    cancel: () => silence?.(undefined),
  };
  return source;
}

/** Chunks that are never gathered. */
const FIRST = ["1", "2", "3", "4"];

async function passFirst(gathered: Pull<Uint8Array>): Promise<void> {
  for (const text of FIRST) assert.equal(textOf(await gathered.next()), text);
}

const textOf = (chunk: Uint8Array | undefined) => chunk && new TextDecoder().decode(chunk);

Deno.test("gatherBytes() gives the first chunks at once, and those that are there behind them as one", () =>
  inFakeTime(async () => {
    const gathered = gatherBytes(bodyOf([...FIRST, "a", "b", "c"]));
    await passFirst(gathered);
    assert.equal(textOf(await gathered.next()), "abc");
    assert.equal(await gathered.next(), undefined);
  }));

Deno.test("gatherBytes() gives each chunk of a slow body alone, without a look at what comes next", () =>
  inFakeTime(async (time) => {
    let asked = 0;
    const body = bodyOf([...FIRST, "second", "third"]);
    const gathered = gatherBytes({ ...body, next: () => (asked++, body.next()) });
    await passFirst(gathered);
    await time.pass(20);
    assert.equal(textOf(await gathered.next()), "second");
    assert.equal(asked, FIRST.length + 1);
  }));

Deno.test("gatherBytes() does not wait for a chunk that is not there", () =>
  inFakeTime(async () => {
    const gathered = gatherBytes(bodyOf([...FIRST, "a", "b"], "silence"));
    await passFirst(gathered);
    assert.equal(textOf(await gathered.next()), "ab");
    const next = gathered.next();
    gathered.cancel();
    assert.equal(await next, undefined);
  }));

Deno.test("gatherBytes() gives what came before a failure, and then the failure", () =>
  inFakeTime(async () => {
    const broken = new Error("Cannot read on");
    const gathered = gatherBytes(bodyOf([...FIRST, "a", "b"], broken));
    await passFirst(gathered);
    assert.equal(textOf(await gathered.next()), "ab");
    await assert.rejects(gathered.next(), broken);
  }));

Deno.test("gatherBytes() holds no more than it may, however fast the body is", () =>
  inFakeTime(async () => {
    const gathered = gatherBytes(bodyOf(Array.from({ length: 3000 }, () => "x".repeat(60))));
    let total = 0;
    let largest = 0;
    for (let chunk = await gathered.next(); chunk !== undefined; chunk = await gathered.next()) {
      total += chunk.length;
      largest = Math.max(largest, chunk.length);
    }
    assert.equal(total, 180_000);
    assert.ok(largest > 1000 && largest < 33_000, `${largest}`);
  }));

Deno.test("gatherBytes() holds no chunk for longer than four milliseconds, however steadily others follow", () =>
  inFakeTime(async (time) => {
    let given = 0;
    // One a turn of the event loop, for ever: each takes a tenth of a millisecond.
    const steady: Pull<Uint8Array> = {
      async next() {
        await new Promise((resolve) => setImmediate(resolve));
        await time.pass(0.1);
        given++;
        return utf8.encode("x");
      },
      cancel() {},
    };
    const gathered = gatherBytes(steady);
    for (const _ of FIRST) await gathered.next();
    const chunk = await gathered.next();
    assert.ok(chunk !== undefined && chunk.length > 1 && chunk.length < 60, `${chunk?.length} of ${given}`);
  }));
