/** Of what the build makes of all routes, and which grows with them. */
const ownBudgets = new Map([
  ['openapi/publish', 258_000],
  ['pages/docs/show', 258_000],
]);

/** Bytes of a function's bundle, minified, without a host. A page brings its style sheet along, and its words in every language. */
export const toBundleBudget = (name: string) =>
  ownBudgets.get(name) ?? (name.startsWith('pages/') ? 116_000 : 72_600);
