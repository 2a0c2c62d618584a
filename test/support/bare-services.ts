/** What the function factory itself uses of the services. */
import { createLog } from '../../lib/core/log.ts';
import type { Services } from '../../lib/http/services.ts';

/** An origin that may read across sites. */
export const origin = 'https://app.example.com';

/** The services, and the lines that they wrote. */
export function createBareServices(publicUrl = 'https://api.example.com') {
  const lines: Record<string, unknown>[] = [];
  const services: Pick<Services, 'settings' | 'log'> = {
    settings: {
      publicUrl,
      trustedProxies: { hops: 0 },
      corsOrigins: new Set([origin]),
      requireEmailVerification: false,
      signUpOpen: true,
      redirectOrigins: new Set(),
      cronSecret: undefined,
      backendToken: undefined,
      healthToken: undefined,
    },
    log: createLog({
      level: 'debug',
      write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
    }),
  };
  return { services, lines };
}
