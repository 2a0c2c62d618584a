import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { startBlockbot } from '../test/support/blockbot.ts';

const bot = await startBlockbot();

const outbox = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', 'scripts/outbox.ts', ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], DATABASE_URL: bot.databaseUrl },
  });

test('emails lists what was given up, with neither address nor content, and tells by its exit code', async () => {
  const none = outbox('dead');
  assert.deepEqual([none.status, none.stdout, none.stderr], [0, 'No email was given up.\n', '']);
  const { user } = await bot.register({ email: 'ada@example.com' });
  await bot.database.sql`
    update outbox set dead_at = now(), sealed = null, attempts = 3, last_error = '422 validation_error'`;
  await bot.register();
  const some = outbox('dead');
  assert.equal(some.status, 3, some.stderr);
  const line =
    /^\S+Z {2}[0-9a-f-]{36} {2}email-verification {2}3 attempts {2}account ([0-9a-f-]{36}) {2}422 validation_error\n$/;
  assert.equal(some.stdout.match(line)?.[1], user.id, some.stdout);
  const { lastError, template } = JSON.parse(outbox('dead', '--json').stdout) as Record<string, string>;
  assert.deepEqual([lastError, template], ['422 validation_error', 'email-verification']);
});

test('emails tells how it is used', () => {
  for (const args of [[], ['retry'], ['dead', 'more'], ['dead', '--all']]) {
    const { status, stdout, stderr } = outbox(...args);
    assert.deepEqual([status, stdout], [2, ''], args.join(' '));
    assert.match(stderr, /^.*(?:dead|retry|more|--all).*\n\nUsage: npm run -s outbox/);
  }
});
