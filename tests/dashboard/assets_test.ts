import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { PAGES } from "../../dashboard/pages.ts";
import { ADMIN_KEY } from "../support/admin.ts";
import { sessionCookie } from "../support/dashboard.ts";
import { startGateway } from "../support/gateway.ts";

const BUDGET = 150 * 1024;

/** All that a page names to be loaded at once. */
function assetsOf(html: string): string[] {
  return [...new Set([...html.matchAll(/(?:src|href)="(\/dashboard\/assets\/[^"]+)"/g)].map(([, path = ""]) => path))];
}

/** Bytes on the wire: fetch would decompress. */
async function load(url: string, headers: Record<string, string>): Promise<{ bytes: Uint8Array; head: string }> {
  const { hostname, port, pathname } = new URL(url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  const lines = Object.entries({ host: `${hostname}:${port}`, connection: "close", ...headers });
  const head = [`GET ${pathname} HTTP/1.0`, ...lines.map(([name, value]) => `${name}: ${value}`), "", ""].join("\r\n");
  await connection.write(new TextEncoder().encode(head));
  const bytes = new Uint8Array(await new Response(connection.readable).arrayBuffer());
  const end = bytes.findIndex((_, at) => String(bytes.subarray(at, at + 4)) === "13,10,13,10");
  return { bytes: bytes.subarray(end + 4), head: new TextDecoder().decode(bytes.subarray(0, end)) };
}

Deno.test("a first visit to any page loads less than 150 KB, compressed, and names every module it needs", async () => {
  const gateway = startGateway({ env: { ADMIN_KEY } });
  try {
    const cookie = await sessionCookie(gateway);
    for (const { name } of PAGES) {
      const url = `${gateway.url}/dashboard/${name}`;
      const html = await (await fetch(url, { headers: { cookie } })).text();
      let total = html.length;
      const paths = assetsOf(html);
      for (const path of paths) {
        const { bytes, head } = await load(gateway.url + path, { "accept-encoding": "gzip" });
        assert.match(head, /^HTTP\/1\.\d 200/, path);
        assert.match(head, /cache-control: public, max-age=31536000, immutable/i);
        assert.match(head, /content-encoding: gzip/i);
        total += bytes.length;
        const text = new TextDecoder().decode(gunzipSync(bytes));
        for (const [, relative = ""] of text.matchAll(/\bfrom\s*"(\.[^"]+\.js)"/g)) {
          const needed = new URL(relative, gateway.url + path).pathname;
          assert.ok(paths.includes(needed), `${path} needs ${needed}`);
        }
      }
      assert.ok(total < BUDGET, `${name} loads ${total} bytes`);
    }
  } finally {
    await gateway.close();
  }
});

Deno.test("an asset is served as it is to who takes no gzip, and not under another version's path", async () => {
  const gateway = startGateway({ env: { ADMIN_KEY } });
  try {
    const html = await (await fetch(`${gateway.url}/dashboard/login`)).text();
    const [path = ""] = assetsOf(html);
    const { bytes, head } = await load(gateway.url + path, {});
    assert.doesNotMatch(head, /content-encoding/i);
    assert.ok(new TextDecoder().decode(bytes).length > 100);
    const old = await fetch(gateway.url + path.replace(/assets\/\w+/, "assets/000000000000"));
    assert.equal(old.status, 404);
    assert.equal(old.headers.get("cache-control"), "no-store");
    await old.body?.cancel();
  } finally {
    await gateway.close();
  }
});
