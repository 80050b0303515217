import assert from "node:assert/strict";
import { createSession, SESSION_LENGTH } from "../../dashboard/session.ts";

function create(adminKey = "admin-key-1") {
  const clock = { now: 1_800_000_000_000 };
  const ids = new Set<string>();
  const ended = {
    add: (id: string) => Promise.resolve(void ids.add(id)),
    has: (id: string) => Promise.resolve(ids.has(id)),
  };
  return { clock, session: createSession({ adminKey, now: () => clock.now, ended }) };
}

Deno.test("a session is good for twelve hours, in every instance that has the same admin key", async () => {
  const { clock, session } = create();
  const token = session.issue();
  assert.equal((await create().session.open(token))?.expiry, clock.now + SESSION_LENGTH);
  clock.now += SESSION_LENGTH - 1;
  assert.notEqual(await session.open(token), undefined);
  clock.now += 1;
  assert.equal(await session.open(token), undefined);
});

Deno.test("ending a session ends all tokens of it, those before and after a renewal, and no other session", async () => {
  const { clock, session } = create();
  const [first, other] = [session.issue(), session.issue()];
  clock.now += SESSION_LENGTH / 2;
  const renewed = session.issue(await session.open(first));
  assert.equal((await session.open(renewed))?.expiry, clock.now + SESSION_LENGTH);
  await session.end(first);
  assert.deepEqual([await session.open(first), await session.open(renewed)], [undefined, undefined]);
  assert.notEqual(await session.open(other), undefined);
});

Deno.test("who has no session cannot end one", async () => {
  const { session } = create();
  const token = session.issue();
  await session.end(token.replace(/.$/, (last) => last === "A" ? "E" : "A"));
  await session.end("x");
  assert.notEqual(await session.open(token), undefined);
});

Deno.test("a session dies with the admin key, and nobody without it can make or prolong one", async () => {
  const { session } = create();
  const token = session.issue();
  assert.equal(await create("admin-key-2").session.open(token), undefined);
  const [expiry, id = "", signature = ""] = token.split(".");
  for (
    const forged of [
      `${Number(expiry) + 1}.${id}.${signature}`,
      `${expiry}.${"A".repeat(16)}.${signature}`,
      `${expiry}.${id}.${"A".repeat(43)}`,
      `${expiry}.${id}.`,
      `${expiry}.${id}`,
      `${expiry}.${signature}`,
      `${expiry}`,
      `${expiry}.${id}.${signature.slice(1)}`,
      `${expiry}.${id}.${signature}A`,
      `${expiry}.${id}.${"é".repeat(43)}`,
      "",
      ".",
    ]
  ) assert.equal(await session.open(forged), undefined, forged);
});

Deno.test("a token does not hold the admin key, nor its plain digest", () => {
  const token = create("secret-admin-key").session.issue();
  assert.ok(!token.includes("secret") && !atob(token.split(".")[2]!.replace(/[-_]/g, "A")).includes("secret"));
});
