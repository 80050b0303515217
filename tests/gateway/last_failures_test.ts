import assert from "node:assert/strict";
import { GatewayError } from "../../chat/error.ts";
import { createLastFailures } from "../../gateway/last_failures.ts";
import type { AttemptNote, Observation } from "../../gateway/observation.ts";

function ended(attempts: Partial<AttemptNote>[], more: Partial<Observation> = {}): Observation {
  return {
    id: "r",
    startedAt: 0,
    dialect: "openai_chat",
    stream: true,
    provider: "up",
    lost: [],
    owner: "",
    chunks: 0,
    attempts: attempts.map((attempt) => ({
      ...{ provider: "up", model: "m", streamed: true, outcome: "began" as const, startedAt: 1, milliseconds: 1 },
      ...attempt,
    })),
    ...more,
  };
}

Deno.test("each provider's last failures are kept, the newest first, and no more than a few", () => {
  const failures = createLastFailures({ redact: (text) => text.replace("secret", "…") });
  failures.finished(ended([{ outcome: "overloaded", detail: "the secret", provider: "other" }, {}]), 10);
  for (let at = 0; at < 8; at++) failures.finished(ended([{ outcome: "upstream-empty", startedAt: at }]), 10);
  assert.deepEqual(failures.of("up").map(({ at }) => at), [8, 7, 6, 5, 4]);
  assert.deepEqual(failures.of("other"), [{ at: 2, kind: "overloaded", model: "m", detail: "the …" }]);
  assert.deepEqual(failures.of("none"), []);
});

Deno.test("a stream that broke is its provider's failure; a client that left, or asked for too much, is nobody's", () => {
  const failures = createLastFailures({ redact: (text) => text });
  failures.finished(ended([{ broke: "upstream-cut", detail: "reset" }]), 10);
  failures.finished(
    ended([{ outcome: "client-gone" }], { error: new GatewayError("client-gone", "Cannot answer") }),
    11,
  );
  failures.finished(ended([{ outcome: "too-large" }, { outcome: "context-length" }]), 12);
  assert.deepEqual(failures.of("up"), [{ at: 10, kind: "upstream-cut", model: "m", detail: "reset" }]);
});
