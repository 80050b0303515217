import assert from "node:assert/strict";
import { readJson } from "../../gateway/read_json.ts";
import { inFakeTime } from "../support/fake_time.ts";

function post(body: BodyInit, headers: Record<string, string> = {}): Request {
  return new Request("http://gateway/", { method: "POST", body, headers });
}

async function gzipped(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

Deno.test("readJson() gives the value and the text it was", async () => {
  const text = '{"a": 1.0, "b":"你"}';
  assert.deepEqual(await readJson(post(text), 1000), { body: { a: 1, b: "你" }, text });
});

Deno.test("readJson() says where a body is malformed, without quoting it", async () => {
  const reading = readJson(post('{"secret":\n  oops}'), 1000);
  await assert.rejects(reading, {
    kind: "invalid-request",
    message: "Cannot read the body as JSON: it is malformed at position 13 (line 2, column 3)",
  });
  await assert.rejects(readJson(post('{"a":'), 1000), /malformed at position 5 \(line 1, column 6\)/);
  await assert.rejects(readJson(post(" "), 1000), /it is empty/);
});

Deno.test("readJson() refuses what is nested too deep to be walked through, well-formed or not", async () => {
  for (const text of ["[".repeat(200_000) + "]".repeat(200_000), '{"a":'.repeat(200_000), "[{".repeat(200_000)]) {
    await assert.rejects(readJson(post(text), 10_000_000), { kind: "invalid-request", message: /nested too deep/ });
  }
});

Deno.test("V16 a client that leaves before its body is read is a client that left, and no failure of ours", async () => {
  const broken = new ReadableStream({ pull: (controller) => controller.error(new Deno.errors.BadResource("gone")) });
  await assert.rejects(readJson(post(broken), 1000), { kind: "client-gone", status: 499 });
});

Deno.test("V16 a client that stops in the middle of its body is told so after two minutes, and waited for no longer", async () => {
  await inFakeTime(async ({ pass }) => {
    const half = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"model":')),
    });
    const refused: unknown[] = [];
    readJson(post(half), 1000).catch(({ kind, status }) => refused.push(kind, status));
    await pass(119_999);
    assert.deepEqual(refused, []);
    await pass(1);
    assert.deepEqual(refused, ["request-timeout", 408]);
  });
});

Deno.test("H6 the limit counts decompressed bytes", async () => {
  const text = JSON.stringify("x".repeat(100_000));
  const packed = await gzipped(text);
  assert.ok(packed.length < 1000);
  await assert.rejects(readJson(post(packed, { "content-encoding": "gzip" }), 1000), {
    kind: "too-large",
    status: 413,
  });
  assert.equal((await readJson(post(packed, { "content-encoding": "gzip" }), 200_000)).text, text);
});

Deno.test("H6 a body that is too large is not read to its end", async () => {
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled++;
      controller.enqueue(new Uint8Array(1000));
    },
  });
  await assert.rejects(readJson(post(body), 5000), { kind: "too-large" });
  assert.ok(pulled < 20, String(pulled));
});

Deno.test("damaged and unknown compressions are the client's faults", async () => {
  await assert.rejects(readJson(post("{}", { "content-encoding": "gzip" }), 1000), { kind: "invalid-request" });
  await assert.rejects(readJson(post("{}", { "content-encoding": "zstd" }), 1000), { kind: "unsupported-media-type" });
  assert.equal((await readJson(post("{}", { "content-encoding": "identity" }), 1000)).text, "{}");
});
