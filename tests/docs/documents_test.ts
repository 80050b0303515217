/** Every command in the documents is executed as it stands there. */

import assert from "node:assert/strict";
import { AGENTS } from "../../tools/clients/agents.ts";
import { newPlace, ROOT } from "../../tools/docs/place.ts";
import { parseDocument } from "../../tools/docs/fences.ts";
import { runDocument } from "../../tools/docs/run_document.ts";

/** The agents' pages are executed by `deno task clients`: they install hundreds of megabytes. */
const BY_CLIENTS = AGENTS.map(({ page }) => `docs/clients/${page}`);

/** Its commands are README's: see below. */
const TRANSLATED = "README.zh-CN.md";

for (const path of documents().filter((path) => ![...BY_CLIENTS, TRANSLATED].includes(path))) {
  Deno.test(`${path} does what it says`, async () => {
    const markdown = await Deno.readTextFile(ROOT + path);
    const { fences, gateway } = parseDocument(markdown);
    const withProject = gateway === undefined && fences.some(({ language }) => language === "sh");
    const place = await newPlace({ withProject });
    const command = `exec ${Deno.execPath()} run -A ${ROOT}main.ts`;
    try {
      const { skipped } = await runDocument(markdown, { ...place, gateway: { command } });
      for (const { reason } of skipped) assert.match(reason, /\w+ \w+/);
    } finally {
      await place.remove();
    }
  });
}

Deno.test("README.zh-CN.md has the commands of README.md, and as many sections and links", async () => {
  const [english, chinese] = await Promise.all(["README.md", TRANSLATED].map((path) => Deno.readTextFile(ROOT + path)));
  const commands = (text: string) =>
    parseDocument(text).fences.filter(({ language }) => language !== "mermaid").map(({ line: _, ...fence }) => fence);
  const links = (text: string) => [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, to]) => to).sort();
  const sections = (text: string) => text.match(/^## /gm)?.length;
  assert.deepEqual(commands(chinese!), commands(english!));
  assert.deepEqual(links(chinese!.replace("README.md", "")), links(english!.replace("README.zh-CN.md", "")));
  assert.equal(sections(chinese!), sections(english!));
});

Deno.test("links between documents lead to files and headings that are there", async () => {
  for (const path of documents()) {
    const text = await Deno.readTextFile(ROOT + path);
    for (const [, to = ""] of text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
      const [file = "", heading] = to.split("#");
      const target = file === "" ? path : new URL(file, `file:///${path}`).pathname.slice(1);
      const there = await Deno.stat(ROOT + target).catch(() => undefined);
      assert.ok(there, `${path} leads to ${to}`);
      if (heading === undefined) continue;
      assert.ok(anchorsOf(await Deno.readTextFile(ROOT + target)).includes(heading), `${path} leads to ${to}`);
    }
  }
});

/** As GitHub makes them of headings. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-")
  );
}

function documents(): string[] {
  const top = [...Deno.readDirSync(ROOT)].map(({ name }) => name);
  return [...top, ...below("docs")].filter((path) => path.endsWith(".md")).sort();
}

function below(folder: string): string[] {
  return [...Deno.readDirSync(ROOT + folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? below(`${folder}/${name}`) : [`${folder}/${name}`]
  );
}
