/** Of which generation a model is, as its name has it: what upstreams take changed with generations, not with names. */

/** The first that thinks adaptively, and does not go on with an answer that was begun for it. */
export const ADAPTIVE = 46;
/** The first that refuses a budget for its thoughts. */
export const BUDGETLESS = 47;

/**
 * Whether a model cannot be kept from thinking, and answers 400 to whoever tries: Fable and Mythos, Opus from 5.5 on.
 * https://platform.claude.com/docs/en/models/opus-5-5/migration-guide (2026-11-28),
 * https://github.com/stdapi-ai/stdapi.ai/issues/284 (2026-09-22)
 */
export function alwaysThinks(model: string): boolean {
  return /claude-(?:fable|mythos)-/.test(model) || (/claude-opus-/.test(model) && generationOf(model) >= 55);
}

/** `46` for `claude-opus-4-6` and for other vendors' spellings of it; 0 where the name does not tell. */
export function generationOf(model: string): number {
  const [, major = "0", minor = "0"] = /claude-(?:[a-z]+-)?(\d)(?:[-.](\d)(?!\d))?(?!\d)/.exec(model) ?? [];
  return Number(major) * 10 + Number(minor);
}
