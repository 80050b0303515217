import assert from "node:assert/strict";
import { checkAddress } from "../../providers/address_guard.ts";

const HOSTS: Record<string, string[]> = {
  "api.vendor.example": ["93.184.216.34", "2606:2800:220:1::1"],
  "rebound.example": ["93.184.216.34", "10.0.0.5"],
  "metadata.example": ["169.254.169.254"],
  // A resolver may not know what a connection does: https://www.rfc-editor.org/rfc/rfc6761#section-6.3
  "localhost": ["93.184.216.34"],
  "a.localhost": ["93.184.216.34"],
};
const resolve = (hostname: string) => Promise.resolve(HOSTS[hostname] ?? []);

async function isAllowed(url: string, publicOnly: boolean): Promise<boolean> {
  return await checkAddress(new URL(url), { resolve, publicOnly }).then(() => true, (error) => {
    assert.equal(error.kind, "forbidden");
    return false;
  });
}

Deno.test("H5 cloud metadata is refused whoever entered the URL", async () => {
  for (
    const url of [
      "http://169.254.169.254/latest",
      "http://[::ffff:169.254.169.254]/",
      "http://[fe80::1]/",
      "http://[fd00:ec2::254]/",
      "http://100.100.100.200/",
      "http://metadata.google.internal/",
      "http://0xA9FEA9FE/",
      "http://2852039166/",
    ]
  ) {
    assert.equal(await isAllowed(url, false), false, url);
    assert.equal(await isAllowed(url, true), false, url);
  }
});

Deno.test("H5 loopback and private ranges are refused for URLs entered by others, after resolution", async () => {
  for (
    const url of [
      "http://127.0.0.1:11434/",
      "http://localhost/",
      "http://a.localhost/",
      "http://10.1.2.3/",
      "http://192.168.1.1/",
      "http://172.16.0.1/",
      "http://[::1]/",
      "http://0.0.0.0/",
      "http://100.64.0.1/",
      "https://rebound.example/v1",
      "https://metadata.example/v1",
    ]
  ) assert.equal(await isAllowed(url, true), false, url);
  assert.equal(await isAllowed("https://api.vendor.example/v1", true), true);
});

Deno.test("H5 who runs the gateway may point it at local upstreams", async () => {
  for (const url of ["http://127.0.0.1:11434/", "http://localhost:1234/v1", "http://192.168.1.1/"]) {
    assert.equal(await isAllowed(url, false), true, url);
  }
});
