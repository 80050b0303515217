import assert from "node:assert/strict";
import { installOnce } from "../../tools/install_once.ts";

/** Notes each run outside of the folder, and leaves something within. */
async function installing(folder: string, { then = "", before = "" } = {}) {
  const script = `${before} echo run >> ${folder}.log; echo new > found; ${then}`;
  await installOnce({ folder, command: "sh", args: ["-ec", script] });
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const parent = await Deno.makeTempDir();
  try {
    await use(`${parent}/tool`);
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
}

Deno.test("those who want the same at once wait for one installation", () =>
  inFolder(async (folder) => {
    await Promise.all([installing(folder), installing(folder), installing(folder)]);
    assert.equal(await Deno.readTextFile(`${folder}.log`), "run\n");
  }));

Deno.test("what an interrupted installation left is removed first", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(folder);
    await Deno.writeTextFile(`${folder}/half`, "");
    await installing(folder, { before: "test ! -e half;" });
    assert.equal(await Deno.readTextFile(`${folder}/found`), "new\n");
  }));

Deno.test("an installation that fails says by which command", () =>
  inFolder(async (folder) => {
    await assert.rejects(installing(folder, { then: "echo why >&2; exit 1" }), /Cannot install by sh [^]*why/);
  }));
