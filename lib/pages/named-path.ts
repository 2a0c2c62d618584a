/** @returns the path of a page with its organization in it: who signs in anew on the way may come back in another one */
export function toNamedPath(path: string, organizationId: string | undefined): string {
  return organizationId === undefined ? path : `${path}?organization=${encodeURIComponent(organizationId)}`;
}
