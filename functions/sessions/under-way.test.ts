/** A sign-in that is under way while somebody ends all sessions of the account. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { holdLock, untilWaiting } from '../../test/support/held-lock.ts';
import { lastEmail } from '../../test/support/mailed.ts';

const bot = await startBlockbot();
const newPassword = 'another good password';
const post = (path: string, body: object, token?: string) =>
  bot.send('POST', path, { body, ...(token !== undefined && { token }) });

// A sign-in holds still in the middle of its transaction while this lock is somebody's.
await bot.database.sql`
  create function hold_still() returns trigger language plpgsql as $$
  begin perform pg_advisory_xact_lock_shared(4242); return new; end $$`;
await bot.database.sql`
  create trigger hold_still before insert on refresh_tokens for each row execute function hold_still()`;

const ends = {
  async 'a password that is reset'({ email }: { email: string }) {
    await post('/v1/auth/password/forgot', { email });
    const { token } = await lastEmail(bot, email, 'password-reset');
    return () => post('/v1/auth/password/reset', { token, new_password: newPassword });
  },
  'a password that is changed': ({ password, access_token }: { password: string; access_token: string }) =>
    Promise.resolve(() =>
      post(
        '/v1/auth/password/change',
        { current_password: password, new_password: newPassword },
        access_token,
      ),
    ),
  async 'an account that its owner claims by a link'({ email }: { email: string }) {
    await post('/v1/auth/magic-link', { email });
    const { token } = await lastEmail(bot, email, 'sign-in');
    return () => post('/v1/auth/magic-link/verify', { token });
  },
};

suite('a sign-in by the old password that is under way', () => {
  for (const [name, prepare] of Object.entries(ends)) {
    test(`does not outlive ${name}`, async () => {
      const account = await bot.register();
      const end = await prepare(account);
      const release = await holdLock(bot.database, (sql) => sql`select pg_advisory_xact_lock(4242)`);
      const signIn = post('/v1/auth/login', { email: account.email, password: account.password });
      await untilWaiting(bot.database, 1);
      const ended = end();
      await Promise.race([ended, untilWaiting(bot.database, 2)]);
      await release();
      assert.ok((await ended).ok);
      const signedIn = await signIn;
      if (signedIn.status === 401) return;
      assert.equal(signedIn.status, 200);
      const { refresh_token } = (await signedIn.json()) as { refresh_token: string };
      assert.equal((await post('/v1/auth/refresh', { refresh_token })).status, 401);
    });
  }
});
