import assert from "node:assert/strict";
import { bearerOf, createAdminAccess } from "../../../gateway/admin/admin_access.ts";

const MINUTE = 60_000;

function create(key: string | undefined = "right") {
  const clock = { now: 1_000_000 };
  const access = createAdminAccess({ key, now: () => clock.now });
  const attempt = (sent: string, address = "10.0.0.1") => {
    try {
      access.check(bearerOf(`Bearer ${sent}`), address);
      return "open";
    } catch (error) {
      const { kind, retryAfter } = error as { kind: string; retryAfter?: number };
      return kind === "rate-limit" ? retryAfter : kind;
    }
  };
  return { clock, access, attempt };
}

Deno.test("the admin key opens as a bearer only; without a configured key nothing does", () => {
  const { access, attempt } = create();
  assert.equal(attempt("right"), "open");
  assert.equal(attempt("right "), "open");
  for (const sent of ["wrong", "righ", "rightt", "Right"]) assert.equal(attempt(sent), "unauthorized", sent);
  for (const header of [undefined, "", "Basic right", "right", "Bearer "]) {
    assert.throws(() => access.check(bearerOf(header), undefined), { kind: "unauthorized" }, String(header));
  }
  const closed = createAdminAccess({ key: undefined, now: Date.now });
  assert.throws(() => closed.check("undefined", "x"), { kind: "unauthorized", message: /no ADMIN_KEY is set/ });
});

Deno.test("guessing is slowed: after five wrong keys each costs twice the wait of the one before, to five minutes", () => {
  const { clock, attempt } = create();
  for (let guess = 0; guess < 5; guess++) assert.equal(attempt("wrong"), "unauthorized");
  const waits: number[] = [];
  for (let guess = 0; guess < 10; guess++) {
    const wait = Number(attempt("wrong"));
    waits.push(wait);
    clock.now += wait - 1;
    assert.equal(attempt("right"), 1, "not even the right key is compared before");
    clock.now += 1;
    assert.equal(attempt("wrong"), "unauthorized");
  }
  assert.deepEqual(waits.slice(0, 4), [1_000, 2_000, 4_000, 8_000]);
  assert.equal(waits.at(-1), 5 * MINUTE);
  clock.now += 5 * MINUTE;
  assert.equal(attempt("right"), "open");
  assert.equal(attempt("wrong"), "unauthorized");
  assert.equal(attempt("right"), "open", "a right key wipes the slate clean");
});

Deno.test("another address is not slowed, old guesses are forgotten, and a request without a key is no guess", () => {
  const { clock, access, attempt } = create();
  for (let guess = 0; guess < 5; guess++) attempt("wrong");
  assert.equal(attempt("right", "10.0.0.2"), "open");
  assert.equal(attempt("right"), 1_000);
  clock.now += 31 * MINUTE;
  assert.equal(attempt("wrong"), "unauthorized");
  assert.equal(attempt("right"), "open");
  for (let visit = 0; visit < 50; visit++) {
    assert.throws(() => access.check(undefined, "10.0.0.3"), { kind: "unauthorized" });
  }
  assert.equal(attempt("right", "10.0.0.3"), "open");
});

Deno.test("a flood of addresses pushes out the oldest only, so that the memory is bounded", () => {
  const { attempt } = create();
  for (let guess = 0; guess < 5; guess++) attempt("wrong", "10.0.0.1");
  for (let address = 0; address < 9_000; address++) attempt("wrong", `v6::${address}`);
  assert.equal(attempt("right", "10.0.0.1"), 1_000);
  for (let address = 0; address < 11_000; address++) attempt("wrong", `v7::${address}`);
  assert.equal(attempt("right", "10.0.0.1"), "open");
});
