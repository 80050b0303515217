/** The order in which candidates are tried: as listed, or drawn by weight. */

export interface Weighted {
  /** Its share of first attempts, against the weights of the others; without one it is a fallback for those that have. */
  weight?: number;
}

/**
 * Those with a weight first, drawn one after another by their weights; then those without, as they are listed. A list
 * without any weight keeps its order.
 *
 * @param random a number in [0, 1)
 * @param isSettled whether it goes before all others that are drawn
 */
export function orderCandidates<T extends Weighted>(
  candidates: readonly T[],
  random: () => number,
  isSettled: (candidate: T) => boolean = () => false,
): T[] {
  const isDrawn = ({ weight = 0 }: T) => weight > 0;
  const left = candidates.filter(isDrawn);
  const drawn: T[] = [];
  while (left.length > 0) drawn.push(...left.splice(drawOne(left, random()), 1));
  const settled = drawn.findIndex(isSettled);
  if (settled > 0) drawn.unshift(...drawn.splice(settled, 1));
  return [...drawn, ...candidates.filter((candidate) => !isDrawn(candidate))];
}

function drawOne(candidates: readonly Weighted[], random: number): number {
  const sum = candidates.reduce((sum, { weight = 0 }) => sum + weight, 0);
  let mark = random * sum;
  const at = candidates.findIndex(({ weight = 0 }) => (mark -= weight) < 0);
  return at === -1 ? candidates.length - 1 : at;
}
