/** Does what a document tells its reader to do, fence by fence, and throws where it does not go as it says. */

import { parse as parseJsonc, type ParseError } from "jsonc-parser";
import { parseConfig } from "../../gateway/config/mod.ts";
import { type Fence, parseDocument } from "./fences.ts";
import { openShell, type Shell } from "./shell.ts";

export interface Outcome {
  executed: number;
  /** Fences that are marked as not executable, with the reason. */
  skipped: { line: number; reason: string }[];
}

export interface RunOptions {
  /** Where the commands are run. */
  folder: string;
  env: Record<string, string>;
  /** The gateway that runs before the first command: a command, and its variables. */
  gateway: { command: string };
}

/** The address that documents name. */
const WRITTEN_ADDRESS = "localhost:8000";

interface Run {
  shell: Shell;
  url: string;
  /** What the last command printed. */
  printed: string;
}

/**
 * The info string behind the language says what a fence is:
 * - nothing: a command that ends well, or text of a known form;
 * - `serve`: a command that goes on, until the next such one;
 * - `output`: what the last command prints, with `…` for any text;
 * - the name of a file: its content, which is written;
 * - `skip: reason`: not executable, or not here.
 */
export async function runDocument(markdown: string, options: RunOptions): Promise<Outcome> {
  const { fences, gateway } = parseDocument(markdown);
  const port = freePort();
  const shell = await openShell({ folder: options.folder, env: options.env });
  const run: Run = { shell, url: `http://localhost:${port}`, printed: "" };
  const outcome: Outcome = { executed: 0, skipped: [] };
  try {
    if (gateway !== undefined) await shell.serve(withVariables(gateway, options.gateway.command), run.url);
    for (const fence of fences) {
      const reason = /^skip:\s*(.+)$/.exec(fence.info)?.[1];
      if (reason !== undefined) outcome.skipped.push({ line: fence.line, reason });
      else if (await play(fence, run)) outcome.executed++;
    }
    return outcome;
  } finally {
    await shell.close();
  }
}

/** Whether there was something to execute. */
async function play(fence: Fence, run: Run): Promise<boolean> {
  try {
    return await kindOf(fence)(fence, run) ?? true;
  } catch (error) {
    throw new Error(`Line ${fence.line}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

type Kind = (fence: Fence, run: Run) => Promise<boolean | void> | boolean | void;

function kindOf({ language, info }: Fence): Kind {
  if (info === "output") return compareOutput;
  if (language === "sh") {
    if (info === "") return runCommand;
    if (info === "serve") return serveCommand;
  } else if (/^[\w./~-]+$/.test(info)) return writeFile;
  const form = info === "" ? FORMS[language] : undefined;
  if (form !== undefined) return form;
  throw new Error(`It is not said what is to be done with "${language} ${info}"`);
}

const FORMS: Readonly<Record<string, Kind>> = {
  toml: ({ text }) => {
    const { warnings, ...outcome } = { warnings: [], ...parseConfig({ env: {}, toml: text }) };
    if ("problems" in outcome) throw new Error(JSON.stringify(outcome.problems));
    const unknown = [...warnings, ...outcome.config.warnings].filter((warning) => warning.includes("not known"));
    if (unknown.length > 0) throw new Error(unknown.join("\n"));
  },
  json: ({ text }) => void JSON.parse(text),
  jsonc: ({ text }) => {
    const errors: ParseError[] = [];
    parseJsonc(text, errors, { allowTrailingComma: true });
    if (errors.length > 0) throw new Error("It is no JSON with comments");
  },
  mermaid: () => false,
  text: () => false,
};

async function runCommand({ text }: Fence, run: Run): Promise<void> {
  run.printed = await run.shell.run(localized(text, run));
}

async function serveCommand({ text }: Fence, { shell, url }: Run): Promise<void> {
  await shell.serve(text, url);
}

async function writeFile({ info, text }: Fence, run: Run): Promise<void> {
  const content = localized(text, run);
  await run.shell.run(`mkdir -p "$(dirname ${info})"\ncat > ${info} <<'END_OF_FENCE'\n${content}END_OF_FENCE`);
}

function compareOutput({ text }: Fence, run: Run): void {
  const printed = run.printed.replaceAll(run.url.slice("http://".length), WRITTEN_ADDRESS);
  const words = (part: string) => part.split(/\s+/).map((word) => RegExp.escape(word)).join("\\s+");
  const wanted = new RegExp(text.trim().split("…").map(words).join("[^]*?"));
  if (!wanted.test(printed)) throw new Error(`What is printed is not\n${text}but\n${printed}`);
}

/** Every document names the default port, and several are played at once: the port is all that is changed. */
function localized(text: string, { url }: Run): string {
  return text.replaceAll(WRITTEN_ADDRESS, url.slice("http://".length));
}

function withVariables(variables: Record<string, string>, command: string): string {
  return [...Object.entries(variables).map(([name, value]) => `export ${name}='${value}'`), command].join("\n");
}

/** None of those that are given to whoever asks for any (Linux has them from 32,768 on): a test's server might take it. */
function freePort(): number {
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return port;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return freePort();
    throw error;
  }
}
