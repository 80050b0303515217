/** Ids for tool calls whose upstream gave none (CASES T2). */

/**
 * `call_` and 16 hexadecimal digits made from `seed`. A codec has no source of randomness, so the seed must hold what
 * sets this call apart from those of other turns: the answer's id, the frame that began the call, its index.
 */
export function callId(seed: string): string {
  return `call_${hashOf(seed)}`;
}

/** 16 hexadecimal digits, the same for the same text. */
export function hashOf(text: string): string {
  return `${hash(text, 0x811c9dc5)}${hash(text, 0x01234567)}`;
}

/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hash(text: string, basis: number): string {
  let value = basis;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return (value >>> 0).toString(16).padStart(8, "0");
}
