import assert from "node:assert/strict";
import { createOverlap } from "../../../providers/langfast/overlap.ts";

Deno.test("a run that met another of its user's is not alone any more, whoever came first and whoever left", () => {
  const overlap = createOverlap();
  const [user, another] = ["one", "another"];
  const [first, second] = [new AbortController(), new AbortController()];
  const enter = (of: string, end = new AbortController()) => overlap.enter(of, end.signal);
  const isFirstAlone = enter(user, first);
  const isElsewhereAlone = enter(another);
  assert.deepEqual([isFirstAlone(), isElsewhereAlone()], [true, true]);
  const isSecondAlone = enter(user, second);
  second.abort();
  assert.deepEqual([isFirstAlone(), isSecondAlone(), isElsewhereAlone()], [false, false, true]);
  first.abort();
  assert.equal(enter(user)(), true);
});
