/** What is asked of the limiter after the sender was woken waits while it works: how much it mails would show in the answer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { createMemoryStore } from '../rate-limit/memory-store.ts';
import type { Services } from '../http/services.ts';
import { bareSettings } from '../../test/support/settings.ts';

const password = 'correct horse battery staple';
const steps: string[] = [];
const store = createMemoryStore();
const watched: Pick<Services, 'outbox' | 'rateLimits'> = {
  rateLimits: {
    ...store,
    take: (checks) => {
      steps.push('taken');
      return store.take(checks);
    },
    refund: (check) => {
      steps.push('given back');
      return store.refund(check);
    },
  },
  outbox: {
    wake: () => void steps.push('woken'),
    deliver: () => Promise.resolve({ sent: 0, failed: 0, dead: 0 }),
  },
};

const verifying = await startBlockbot({
  ...watched,
  settings: { ...bareSettings, requireEmailVerification: true },
});
const bot = await startBlockbot(watched);
const { access_token: token, organization } = await bot.register();
await bot.database.sql`update users set email_verified_at = now()`;

const requests = {
  '/v1/auth/register': verifying,
  '/v1/auth/magic-link': verifying,
  '/v1/auth/email/resend': verifying,
  '/v1/auth/password/forgot': verifying,
  '/v1/auth/email/change': bot,
  [`/v1/organizations/${organization.id}/invitations`]: bot,
};
const fields: Readonly<Record<string, object>> = {
  register: { password },
  change: { password },
  invitations: { role: 'member' },
};

for (const [path, asked] of Object.entries(requests)) {
  const name = path.slice(path.lastIndexOf('/') + 1);
  test(`${name} has given back what it does before the sender is woken`, async () => {
    const body = { email: `${name}@example.com`, ...fields[name] };
    steps.length = 0;
    const response = await asked.send('POST', path, { body, ...(asked === bot && { token }) });
    assert.ok(response.ok, await response.text());
    assert.equal(steps[0], 'taken');
    assert.equal(steps.at(-1), 'woken');
  });
}
