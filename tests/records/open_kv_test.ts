import assert from "node:assert/strict";
import { kvDatabase } from "../../records/open_kv.ts";

const DATABASES: [string, Parameters<typeof kvDatabase>[0], { opens: boolean; looks: boolean }][] = [
  ["the platform's own server", { hosted: true }, { opens: true, looks: false }],
  ["the platform's own file", { hosted: false }, { opens: true, looks: true }],
  ["a file", { url: "data/kv.sqlite3", hosted: true }, { opens: true, looks: true }],
  ["a denokv server", { url: "HTTPS://kv.example.com", hosted: false }, { opens: true, looks: false }],
  ["memory", { url: "memory", hosted: true }, { opens: false, looks: false }],
];

for (const [what, options, { opens, looks }] of DATABASES) {
  Deno.test(`of ${what} it is known whether it is opened and whether its watched keys are looked at`, () => {
    const { open, pollInterval } = kvDatabase(options);
    assert.deepEqual({ opens: open !== undefined, looks: pollInterval > 0 }, { opens, looks });
  });
}

Deno.test("the database of the path is opened, and what cannot be opened rejects", async () => {
  const kv = await kvDatabase({ url: ":memory:", hosted: false }).open?.();
  assert.equal((await kv?.get(["a"]))?.value, null);
  kv?.close();
  const folder = await Deno.makeTempDir();
  await assert.rejects(async () => await kvDatabase({ url: `${folder}/missing/kv`, hosted: false }).open?.());
  await Deno.remove(folder);
});
