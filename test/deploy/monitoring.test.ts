/** The two programs that tell of faults, started as Compose starts them, but for where they listen and keep their data. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { findService } from '../support/compose-file.ts';
import { makeTemporaryFolder } from '../support/folder.ts';
import { startProgram, without } from '../support/program.ts';
import { freePort } from '../support/redis-server.ts';

const monitoring = 'deploy/monitoring';
test(
  'Prometheus runs with every rule, as Compose starts it',
  { skip: without('prometheus is not installed', 'prometheus', '--version') },
  async () => {
    const port = await freePort();
    const args = (findService('prometheus').command ?? []).map((flag) =>
      flag.replace('=/etc/prometheus/', `=${monitoring}/prometheus/`),
    );
    const data = await makeTemporaryFolder();
    const own = args.map((flag) => flag.replace('.path=/prometheus', `.path=${data}`));
    await startProgram('prometheus', [...own, `--web.listen-address=127.0.0.1:${port}`], {
      ready: /Server is ready to receive web requests/,
    });
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/rules`);
    const { data: loaded } = (await answer.json()) as { data: { groups: { rules: { name: string }[] }[] } };
    const written = parse(readFileSync(`${monitoring}/prometheus/rules.yml`, 'utf8')) as {
      groups: { rules: { alert: string }[] }[];
    };
    assert.deepEqual(
      loaded.groups.flatMap(({ rules }) => rules.map(({ name }) => name)).sort(),
      written.groups.flatMap(({ rules }) => rules.map(({ alert }) => alert)).sort(),
    );
  },
);

test(
  'Alertmanager runs by its own script, and an alert that it is told goes to the mailbox',
  { skip: without('prometheus-alertmanager is not installed', 'prometheus-alertmanager', '--version') },
  async () => {
    const port = await freePort();
    const folder = await makeTemporaryFolder();
    writeFileSync(join(folder, 'smtp_url'), 'smtp://ada:word@127.0.0.1:9');
    writeFileSync(join(folder, 'resend_api_key'), '');
    // The image's name for it; where it listens and keeps its data is the image's, too.
    const program = `#!/bin/sh\nfor flag; do shift; case $flag in --storage*) flag=--storage.path=${folder} ;; esac; set -- "$@" "$flag"; done\nexec prometheus-alertmanager "$@" --web.listen-address=127.0.0.1:${port}\n`;
    writeFileSync(join(folder, 'alertmanager'), program, { mode: 0o755 });
    await startProgram('sh', [`${monitoring}/alertmanager/start.sh`], {
      env: {
        PATH: `${folder}:${process.env['PATH'] ?? ''}`,
        SECRETS_DIR: folder,
        ALERTMANAGER_TEMPLATE: `${monitoring}/alertmanager/alertmanager.yml`,
        ALERTMANAGER_RENDERED: folder,
        ALERT_EMAIL: 'ops@example.com',
        MAIL_FROM: 'Example <hello@example.com>',
      },
      ready: /Listening on/,
    });
    const alerts = `http://127.0.0.1:${port}/api/v2/alerts`;
    const labels = { alertname: 'BackupIsStale', severity: 'ticket' };
    const told = await fetch(alerts, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify([{ labels }]),
    });
    assert.equal(told.status, 200, await told.text());
    const [alert] = (await (await fetch(`${alerts}?receiver=mailbox`)).json()) as [
      { labels: unknown; receivers: unknown },
    ];
    assert.deepEqual(alert.labels, labels);
    assert.deepEqual(alert.receivers, [{ name: 'mailbox' }]);
  },
);
