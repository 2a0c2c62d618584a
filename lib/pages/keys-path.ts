/** Where the API keys of an organization are. */
export function keysPath(organizationId: string | undefined): string {
  const path = '/organization/keys';
  return organizationId === undefined ? path : `${path}?organization=${encodeURIComponent(organizationId)}`;
}
