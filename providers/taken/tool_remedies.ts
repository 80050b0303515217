/** How vendors refuse tools, or which of them is to be called, and how they are asked then. */

import type { Refusal } from "./remedy.ts";
import { choosing, curt, dereferenced, folding, plainly } from "./tool_ways.ts";
import type { Way } from "./way.ts";

/**
 * How they say that a model that thinks cannot be made to call a tool. DeepSeek:
 * https://github.com/deepseek-ai/DeepSeek-V3/issues/1376 (2026-08-03); DashScope:
 * https://github.com/alibaba/open-code-review/issues/1064 (2026-08-26)
 */
const FREE_WHILE_THINKING = /not support this tool_choice|tool_choice.{0,60}not support.{0,80}thinking/is;
/**
 * How they say that it cannot be made to at all. Claude Fable 5.1, Opus 5.5 and later:
 * https://github.com/anthropics/claude-cookbooks/issues/854 (2026-09-02); before that Fable 5:
 * https://github.com/browserbase/stagehand/pull/2221 (2026-06-09)
 */
const ALWAYS_FREE = /tool_choice.{0,60}not (?:supported|compatible).{0,20}this model/is;

export function withFreeChoice({ told }: Refusal, way: Way): Way | undefined {
  const choosesFreely = ALWAYS_FREE.test(told) ? "always" : FREE_WHILE_THINKING.test(told) ? "thinking" : undefined;
  if (choosesFreely === undefined) return undefined;
  const next = choosing(choosesFreely)(way);
  return next === way ? undefined : { ...next, learned: { ...way.learned, choosesFreely } };
}

/**
 * How they say that they take fewer tools. OpenAI: https://github.com/anomalyco/opencode/issues/4909 (2025-11-29); xAI:
 * https://github.com/anomalyco/opencode/issues/20500 (2026-04-01); Gemini:
 * https://github.com/google-gemini/gemini-cli/issues/19083 (2026-02-14).
 */
const MANY_TOOLS =
  /'tools': array too long\. Expected an array with maximum length (\d+)|tools limit reached.{1,80}maximum is (\d+)|at most (\d+) function declarations/is;

export function withFewerTools({ told }: Refusal, way: Way): Way | undefined {
  const [, ...found] = MANY_TOOLS.exec(told) ?? [];
  const limit = Number(found.find((digits) => digits !== undefined) ?? 0);
  if (limit < 2 || way.learned.maxTools !== undefined) return undefined;
  const next = folding(limit)(way);
  return next === way ? undefined : { ...next, learned: { ...way.learned, maxTools: limit } };
}

/** OpenAI and Azure, of some models: https://github.com/dnakov/anon-kode/issues/45 (2025-03-12). */
const LONG_DESCRIPTION = /description['"`]?: string too long\. Expected a string with maximum length (\d+)/i;

export function withShortDescriptions({ told }: Refusal, way: Way): Way | undefined {
  const limit = Number(LONG_DESCRIPTION.exec(told)?.[1] ?? 0);
  if (limit === 0 || way.learned.maxDescription !== undefined) return undefined;
  const next = curt(limit)(way);
  return next === way ? undefined : { ...next, learned: { ...way.learned, maxDescription: limit } };
}

/**
 * How they say that they do not take a tool's schema, as those of MCP servers often are. Moonshot, of a type beside a union
 * (https://github.com/MoonshotAI/kimi-code/issues/2661, 2026-08-05), words beside a reference
 * (https://github.com/lidge-jun/opencodex/issues/2673, 2026-08-26), tuples
 * (https://github.com/NousResearch/hermes-agent/pull/18130, 2026-05-01), none at all
 * (https://github.com/farion1231/cc-switch/issues/5046, 2026-07-06); Anthropic, of a union in place of the object
 * (https://github.com/anthropics/claude-code/issues/27337, 2026-02-21) and what is none in its draft
 * (https://github.com/anthropics/claude-code/issues/63673, 2026-05-29); OpenAI, of those, of lists without `items`
 * (https://github.com/anomalyco/opencode/issues/20273, 2026-03-31) and objects without `properties`
 * (https://github.com/bnb-chain/bnbchain-mcp/issues/68, 2026-03-30), but not of what a strict one has to say.
 */
const RICH_SCHEMA =
  /moonshot flavored json schema|parameters\.type is required and must be|input_schema does not support|input_schema: JSON schema is invalid|invalid schema for function(?!.{1,200}is required to be supplied)/is;

export function withPlainSchemas({ told }: Refusal, way: Way): Way | undefined {
  if (!RICH_SCHEMA.test(told)) return undefined;
  for (const plainSchemas of ["rich", "all"] as const) {
    if (way.learned.plainSchemas === "all" || way.learned.plainSchemas === plainSchemas) continue;
    const next = plainly(plainSchemas)(way);
    if (next !== way) return { ...next, learned: { ...way.learned, plainSchemas } };
  }
  return undefined;
}

/**
 * Others that speak Claude's dialect, of what Claude Code's search for tools found: Kimi
 * (https://github.com/farion1231/cc-switch/issues/2941, 2026-05-19). Who knows no references holds no tool back for them.
 */
export function withoutReferences({ told }: Refusal, way: Way): Way | undefined {
  if (way.learned.noReferences || !/tool_reference/.test(told)) return undefined;
  const next = dereferenced(way);
  if (next === way) return undefined;
  const fields = [...way.learned.fields, HELD_BACK];
  return { ...next, refused: [...way.refused, HELD_BACK], learned: { ...way.learned, fields, noReferences: true } };
}

const HELD_BACK = "*.defer_loading";
