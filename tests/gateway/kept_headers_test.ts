import assert from "node:assert/strict";
import { keptHeaders } from "../../gateway/kept_headers.ts";
import { createRedactor } from "../../gateway/redact.ts";

const { redact } = createRedactor(["configured-key-1"]);

Deno.test("what says who asked, and how, is kept as it came", () => {
  const headers = {
    "accept": "*/*",
    "accept-encoding": "gzip",
    "content-type": "application/json",
    "user-agent": "claude-cli/2.1",
    "anthropic-beta": "a, b",
    "anthropic-version": "2023-06-01",
    "openai-organization": "org",
    "x-app": "cli",
    "x-stainless-package-version": "1.2",
    "x-goog-api-client": "genai-js/1",
    "x-stream-mode": "fake",
    "x-anystream-session": "mine",
  };
  assert.deepEqual(keptHeaders(new Headers(headers), redact), headers);
});

Deno.test("of all others nothing but the name is kept: credentials are called as somebody likes", () => {
  const names = [
    "authorization",
    "x-api-key",
    "x-goog-api-key",
    "cookie",
    "proxy-authorization",
    "x-anystream-admin-key",
  ];
  const odd = ["cf-access-jwt-assertion", "x-pwd", "ok-access-pass", "x-sid", "api", "referer", "x-forwarded-uri"];
  const lookalikes = [
    "content-md5-key",
    "content-key",
    "accept-token",
    "x-accept",
    "sec-websocket-protocol",
    "x-stainless",
    "anthropic-auth",
  ];
  for (const name of [...names, ...odd, ...lookalikes]) {
    const kept = keptHeaders(new Headers({ [name]: "never-to-be-seen" }), redact);
    assert.deepEqual(kept, { [name]: "[not kept]" });
  }
});

Deno.test("many and long headers are cut, and a secret is masked wherever it stands, before it is cut", () => {
  const headers = new Headers({ "accept": `${"x".repeat(290)} configured-key-1` });
  for (let at = 0; at < 500; at++) headers.set(`x-many-${at}`, "1");
  const kept = keptHeaders(headers, redact);
  assert.equal(Object.keys(kept).length, 100);
  assert.equal(kept.accept, `${"x".repeat(290)} [redacted`);
});
