/** What one page tells on the next: `?notice=...` names a text out of a fixed set, and no text of an address is shown. */
export function noticeOf(
  texts: Readonly<Record<string, string>>,
  name: string | undefined,
): string | undefined {
  return name !== undefined && Object.hasOwn(texts, name) ? texts[name] : undefined;
}
