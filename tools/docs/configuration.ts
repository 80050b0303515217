/** `docs/configuration.md`, as the tables of settings and vendors say: the page cannot tell anything else. */

import type { Kind } from "../../gateway/config/coerce.ts";
import { PROVIDER_SETTINGS, type ProviderSetting } from "../../gateway/config/provider_settings.ts";
import { type Setting, SETTINGS } from "../../gateway/config/settings.ts";
import { variablesOf, VENDOR_LIST } from "../../gateway/config/vendors.ts";
import type { Vendor } from "../../providers/vendor.ts";

const HEAD = `# Configuration

<!-- Written by \`deno task docs\` from the tables in gateway/config/ and providers/registry.ts: change those. -->

Nothing has to be set: the gateway starts with a demo that answers offline. What is set is read from four places, the first
of which counts:

1. variables of the environment,
2. a TOML file: the text in \`CONFIG_TOML\`, or the file that \`CONFIG_FILE\` names, or \`config.toml\` in the working folder,
3. \`models.json\`, for models,
4. the defaults.

\`deno task setup\` writes a first \`config.toml\`. [config.example.toml](../config.example.toml) has every setting with an
example. \`deno task validate\` says what a configuration means, or what is wrong with it, by path, value and expectation; a
name that is not known is told with the one that is near. In a file, case, \`_\` and \`-\` make no difference in names, and
\`"\${NAME}"\` takes a value from the environment. On Deno Deploy there is no file: set variables, \`CONFIG_TOML\` among them.
`;

const KINDS: Readonly<Record<Kind, string>> = {
  clientKeys: "keys",
  flag: "true or false",
  list: "list",
  map: "table",
  number: "number",
  text: "text",
  address: "URL",
  variation: "word",
  word: "word",
};

export function formatConfiguration(): string {
  return [HEAD, ...gatewayTables(), providerTable(), vendorTable()].join("\n");
}

function gatewayTables(): string[] {
  const tables = Map.groupBy(Object.values(SETTINGS), ({ toml: [place = ""] }) => tableOf(place));
  return [...tables].map(([table, settings]) =>
    section(code(`[${table}]`), "", [
      ["setting", "variable", "", "default", ""],
      ...settings.map((setting) => [
        code(lastOf(setting.toml[0] ?? "")),
        setting.env.map(code).join(" "),
        kindOf(setting.kind),
        defaultOf(setting),
        setting.sentence,
      ]),
    ])
  );
}

const PROVIDERS =
  `A provider is a table \`[providers.NAME]\`, and its models are \`NAME/model\`. Each setting is also a variable:
\`PROVIDER_NAME_\` and what stands in the table, as in \`PROVIDER_MY_RELAY_ENDPOINT\` for the provider \`my-relay\`.
`;

function providerTable(): string {
  const rows = Object.values(PROVIDER_SETTINGS).map(({ env, toml, kind, sentence }: ProviderSetting) => [
    code(toml[0] ?? ""),
    env[0] === undefined ? "" : code(`…_${env[0]}`),
    kindOf(kind),
    sentence,
  ]);
  return section("Providers", PROVIDERS, [["setting", "variable", "", ""], ...rows]);
}

const VENDORS =
  `A vendor's key in the environment switches it on, with its address and its ways already known. A local one is switched on by
its address. In a file the table \`[providers.NAME]\` with an \`api_key\` does the same.
`;

function vendorTable(): string {
  const rows = VENDOR_LIST.map(([name, vendor]: readonly [string, Vendor]) => {
    const { keys, endpoint } = variablesOf(name as Parameters<typeof variablesOf>[0]);
    const needed = keys.length === 0
      ? endpoint.slice(0, 1)
      : vendor.endpoint === undefined
      ? [...keys, endpoint[0]]
      : keys;
    return [code(name), `[${vendor.title}](${vendor.docs})`, needed.map((variable) => code(variable ?? "")).join(" ")];
  });
  return section("Vendors", VENDORS, [["name", "", "variable"], ...rows]);
}

function section(title: string, text: string, [head = [], ...rows]: string[][]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\\\|")).join(" | ")} |`;
  return [`## ${title}\n`, ...text === "" ? [] : [text], line(head), line(head.map(() => "---")), ...rows.map(line), ""]
    .join("\n");
}

function tableOf(place: string): string {
  return place.split(".").slice(0, -1).join(".");
}

function lastOf(place: string): string {
  return place.split(".").at(-1) ?? place;
}

function kindOf(kind: Kind): string {
  return KINDS[kind];
}

function defaultOf({ default: value }: Setting): string {
  if (value === undefined || Array.isArray(value) && value.length === 0) return "none";
  return code(Array.isArray(value) ? value.join(", ") : String(value));
}

function code(text: string): string {
  return `\`${text}\``;
}
