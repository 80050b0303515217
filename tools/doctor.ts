/** `deno task doctor URL`: examines a running gateway as its first client would, and says what is wrong. */

import { parseArgs } from "node:util";
import { examine, type Grade, type Target } from "./doctor/check.ts";
import { CHECKS } from "./doctor/checks.ts";

const USAGE = `Usage: deno task doctor URL [--key KEY] [--admin-key KEY] [--listen MILLISECONDS]
The keys are also read from ANYSTREAM_KEY and ADMIN_KEY.`;

const SIGNS: Readonly<Record<Grade, string>> = { ok: "ok  ", warn: "warn", fail: "FAIL", skip: "-   " };

const target = readTarget(Deno.args);
if (target === undefined) {
  console.error(USAGE);
  Deno.exit(2);
}
let failures = 0;
for await (const { name, grade, sentence } of examine(CHECKS, target)) {
  console.log(`${SIGNS[grade]}  ${name.padEnd(15)} ${sentence}`);
  if (grade === "fail") failures++;
}
console.log(failures === 0 ? "\nIt is well." : `\n${failures} of ${CHECKS.length} checks failed.`);
Deno.exit(failures === 0 ? 0 : 1);

function readTarget(args: string[]): Target | undefined {
  const options = { "key": { type: "string" }, "admin-key": { type: "string" }, "listen": { type: "string" } } as const;
  try {
    const { values, positionals: [url = ""] } = parseArgs({ args, options, allowPositionals: true });
    const [key, adminKey] = [
      values.key || Deno.env.get("ANYSTREAM_KEY"),
      values["admin-key"] || Deno.env.get("ADMIN_KEY"),
    ];
    return {
      url: new URL(url).href.replace(/\/+$/, ""),
      listen: Number(values.listen ?? 15_000),
      ...(key && { key }),
      ...(adminKey && { adminKey }),
    };
  } catch {
    return undefined;
  }
}
