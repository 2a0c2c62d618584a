/** The chance that one of `a` is greater than one of `b` (Mann-Whitney U over the number of pairs); 0.5 is a coin. */
export function toAuc(a: readonly number[], b: readonly number[]): number {
  let wins = 0;
  for (const x of a) for (const y of b) wins += x > y ? 1 : x === y ? 0.5 : 0;
  return wins / (a.length * b.length);
}
