/** What a public id means: an alias, `{provider}/{model}`, a name with `*`, or the bare id that only one provider has. */

import { GatewayError } from "../../chat/error.ts";
import { type Alias, candidatesOf } from "./aliases.ts";
import type { ResolvedModel } from "./catalog.ts";
import { globFor, globForAny, isGlob } from "./globs.ts";
import { lonelyLangfast, type Sources } from "./source.ts";
import { unknownModel } from "./unknown_model.ts";

export interface Shelf {
  sources: Sources;
  aliases: readonly Alias[];
}

/** @throws {GatewayError} `unknown-model`, or `invalid-request` where the id is empty */
export async function resolveModel(id: string, shelf: Shelf): Promise<ResolvedModel> {
  if (!isName(id)) throw unknownModel(id, []);
  const resolved = await resolveKnown(id, shelf) ?? resolveUnlisted(id, shelf.sources);
  if (resolved === undefined) throw unknownModel(id, publicIds(shelf));
  return resolved;
}

/** What somebody said that it means. @throws {GatewayError} `unknown-model` where it is known, and cannot be used */
export async function resolveKnown(id: string, { sources, aliases }: Shelf): Promise<ResolvedModel | undefined> {
  const alias = aliases.find((alias) => alias.id === id && !isGlob(id));
  if (alias !== undefined) return resolveAlias(alias, sources);
  return resolveInFull(id, sources) ?? resolveGlob(globFor(id, aliases), sources) ??
    await resolveBare(id, sources) ?? resolveGlob(globForAny(aliases), sources);
}

/**
 * Some vendors have the model in the path: no client may lead it elsewhere, past the filters that know it by its name.
 * What is no text at all can be in no path.
 */
function isName(id: string): boolean {
  return id.isWellFormed() && !id.split("/").some((segment) => segment === "." || segment === "..");
}

/** A name for many ids stands aside where none of its providers is set up. */
function resolveGlob(alias: Alias | undefined, sources: Sources): ResolvedModel | undefined {
  return alias === undefined || candidatesOf(alias, sources).length === 0 ? undefined : resolveAlias(alias, sources);
}

function resolveAlias(alias: Alias, sources: Sources): ResolvedModel {
  const [first, ...rest] = candidatesOf(alias, sources);
  if (first === undefined) {
    throw new GatewayError("unknown-model", `Cannot use the model "${alias.id}" as none of its providers is set up`, {
      param: "model",
    });
  }
  const { hedge_after: hedgeAfter } = alias.entry;
  return { publicId: alias.id, candidates: [first, ...rest], ...hedgeAfter !== undefined && { hedgeAfter } };
}

/** Any model of a provider that is there: one that is newer than the list works at once. */
function resolveInFull(id: string, sources: Sources): ResolvedModel | undefined {
  const slash = id.indexOf("/");
  const source = sources.get(id.slice(0, slash));
  const rest = id.slice(slash + 1);
  if (slash < 1 || rest === "" || source === undefined) return undefined;
  // OpenRouter has models of its own under its own name: `openrouter/auto`.
  const isWhole = source.list.find(rest) === undefined && source.list.find(id) !== undefined;
  const model = isWhole ? id : rest;
  if (!source.list.allows(model)) {
    throw new GatewayError("unknown-model", `Cannot use the model "${id}" as the provider's filter excludes it`, {
      param: "model",
    });
  }
  return { publicId: id, candidates: [source.candidate(model)] };
}

async function resolveBare(id: string, sources: Sources): Promise<ResolvedModel | undefined> {
  const all = [...sources.values()];
  await Promise.all(all.map(({ list }) => list.current()));
  const found = all.flatMap((source) => {
    const model = source.list.find(id);
    return model === undefined ? [] : [{ source, model }];
  });
  const names = found.map(({ source, model }) => `${source.config.name}/${model.id}`);
  const [first, second] = found;
  if (first === undefined) return undefined;
  if (second !== undefined) {
    throw new GatewayError("unknown-model", `Cannot tell which "${id}" is meant: ${names.join(", ")}`, {
      param: "model",
    });
  }
  return { publicId: names.join(), candidates: [first.source.candidate(first.model.id)] };
}

/** Whose models are called so. */
const FAMILIES = [
  { vendor: "anthropic", pattern: /^claude-/ },
  { vendor: "gemini", pattern: /^gemini-/ },
  { vendor: "openai", pattern: /^(?:gpt-|chatgpt-|o\d)/ },
] as const;

/**
 * A model that is newer than a list, or that its vendor does not list under this name: it is asked of the only provider that
 * can be meant. LangFast's list is one of the past: where there is nothing else, it may have any. A list that the
 * configuration gives is meant as it stands.
 */
function resolveUnlisted(id: string, sources: Sources): ResolvedModel | undefined {
  if (id.includes("/")) return undefined;
  const vendor = FAMILIES.find(({ pattern }) => pattern.test(id))?.vendor;
  const kin = vendor === undefined ? [] : [...sources.values()].filter(({ config }) => config.vendor === vendor);
  const meant = lonelyLangfast(sources) ?? (kin.length === 1 ? kin[0] : undefined);
  if (meant === undefined || meant.config.models.length > 0 || !meant.list.allows(id)) return undefined;
  return { publicId: `${meant.config.name}/${id}`, candidates: [meant.candidate(id)], isGuess: true };
}

function publicIds({ sources, aliases }: Shelf): string[] {
  const served = [...sources.values()].flatMap(({ config, list }) =>
    list.known().map(({ id }) => `${config.name}/${id}`)
  );
  return [...aliases.map(({ id }) => id).filter((id) => !isGlob(id)), ...served];
}
