/** Tells when the fragments of a JSON value have made a whole one, without parsing what came before again. */

/**
 * Made anew for each value. The function it returns takes the next fragment and says whether the value is whole: a
 * closed object, array or string, which nothing but white space can follow. A bare number or word never is, as the
 * next fragment may go on with it.
 */
export function completeJson(): (fragment: string) => boolean {
  let depth = 0;
  let inString = false;
  /** The character before was a backslash in a string: the two may come in different fragments. */
  let escaped = false;
  let whole = false;

  return function push(fragment) {
    for (const char of fragment) {
      if (inString) {
        if (escaped) escaped = false;
        else if (char === "\\") escaped = true;
        else if (char === '"') inString = false;
      } else if (char === '"') inString = true;
      else if (char === "{" || char === "[") depth++;
      else if (char === "}" || char === "]") depth--;
      else continue;
      whole = depth === 0 && !inString;
    }
    return whole;
  };
}
