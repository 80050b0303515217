import assert from "node:assert/strict";
import type { AttemptNote } from "../../../gateway/observation.ts";
import { noting, OUTRUN } from "../../../gateway/routing/attempt.ts";
import { clientGone } from "../../../gateway/scope.ts";
import { candidateOf } from "./support.ts";

const TRIED = { lane: { candidate: candidateOf("one/model"), key: 0 }, number: 1, streamed: true, wait: 0 };

for (const [reason, outcome] of [[clientGone(), "client-gone"], [OUTRUN, "outrun"]] as const) {
  Deno.test(`an attempt that is aborted is noted as ${outcome} at once, and once`, async () => {
    const notes: AttemptNote[] = [];
    const abort = new AbortController();
    const ended = Promise.withResolvers<never>();
    const attempt = noting(() => ended.promise, { now: () => 0, note: (note) => void notes.push(note) });
    const running = attempt(TRIED, abort.signal);
    abort.abort(reason);
    assert.deepEqual(notes.map((note) => note.outcome), [outcome]);
    ended.reject(new Error("aborted"));
    await assert.rejects(running);
    assert.equal(notes.length, 1);
  });
}
