/** Of which generation a model is, as its name has it: what upstreams take changed with generations, not with names. */

/** The first that thinks adaptively, and does not go on with an answer that was begun for it. */
export const ADAPTIVE = 46;
/** The first that refuses a budget for its thoughts. */
export const BUDGETLESS = 47;

/** `46` for `claude-opus-4-6` and for other vendors' spellings of it; 0 where the name does not tell. */
export function generationOf(model: string): number {
  const [, major = "0", minor = "0"] = /claude-(?:[a-z]+-)?(\d)(?:[-.](\d)(?!\d))?(?!\d)/.exec(model) ?? [];
  return Number(major) * 10 + Number(minor);
}
