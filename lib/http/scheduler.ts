/** The platform's scheduler as a caller: it knows CRON_SECRET. Without one there is no such caller. */
import type { CallerRule } from './guard.ts';
import { challengeHeader, Problem } from '../core/problem.ts';
import { holdsSecret } from '../core/shared-secret.ts';

export const scheduler: CallerRule<undefined> = {
  name: 'scheduler',
  services: [],
  identify: (c) => {
    const authorization = c.req.header('authorization');
    if (holdsSecret(authorization, c.env.settings.cronSecret)) return;
    const challenge = authorization === undefined ? 'Bearer ' : 'Bearer error="invalid_token", ';
    throw new Problem('authentication-required', {}, { headers: { [challengeHeader]: challenge } });
  },
};
