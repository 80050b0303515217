import assert from "node:assert/strict";
import { connectTo, createReach } from "../../providers/reach.ts";
import { inFakeTime } from "../support/fake_time.ts";

const { signal } = new AbortController();

/** Whether the promise is still pending once all that is due has happened. */
async function isPending(promise: Promise<unknown> | undefined): Promise<boolean> {
  const pending = Symbol();
  const settled = await Promise.race([
    promise?.catch((error) => error) ?? new Promise(() => {}),
    new Promise((done) => setImmediate(done, pending)),
  ]);
  return settled === pending;
}

Deno.test("E13 a host that cannot be connected to is told from one that thinks, by the connect timeout", () =>
  inFakeTime(async (time) => {
    const reach = createReach({ connect: () => new Promise(() => {}), now: () => 0 });
    const failure = reach.failure("http://upstream", { limit: 100, signal });
    const failing = assert.rejects(async () => await failure, { code: "connect_timeout" });
    await time.pass(100);
    await failing;
  }));

Deno.test("a host that connects, or refuses at once, leaves the verdict to the fetch", async () => {
  for (const connect of [() => Promise.resolve(), () => Promise.reject(new Error("refused"))]) {
    const reach = createReach({ connect, now: () => 0 });
    assert.equal(await isPending(reach.failure("http://upstream", { limit: 100, signal })), true);
  }
});

Deno.test("a host that answered in the last minute is not asked whether it is there", async () => {
  let now = 0;
  let asked = 0;
  const connect = () => {
    asked++;
    return Promise.resolve();
  };
  const reach = createReach({ connect, now: () => now });
  const ask = () => isPending(reach.failure("http://upstream", { limit: 100, signal }));
  await ask();
  reach.answered();
  now = 60_000;
  await ask();
  assert.equal(asked, 1);
  now = 60_001;
  await ask();
  assert.equal(asked, 2);
});

Deno.test("connectTo() connects to a listening host and fails for a closed port", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const accepted = listener.accept();
  await connectTo(new URL(`http://127.0.0.1:${port}/v1`));
  (await accepted).close();
  listener.close();
  await assert.rejects(connectTo(new URL(`http://127.0.0.1:${port}/v1`)));
});

Deno.test("connectTo() connects to the URL's own host, by TLS where the URL is, and at its scheme's port if it names none", async () => {
  const real = { connect: Deno.connect, connectTls: Deno.connectTls };
  const asked: string[] = [];
  const note = (how: string) => ({ hostname, port }: { hostname?: string; port: number }) => {
    asked.push(`${how} ${hostname} ${port}`);
    return Promise.resolve({ close: () => asked.push("closed") });
  };
  Object.assign(Deno, { connect: note("tcp"), connectTls: note("tls") });
  try {
    for (const url of ["https://up.example/v1", "http://up.example", "https://up.example:8443", "http://[::1]:99"]) {
      await connectTo(new URL(url));
    }
  } finally {
    Object.assign(Deno, real);
  }
  const expected = ["tls up.example 443", "tcp up.example 80", "tls up.example 8443", "tcp ::1 99"];
  assert.deepEqual(asked, expected.flatMap((connection) => [connection, "closed"]));
});
