/** Every command in the documents is executed as it stands there. */

import assert from "node:assert/strict";
import { newPlace, ROOT } from "../../tools/docs/place.ts";
import { parseDocument } from "../../tools/docs/fences.ts";
import { runDocument } from "../../tools/docs/run_document.ts";

/** The agents' pages are executed by `deno task clients`: they install hundreds of megabytes. */
const BY_CLIENTS = ["claude-code", "codex", "gemini-cli", "qwen-code"].map((name) => `docs/clients/${name}.md`);

for (const path of documents().filter((path) => !BY_CLIENTS.includes(path))) {
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

function documents(): string[] {
  const top = [...Deno.readDirSync(ROOT)].map(({ name }) => name);
  return [...top, ...below("docs")].filter((path) => path.endsWith(".md")).sort();
}

function below(folder: string): string[] {
  return [...Deno.readDirSync(ROOT + folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? below(`${folder}/${name}`) : [`${folder}/${name}`]
  );
}
