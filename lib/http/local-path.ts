/** Where a page leads back to after signing in: an address of our own, never one that leads out (CWE-601). */

const base = 'http://localhost';

/** The path in its normal form, or the fallback for anything that a browser might take for another origin. */
export function toLocalPath(text: string | undefined, fallback: string): string {
  if (text === undefined || text.length > 1024 || !/^\/[\x21-\x5b\x5d-\x7e]*$/.test(text)) return fallback;
  if (!URL.canParse(text, base)) return fallback;
  const url = new URL(text, base);
  if (url.origin !== base) return fallback;
  const path = url.pathname + url.search;
  // Dots that were resolved can leave two slashes at the start, which is another host.
  return path.startsWith('//') ? fallback : path;
}
