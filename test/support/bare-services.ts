/** What the function factory itself uses of the services. */
import { createLog } from '../../lib/core/log.ts';
import type { Services } from '../../lib/http/services.ts';
import { bareSettings } from './settings.ts';

/** An origin that may read across sites. */
export const origin = 'https://app.example.com';

/** The services, and the lines that they wrote. */
export function createBareServices(publicUrl = 'https://api.example.com') {
  const lines: Record<string, unknown>[] = [];
  const services: Pick<Services, 'settings' | 'log'> = {
    settings: { ...bareSettings, publicUrl, corsOrigins: new Set([origin]) },
    log: createLog({
      level: 'debug',
      write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
    }),
  };
  return { services, lines };
}
