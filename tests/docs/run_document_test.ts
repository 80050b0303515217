import assert from "node:assert/strict";
import { newPlace } from "../../tools/docs/place.ts";
import { type Outcome, runDocument } from "../../tools/docs/run_document.ts";

/** A server that says what it was started with, for want of a gateway. */
const SERVER = `exec ${Deno.execPath()} eval 'Deno.serve(() => new Response(Deno.env.get("USER_SET_KEY") ?? "open"))'`;

async function run(markdown: string): Promise<Outcome> {
  const place = await newPlace({ withProject: false });
  try {
    return await runDocument(markdown.replaceAll("'''", "```"), { ...place, gateway: { command: SERVER } });
  } finally {
    await place.remove();
  }
}

Deno.test("a document is executed in order: files are written, folders and variables stay", async () => {
  const { executed, skipped } = await run(`
'''json notes/a.json
{"a": 1}
'''
'''sh
cd notes
export NAME=world
'''
'''sh
cat a.json
echo "hello $NAME"
'''
'''text output
{"a": …}
hello world
'''
'''sh skip: it needs an account
exit 1
'''
`);
  assert.equal(executed, 4);
  assert.deepEqual(skipped.map(({ reason }) => reason), ["it needs an account"]);
});

Deno.test("a document's gateway runs under the address that is written there, until another is started", async () => {
  await run(`
<!-- a gateway runs: USER_SET_KEY=client-key -->
'''sh
curl -s http://localhost:8000/
'''
'''text output
client-key
'''
'''sh serve
${SERVER}
'''
'''sh
curl -s http://localhost:8000/ && echo
echo localhost:8000
'''
'''text output
open
localhost:8000
'''
`);
});

const wrong: Readonly<Record<string, string>> = {
  "a command that fails": "'''sh\nfalse\n'''",
  "a command in the middle that fails": "'''sh\nfalse\ntrue\n'''",
  "a server that ends": "'''sh serve\ntrue\n'''",
  "another output": "'''sh\necho a\n'''\n'''text output\nb\n'''",
  "JSON that is none": "'''json\n{a}\n'''",
  "TOML that is none": "'''toml\na = \n'''",
  "a setting that is not known": "'''toml\n[advanced]\nkeepAliveIntervall = 1\n'''",
  "a skip without a reason": "'''sh skip:\ntrue\n'''",
  "a language of which nothing is known": "'''fortran\nEND\n'''",
  "a fence without an end": "'''sh\ntrue\n",
};

for (const [what, markdown] of Object.entries(wrong)) {
  Deno.test(`a document is refused for ${what}`, async () => {
    await assert.rejects(run(markdown));
  });
}
