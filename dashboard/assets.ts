/** The files that a browser loads: compressed once, under a path that changes with any of them, kept for a year. */

import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Context } from "hono";
import { BROWSER_FILES, LIBRARIES } from "./browser_files.ts";
import { PAGES } from "./pages.ts";

const TYPES: ReadonlyMap<string, string> = new Map([
  ["css", "text/css; charset=utf-8"],
  ["js", "text/javascript; charset=utf-8"],
  ["svg", "image/svg+xml"],
]);

const FILES: ReadonlyMap<string, string> = new Map(
  [BROWSER_FILES, ...PAGES.map(({ files }) => files)].flatMap((files) => Object.entries(files)),
);

/** One for all, so that modules can name each other by the paths they have in the project. */
const VERSION = digestOf(JSON.stringify([...FILES])).toString("hex").slice(0, 12);

const compressed = new Map<string, Uint8Array<ArrayBuffer>>();

export function assetUrl(path: string): string {
  if (!FILES.has(path)) throw new Error(`Cannot find the asset ${path}`);
  return `/dashboard/assets/${VERSION}/${path}`;
}

export const IMPORT_MAP: string = JSON.stringify({
  imports: Object.fromEntries(Object.entries(LIBRARIES).map(([name, path]) => [name, assetUrl(path)])),
});

/** What the policy knows the one inline element by. */
export const IMPORT_MAP_HASH = `sha256-${digestOf(IMPORT_MAP).toString("base64")}`;

/** The modules that `main` needs, so that a browser fetches them all at once instead of one after the other. */
export function modulesOf(main: string, seen: Set<string> = new Set()): string[] {
  seen.add(main);
  for (const [, specifier = ""] of FILES.get(main)?.matchAll(/\bfrom\s*"([^"]+)"/g) ?? []) {
    const path = LIBRARIES[specifier] ?? new URL(specifier, `file:///${main}`).pathname.slice(1);
    if (!seen.has(path) && FILES.has(path)) modulesOf(path, seen);
  }
  return [...seen];
}

/** `undefined` where there is no such file. An old version's path is not served anew: its page asks for a reload. */
export function serveAsset(
  context: Context,
  { version, path }: { version: string; path: string },
): Response | undefined {
  const text = FILES.get(path);
  if (text === undefined || version !== VERSION) return undefined;
  context.header("cache-control", "public, max-age=31536000, immutable, no-transform");
  context.header("vary", "accept-encoding");
  context.header("content-type", TYPES.get(path.split(".").at(-1) ?? "") ?? "application/octet-stream");
  if (!/\bgzip\b/.test(context.req.header("accept-encoding") ?? "")) return context.body(text);
  context.header("content-encoding", "gzip");
  const body = compressed.get(path) ?? new Uint8Array(gzipSync(text, { level: 9 }));
  compressed.set(path, body);
  return context.body(body);
}

function digestOf(text: string) {
  return createHash("sha256").update(text).digest();
}
