import assert from "node:assert/strict";
import { createSession, SESSION_LENGTH } from "../../dashboard/session.ts";

function create(adminKey = "admin-key-1") {
  const clock = { now: 1_800_000_000_000 };
  return { clock, session: createSession({ adminKey, now: () => clock.now }) };
}

Deno.test("a session is good for twelve hours, in every instance that has the same admin key", () => {
  const { clock, session } = create();
  const token = session.issue();
  assert.equal(create().session.expiry(token), clock.now + SESSION_LENGTH);
  clock.now += SESSION_LENGTH - 1;
  assert.notEqual(session.expiry(token), undefined);
  clock.now += 1;
  assert.equal(session.expiry(token), undefined);
});

Deno.test("a session dies with the admin key, and nobody without it can make or prolong one", () => {
  const { session } = create();
  const token = session.issue();
  assert.equal(create("admin-key-2").session.expiry(token), undefined);
  const [expiry, signature = ""] = token.split(".");
  for (
    const forged of [
      `${Number(expiry) + 1}.${signature}`,
      `${expiry}.${"A".repeat(43)}`,
      `${expiry}.`,
      `${expiry}`,
      `${expiry}.${signature.slice(1)}`,
      `${expiry}.${signature}A`,
      `${expiry}.${"é".repeat(43)}`,
      "",
      ".",
    ]
  ) assert.equal(session.expiry(forged), undefined, forged);
});

Deno.test("a token does not hold the admin key, nor its plain digest", () => {
  const token = create("secret-admin-key").session.issue();
  assert.ok(!token.includes("secret") && !atob(token.split(".")[1]!.replace(/[-_]/g, "A")).includes("secret"));
});
