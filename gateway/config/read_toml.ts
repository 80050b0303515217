/** The TOML file as layers of settings: what is given, where it stands, and what nobody understands. */

import { parse, TomlError } from "smol-toml";
import { coerce, type Kind } from "./coerce.ts";
import { interpolate } from "./interpolate.ts";
import type { ConfigProblem, Given, Layer } from "./problem.ts";
import { showValue } from "./problem.ts";
import { PROVIDER_SETTINGS } from "./provider_settings.ts";
import { SETTINGS } from "./settings.ts";
import { nearNames, suggestion } from "../catalog/near_names.ts";

/** What one source gave. */
export interface Source {
  settings: Layer;
  /** By name, in the order of the source. */
  providers: Map<string, Layer>;
  /** The table `models`, in the words of models.json. */
  models?: unknown;
  warnings: string[];
  problems: ConfigProblem[];
}

export interface TomlOptions {
  /** What messages call the file. */
  name: string;
  /** What `${NAME}` in a text stands for. */
  env: Readonly<Record<string, string>>;
}

/** A setting by the place where it may stand. `rank` tells aliases apart: the least counts. */
interface Known {
  path: string;
  /** The place as it is documented. */
  place: string;
  rank: number;
  kind: Kind;
  secret: boolean;
}

const KNOWN_SETTINGS = knownPaths(SETTINGS);
const KNOWN_PROVIDER_SETTINGS = knownPaths(PROVIDER_SETTINGS);
const TABLES = new Set([
  ...["providers", "models"],
  ...[...KNOWN_SETTINGS.keys()].filter((path) => path.includes(".")).map((path) => path.slice(0, path.indexOf("."))),
]);

export function readToml(text: string, options: TomlOptions): Source {
  const source: Source = { settings: new Map(), providers: new Map(), warnings: [], problems: [] };
  const document = parseDocument(text, options.name, source);
  const { providers = {}, models, ...rest } = document;
  if (models !== undefined) source.models = models;
  source.settings = readTable(rest, { known: KNOWN_SETTINGS, keys: [], source, options });
  if (!isTable(providers)) {
    source.problems.push(misplaced(["providers"], providers, options));
    return source;
  }
  for (const [name, table] of Object.entries(providers)) readProvider(name, table, source, options);
  applyOldRules(source);
  return source;
}

/**
 * The older proxy knew no `stream` and always streamed fake, kept alive by chunks without words: a file written for it must go
 * on doing so.
 */
function applyOldRules({ settings, providers }: Source): void {
  const sign = signOfAge(settings);
  const layers = [...providers.values()];
  if (sign === undefined || layers.some((layer) => layer.has("stream"))) return;
  for (const layer of layers) layer.set("stream", { ...sign, value: "fake", shown: "fake" });
  if (!settings.has("advanced.keepAlive")) {
    settings.set("advanced.keepAlive", { ...sign, value: "chunk", shown: "chunk" });
  }
}

/** `fakeStreamInterval`, or `contentSpoof`, whose own name here is `requestVariation`. */
function signOfAge(settings: Layer): Given | undefined {
  const variation = settings.get("advanced.requestVariation");
  const isSpoof = variation !== undefined && fold(variation.at).endsWith("contentspoof");
  return settings.get("advanced.fakeStreamInterval") ?? (isSpoof ? variation : undefined);
}

function readProvider(name: string, table: unknown, source: Source, options: TomlOptions): void {
  const keys = ["providers", name];
  if (!isTable(table)) return void source.problems.push(misplaced(keys, table, options));
  const own: Source = { ...source, warnings: [], problems: [] };
  const layer = readTable(table, { known: KNOWN_PROVIDER_SETTINGS, keys, source: own, options });
  source.providers.set(name, layer);
  source.warnings.push(...own.warnings);
  // A provider that is switched off may well name a variable that is not set.
  if (layer.get("enabled")?.value !== false) source.problems.push(...own.problems);
}

interface TableContext {
  known: ReadonlyMap<string, Known>;
  /** Where the table stands. */
  keys: readonly string[];
  source: Source;
  options: TomlOptions;
}

