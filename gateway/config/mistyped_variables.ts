/** Variables of the environment that were probably meant to be ours. */

import { nearNames, suggestion } from "../catalog/near_names.ts";

/** How keys are called by vendors, clients and habit. */
const KEY_ENDING = /_?(?:API_?)?(?:KEY|TOKEN|SECRET)$/;

/** The beginning of variables that nobody else has. */
const OWN = "LANGFAST_";

/** A sentence for each. Other programs' variables are no concern of ours, so only a name very near to one of ours is told. */
export function describeMistyped(
  env: Readonly<Record<string, string | undefined>>,
  used: ReadonlySet<string>,
): string[] {
  const known = [...used].filter((name) => name.length > 5);
  return Object.keys(env).filter((name) => !used.has(name)).flatMap((name) => {
    const near = [...nearLetters(name, known), ...otherKeys(name, known, env)].slice(0, 1);
    if (near.length === 0 && !name.startsWith(OWN)) return [];
    return [`${name} is not known and does nothing${suggestion(near)}`];
  });
}

function nearLetters(name: string, known: readonly string[]): string[] {
  // Two of three letters are another vendor: FAL_API_KEY is not XAI_API_KEY.
  const within = name.replace(/_API_KEY$/, "").length < 10 ? 1 : 2;
  return nearNames(name, known, { limit: 1, within });
}

/** A vendor's key under another ending, or with two of its letters swapped; not where the right one is there, too. */
function otherKeys(
  name: string,
  known: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const vendor = vendorOf(name);
  if (vendor === name || vendor.length < 3) return [];
  return known.filter((other) =>
    other.endsWith("_API_KEY") && env[other] === undefined && isSwapped(vendor, vendorOf(other))
  );
}

function vendorOf(name: string): string {
  return name.replace(KEY_ENDING, "");
}

/** Whether they are the same, but for two letters in each other's place. */
function isSwapped(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  const differing = [...one].flatMap((letter, at) => letter === other[at] ? [] : [at]);
  const [first = 0, second = 0] = differing;
  if (differing.length === 0) return true;
  return differing.length === 2 && one[first] === other[second] && one[second] === other[first];
}
