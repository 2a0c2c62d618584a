/** Names of functions by a pattern: `*` is any text within a folder, `**` across folders. */
export function matchesGlob(name: string, glob: string): boolean {
  const pattern = glob
    .replace(/[.+?^$()[\]{}|\\]/g, '\\$&')
    .replace(/\*\*|\*/g, (stars) => (stars === '**' ? '.*' : '[^/]*'));
  return new RegExp(`^${pattern}$`).test(name);
}
