/** `deno task setup`: three questions, a file, a try of the connection, and the settings for a client. */

import { parseArgs } from "node:util";
import { parseConfig } from "../gateway/config/mod.ts";
import { type Answers, formatEnv, formatToml, newClientKey, readVendor, wantsKey } from "./setup/answers.ts";
import { describeClient } from "./setup/client_settings.ts";
import { tryConnection } from "./setup/try_connection.ts";

const USAGE = `Usage: deno task setup [options]
Asks on a terminal for what no option gives. Without a terminal --vendor is needed.
  --vendor NAME       openai, anthropic, gemini, deepseek, …, demo, or the URL of another OpenAI-compatible API
  --key KEY           the vendor's key, or several separated by commas
  --client-key KEY    what your clients will send; one is made up unless it is given, "" leaves the gateway open
  --env               write .env, as Docker Compose reads it, in place of config.toml
  --force             write over a file that is there
  --no-test           do not ask the vendor whether it works`;

const OPTIONS = {
  "vendor": { type: "string" },
  "key": { type: "string" },
  "client-key": { type: "string" },
  "env": { type: "boolean" },
  "force": { type: "boolean" },
  "no-test": { type: "boolean" },
  "help": { type: "boolean" },
} as const;

try {
  await setUp(Deno.args);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(1);
}

async function setUp(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: OPTIONS });
  if (values.help) return console.log(USAGE);
  const file = values.env ? ".env" : "config.toml";
  if (!values.force && await exists(file)) throw new Error(`${file} is there already: --force writes over it`);

  const answers = askFor(values);
  const { vendor, clientKey } = answers;
  const connection = await tryAnswers(answers, { isTested: !values["no-test"] });
  if ("problem" in connection) {
    throw new Error(`Nothing is written, as ${vendor.name} does not work: ${connection.problem}`);
  }
  if (connection.models.length > 0) console.log(`${vendor.name} works, and has ${connection.models.length} models.`);

  await Deno.writeTextFile(file, values.env ? formatEnv(answers) : formatToml(answers), { mode: 0o600 });
  const model = connection.models[0] ?? `${vendor.name}/${vendor.name === "demo" ? "echo" : "…"}`;
  console.log(
    `${file} is written. Start the gateway: ${values.env ? "docker compose up --build" : "deno task start"}\n`,
  );
  console.log(describeClient({ clientKey, model }));
}

/** From the options, and from the terminal what they leave open. */
function askFor(given: { vendor?: string; key?: string; "client-key"?: string }): Answers {
  const isTerminal = Deno.stdin.isTerminal();
  if (given.vendor === undefined && !isTerminal) throw new Error(USAGE);
  const ask = (question: string) => isTerminal ? prompt(question)?.trim() ?? "" : "";
  const vendor = readVendor(given.vendor ?? ask("1. Which vendor, or the URL of another OpenAI-compatible API?"));
  const key = given.key ?? (wantsKey(vendor) ? ask(`2. The key of ${vendor.name}?`) : "");
  const clientKey = given["client-key"] ?? (ask("3. The key for your clients (Enter makes one up)?") || newClientKey());
  return { vendor, key, clientKey };
}

/** Whether they are a configuration, and whether the vendor works. */
async function tryAnswers(answers: Answers, { isTested }: { isTested: boolean }) {
  const outcome = parseConfig({ env: {}, toml: formatToml(answers) });
  if ("config" in outcome) return isTested ? await tryConnection(outcome.config, answers.vendor.name) : { models: [] };
  const [first] = outcome.problems;
  return { problem: `${first?.path} has to be ${first?.expected}` };
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
