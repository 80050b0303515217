import assert from "node:assert/strict";
import { createLog } from "../../gateway/log.ts";
import { createRedactor } from "../../gateway/redact.ts";

const { redact } = createRedactor(["client-key-1234", "client-key-1234-longer", "abc"]);

Deno.test("H4 configured secrets are masked wherever they stand, the longer one first", () => {
  assert.equal(redact("a client-key-1234-longer b client-key-1234 c"), "a [redacted] b [redacted] c");
});

Deno.test("H4 credentials are masked by their look", () => {
  const cases: [string, string][] = [
    ["authorization: Bearer abcdef.ghijkl", "authorization: Bearer [redacted]"],
    ['{"x-api-key":"s3cr3t-value"}', '{"x-api-key":"[redacted]"}'],
    ["x-goog-api-key=whatever99", "x-goog-api-key=[redacted]"],
    ["GET /v1beta/models?key=AIzaWhatever&alt=sse", "GET /v1beta/models?key=[redacted]&alt=sse"],
    ["key sk-proj-abcdefghijklmnop failed", "key [redacted] failed"],
    ["AIzaSyA1234567890123456789012345678901", "[redacted]"],
    ["token eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.c2lnbmF0dXJl", "token [redacted]"],
  ];
  for (const [text, expected] of cases) assert.equal(redact(text), expected);
});

Deno.test("redact() leaves ordinary text alone", () => {
  const text = "the key to this task is a short abc; max_tokens=12, sk-1";
  assert.equal(redact(text), text);
});

Deno.test("the log writes one redacted JSON object a line, and nothing below its level", () => {
  const lines: string[] = [];
  const log = createLog({
    level: "info",
    format: "json",
    redact,
    write: (compose) => lines.push(compose()),
    now: () => 0,
  });
  log.debug("hidden");
  log.warn("seen", { key: "client-key-1234", absent: undefined });
  assert.deepEqual(lines.map((line) => JSON.parse(line)), [
    { time: "1970-01-01T00:00:00.000Z", level: "warn", message: "seen", key: "[redacted]" },
  ]);
});

Deno.test("a line of the log that has nothing but its message is JSON, too", () => {
  const lines: string[] = [];
  const write = (compose: () => string) => void lines.push(compose());
  createLog({ level: "info", format: "json", redact, write, now: () => 0 }).info("started", { absent: undefined });
  assert.deepEqual(lines, ['{"time":"1970-01-01T00:00:00.000Z","level":"info","message":"started"}']);
});

Deno.test("the log on a terminal is one readable line", () => {
  const lines: string[] = [];
  const log = createLog({
    level: "debug",
    format: "pretty",
    redact,
    write: (compose) => lines.push(compose()),
    now: () => 0,
  });
  log.error("failed", { id: "r1", count: 2, absent: undefined });
  // deno-lint-ignore no-control-regex
  assert.equal(lines[0]?.replace(/\x1b\[\d+m/g, ""), "00:00:00.000 error failed id=r1 count=2");
});

Deno.test("H4 a secret that is learnt later is masked by who redacted before, and stays so", () => {
  const redactor = createRedactor(["first-secret"]);
  const { redact } = redactor;
  const text = "first-secret later-secret abc";
  assert.equal(redact(text), "[redacted] later-secret abc");
  redactor.learn(["later-secret", "abc"]);
  redactor.learn([]);
  assert.equal(redact(text), "[redacted] [redacted] abc");
});

Deno.test("texts that come again are masked as they were, however many others came in between", () => {
  const { redact } = createRedactor(["the-secret"]);
  const texts = Array.from({ length: 2_000 }, (_, at) => `the-secret of ${at}`);
  for (const text of [...texts, ...texts.slice(0, 9), ...texts.slice(-9)]) {
    assert.equal(redact(text), text.replace("the-secret", "[redacted]"));
  }
});
