/** The figure that so many of all figures do not exceed. */

/** By nearest rank; NaN of none. */
export function percentile(figures: readonly number[], percent: number): number {
  const ascending = figures.toSorted((a, b) => a - b);
  return ascending[Math.ceil((figures.length * percent) / 100) - 1] ?? Number.NaN;
}
