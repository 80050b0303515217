/** Objects of the Responses API, which are told apart by their `type`, the vendor's own among them. */

import * as z from "zod";
import { isObject } from "../json.ts";
import { lazy } from "../lazy.ts";
import { object } from "../schema.ts";

type Typed = z.ZodType & { options: readonly { shape: { type: z.ZodLiteral<string> } }[] };

/**
 * Objects told apart by `type`. A type that is not known becomes `{type: "other", value}`, so that an error within a
 * known one names its field; an object without a type is taken as `absent`.
 */
export function typed<T extends Typed>(union: T, absent?: string) {
  const known = new Set(union.options.flatMap((option) => [...option.shape.type.values]));
  known.delete("other");
  return z.preprocess((value) => {
    if (!isObject(value)) return value;
    const type = value.type ?? absent;
    if (typeof type !== "string") return value;
    return known.has(type) ? { ...value, type } : { type: "other", value };
  }, union);
}

/** Something of the vendor's own. */
export const other = lazy(() => z.object({ type: z.literal("other"), value: object }));
