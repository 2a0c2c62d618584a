/** What Alertmanager is started with, for each mail account that a deployment may have. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { makeTemporaryFolder } from '../support/folder.ts';

const folder = 'deploy/monitoring/alertmanager';

interface Mailbox {
  readonly to: string;
  readonly from: string;
  readonly smarthost: string;
  readonly auth_username: string;
  readonly auth_password_file: string;
}

async function render(secrets: { readonly smtp_url: string; readonly resend_api_key: string }) {
  const rendered = await makeTemporaryFolder();
  for (const [name, value] of Object.entries(secrets)) writeFileSync(join(rendered, name), value);
  const { status, stderr } = spawnSync('sh', [`${folder}/start.sh`, '--render'], {
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      SECRETS_DIR: rendered,
      ALERTMANAGER_TEMPLATE: `${folder}/alertmanager.yml`,
      ALERTMANAGER_RENDERED: rendered,
      ALERT_EMAIL: 'ops@example.com',
      MAIL_FROM: "O'Hara & Sons <hello@example.com>",
    },
  });
  return { status, stderr, path: join(rendered, 'alertmanager.yml') };
}

function readMailbox(path: string): Mailbox {
  const text = readFileSync(path, 'utf8');
  assert.doesNotMatch(text, /\$\{/);
  const { receivers } = parse(text) as { receivers: { email_configs: Mailbox[] }[] };
  return receivers[0]?.email_configs[0] ?? assert.fail('no mailbox');
}

test('alerts go by the mail account that Blockbot sends with, whichever that is', async () => {
  for (const [smtp_url, smarthost, user, password] of [
    ['', 'smtp.resend.com:465', 'resend', 're_12345678'],
    [
      'smtps://ada%40example.com:p%26ss%2Fw%25rd@smtp.example.com',
      'smtp.example.com:465',
      'ada@example.com',
      'p&ss/w%rd',
    ],
    ['smtp://ada:word@smtp.example.com', 'smtp.example.com:587', 'ada', 'word'],
    ['smtp://ada:word@smtp.example.com:2525/?pool=true', 'smtp.example.com:2525', 'ada', 'word'],
    ['smtp://relay.internal:25', 'relay.internal:25', '', ''],
  ] as const) {
    const { status, stderr, path } = await render({ smtp_url, resend_api_key: 're_12345678' });
    assert.equal(status, 0, stderr);
    const { to, from, ...account } = readMailbox(path);
    assert.deepEqual([to, from], ['ops@example.com', "O'Hara & Sons <hello@example.com>"]);
    assert.deepEqual(
      [account.smarthost, account.auth_username, readFileSync(account.auth_password_file, 'utf8')],
      [smarthost, user, password],
    );
    const checked = spawnSync('amtool', ['check-config', path], { encoding: 'utf8' });
    if (!checked.error) assert.equal(checked.status, 0, checked.stdout + checked.stderr);
  }
});

test('without a mail account it does not start, and says what is missing', async () => {
  const { status, stderr } = await render({ smtp_url: '', resend_api_key: '' });
  assert.equal(status, 78);
  assert.match(stderr, /neither smtp_url nor resend_api_key/);
});
