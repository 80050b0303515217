/** The pages that are made from tables, as the project's format has them. */

import { formatConfiguration } from "./configuration.ts";
import { formatDialects } from "./dialects.ts";
import { measuredIn } from "./measured.ts";
import { ROOT } from "./place.ts";

export const PAGES: Readonly<Record<string, () => Promise<string>>> = {
  "docs/configuration.md": () => formatted(formatConfiguration()),
  "docs/dialects.md": () => formatted(formatDialects()),
  "README.md": async () => formatted(await measuredIn("README.md")),
  "README.zh-CN.md": async () => formatted(await measuredIn("README.zh-CN.md")),
};

async function formatted(markdown: string): Promise<string> {
  const args = ["fmt", "--ext", "md", "-"];
  const child = new Deno.Command(Deno.execPath(), { args, cwd: ROOT, stdin: "piped", stdout: "piped" }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(markdown));
  await writer.close();
  return new TextDecoder().decode((await child.output()).stdout);
}
