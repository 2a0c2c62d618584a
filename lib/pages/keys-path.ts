import { toNamedPath } from './named-path.ts';

/** Where the API keys of an organization are. */
export function keysPath(organizationId: string | undefined): string {
  return toNamedPath('/organization/keys', organizationId);
}
