/** A document's fenced blocks, with what their info strings say to whoever executes the document. */

export interface Fence {
  /** Where it begins, counted from 1. */
  line: number;
  /** `sh`, `toml`, …; empty where none is named. */
  language: string;
  /** What stands behind the language: readers on the web never see it. */
  info: string;
  text: string;
}

export interface Document {
  fences: Fence[];
  /** The variables of the gateway that runs before the first command, where the document says so in a comment. */
  gateway?: Record<string, string>;
}

/** `<!-- a gateway runs: USER_SET_KEY=client-key -->` */
const GATEWAY = /<!-- a gateway runs(?::\s*(.*?))?\s*-->/;
const OPENING = /^( *)(`{3,})\s*([^\s`]*)[ \t]*([^`]*)$/;

export function parseDocument(markdown: string): Document {
  const found = GATEWAY.exec(markdown);
  return { fences: parseFences(markdown), ...(found !== null && { gateway: parseVariables(found[1] ?? "") }) };
}

function parseFences(markdown: string): Fence[] {
  const fences: Fence[] = [];
  let open: { fence: Fence; indent: number; ticks: string } | undefined;
  for (const [at, line] of markdown.split("\n").entries()) {
    if (open === undefined) {
      const [, indent = "", ticks = "", language = "", info = ""] = OPENING.exec(line) ?? [];
      if (ticks === "") continue;
      open = { fence: { line: at + 1, language, info: info.trim(), text: "" }, indent: indent.length, ticks };
    } else if (line.trim() === open.ticks) {
      fences.push(open.fence);
      open = undefined;
    } else {
      open.fence.text += `${line.slice(open.indent)}\n`;
    }
  }
  if (open !== undefined) {
    throw new Error(`Cannot read the document as the fence in line ${open.fence.line} has no end`);
  }
  return fences;
}

function parseVariables(text: string): Record<string, string> {
  const pairs = text.split(/\s+/).filter((pair) => pair !== "");
  return Object.fromEntries(pairs.map((pair) => [pair.split("=", 1)[0], pair.slice(pair.indexOf("=") + 1)]));
}
