import assert from "node:assert/strict";
import { createOverlap } from "../../../providers/langfast/overlap.ts";

Deno.test("a run that met another of its session is not alone any more, whoever came first and whoever left", () => {
  const overlap = createOverlap();
  const [session, another] = [{}, {}];
  const [first, second] = [new AbortController(), new AbortController()];
  const enter = (of: object, end = new AbortController()) => overlap.enter(of, end.signal);
  const isFirstAlone = enter(session, first);
  const isElsewhereAlone = enter(another);
  assert.deepEqual([isFirstAlone(), isElsewhereAlone()], [true, true]);
  const isSecondAlone = enter(session, second);
  second.abort();
  assert.deepEqual([isFirstAlone(), isSecondAlone(), isElsewhereAlone()], [false, false, true]);
  first.abort();
  assert.equal(enter(session)(), true);
});
