/** Finds JSON that is nested beyond all sense before anything walks through it. */

/** More than anything real has, and thousands less than what overflows the stack of `structuredClone` and its like. */
const MAX_DEPTH = 500;

/** Whether lists and objects stand in each other deeper than that. A text too short for it is not looked at. */
export function isTooDeep(json: string): boolean {
  if (json.length <= MAX_DEPTH) return false;
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const char = json[at];
    if (char === '"') at = endOfString(json, at);
    else if (char === "[" || char === "{") depth++;
    else if (char === "]" || char === "}") depth--;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

/** Where the string whose first quote is at `start` ends: searched by the engine, as it may be megabytes of an image. */
export function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end === -1 ? json.length : end;
}

function isEscaped(json: string, at: number): boolean {
  let before = at - 1;
  while (json[before] === "\\") before--;
  return (at - before) % 2 === 0;
}
