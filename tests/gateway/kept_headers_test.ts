import assert from "node:assert/strict";
import { keptHeaders } from "../../gateway/kept_headers.ts";
import { createRedactor } from "../../gateway/redact.ts";

const { redact } = createRedactor(["configured-key-1"]);

Deno.test("headers are kept as they came, but for credentials by their name and secrets wherever they stand", () => {
  const headers = new Headers({
    "Content-Type": "application/json",
    "anthropic-beta": "a, b",
    "x-odd": "this is configured-key-1",
  });
  const names = ["authorization", "x-api-key", "x-goog-api-key", "cookie", "proxy-authorization"];
  const others = ["cf-access-jwt-assertion", "x-amz-security-token", "x-my-secret", "x-client-cert", "x-signature"];
  for (const name of [...names, ...others]) headers.set(name, "never-to-be-seen");
  const kept = keptHeaders(headers, redact);
  assert.equal(kept["content-type"], "application/json");
  assert.equal(kept["anthropic-beta"], "a, b");
  assert.equal(kept["x-odd"], "this is [redacted]");
  for (const name of [...names, ...others]) assert.equal(kept[name], "[not kept]", name);
});

Deno.test("many and long headers are cut, and a secret at the cut is masked before", () => {
  const headers = new Headers({ "x-a": `${"x".repeat(290)} configured-key-1` });
  for (let at = 0; at < 500; at++) headers.set(`x-many-${at}`, "1");
  const kept = keptHeaders(headers, redact);
  assert.equal(Object.keys(kept).length, 100);
  assert.equal(kept["x-a"], `${"x".repeat(290)} [redacted`);
});