function readTable(table: Record<string, unknown>, context: TableContext): Layer {
  const { known, source, options } = context;
  const layer: Layer = new Map();
  const ranks = new Map<string, number>();

  const take = (found: Known, keys: readonly string[], written: unknown): void => {
    if (found.rank > (ranks.get(found.path) ?? Infinity)) return;
    const at = labelOf(keys, options);
    const { value, missing } = interpolate(written, options.env);
    for (const name of missing) {
      source.problems.push({
        path: at,
        value: `"\${${name}}"`,
        expected: `the environment variable ${name} to be set`,
      });
    }
    // A text that was not filled in says nothing: the problem above is the one to mend.
    if (missing.length > 0) return;
    layer.set(found.path, { value: coerce(found.kind, value), at, shown: written, secret: found.secret });
    ranks.set(found.path, found.rank);
  };

  const walk = (value: unknown, keys: readonly string[], below: readonly string[]): void => {
    const place = fold(below.join("."));
    const found = known.get(place);
    if (found !== undefined) return take(found, keys, value);
    const isSection = [...known.keys()].some((path) => path.startsWith(`${place}.`));
    if (isSection && !isTable(value)) return void source.problems.push(misplaced(keys, value, options));
    if (!isSection) return void source.warnings.push(unknownKey(keys, place, context));
    for (const [key, child] of Object.entries(value as object)) walk(child, [...keys, key], [...below, key]);
  };

  for (const [key, value] of Object.entries(table)) walk(value, [...context.keys, key], [key]);
  return layer;
}

function parseDocument(text: string, name: string, source: Source): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // Only the first line: the others quote the document, and the quote may be a key.
    const reason = error.message.split("\n")[0]?.replace("Invalid TOML document: ", "");
    source.problems.push({
      path: `${name} line ${error.line}, column ${error.column}`,
      value: `no TOML (${reason})`,
      expected: "a TOML document",
    });
    return {};
  }
}

function misplaced(keys: readonly string[], value: unknown, options: TomlOptions): ConfigProblem {
  const at = labelOf(keys, options);
  // `[providers] openai = "sk-…"` is an easy mistake to make.
  const shown = showValue({ value, at, shown: value, secret: keys[0] === "providers" });
  return { path: at, ...shown !== undefined && { value: shown }, expected: "a table" };
}

function unknownKey(keys: readonly string[], place: string, { known, options }: TableContext): string {
  const near = nearPlaces(place, known).map((found) => known.get(found)?.place ?? found);
  return `${labelOf(keys, options)} is not known and does nothing${suggestion(near)}`;
}

/** Settings of that name in other tables, as `port` at the top, or else what was mistyped: a setting, or a table of them. */
function nearPlaces(place: string, known: ReadonlyMap<string, Known>): string[] {
  const elsewhere = [...known.keys()].filter((path) => path.endsWith(`.${place}`));
  if (elsewhere.length > 0) return elsewhere;
  const tables = known === KNOWN_SETTINGS ? TABLES : [];
  return nearNames(place, [...known.keys(), ...tables], { limit: 1, within: 3 });
}

/** `config.toml [providers.relay].api_key`: the table as it stands in the file, then the key. */
export function labelOf(keys: readonly string[], { name }: Pick<TomlOptions, "name">): string {
  const table = keys.slice(0, -1).join(".");
  return `${name} ${table === "" ? "" : `[${table}].`}${keys.at(-1)}`;
}

function knownPaths(
  settings: Readonly<Record<string, { toml: readonly string[]; kind: Kind; secret?: true }>>,
): Map<string, Known> {
  const places = Object.entries(settings).flatMap(([path, { toml, kind, secret = false }]) =>
    toml.map((place, rank) => [fold(place), { path, place, rank, kind, secret }] as const)
  );
  return new Map(places);
}

/** One spelling for `fakeStreamInterval`, `fake_stream_interval` and `fake-stream-interval`. */
function fold(path: string): string {
  return path.toLowerCase().replace(/[_-]/g, "");
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
