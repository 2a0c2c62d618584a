/** The settings of an instance of which nothing was asked. */
import type { Settings } from '../../lib/core/settings.ts';

export const bareSettings: Settings = {
  publicUrl: 'https://api.example.com',
  trustedProxies: { hops: 0 },
  corsOrigins: new Set(),
  cookieOrigins: new Set(),
  requireEmailVerification: false,
  signUpOpen: true,
  homePage: 'show',
  redirectOrigins: new Set(),
  gateAudiences: new Set(),
  cronSecret: undefined,
  backendToken: undefined,
  healthToken: undefined,
};
