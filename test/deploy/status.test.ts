/** The page for people, and the monitor of the guide: Gatus with the files as they are, but for where it listens and how often it asks. */
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { createPrivateKey } from '../../lib/security/jwt.ts';
import { type Certificate, makeCertificate } from '../support/certificate.ts';
import { createTestDatabase } from '../support/database.ts';
import { makeTemporaryFolder } from '../support/folder.ts';
import { startProgram, without } from '../support/program.ts';
import { freePort, startRedis, withoutRedis } from '../support/redis-server.ts';
import { startRouter } from '../support/router-process.ts';
import { startTcpRelay } from '../support/tcp-relay.ts';

const page = readFileSync('deploy/status/status.yml', 'utf8');
const guide = /^# gatus\.yaml.+?(?=^```$)/ms.exec(readFileSync('DEPLOYMENT.md', 'utf8'))?.[0] ?? '';

/** As Gatus writes a name into an address. */
const full = 'at-full-strength';

const withGatus = {
  // It has no flag that tells its version, and ends at once without a configuration.
  skip: without('gatus is not installed', 'sh', '-c', 'command -v gatus') || withoutRedis,
};

describe('Gatus', withGatus, () => {
  test('the page is green, tells Redis from Postgres when they are away, and is green again', async () => {
    const blockbot = await startBlockbot();
    const edge = await startEdge(blockbot.router.url, await makeCertificate('localhost', { days: 30 }));
    const gatus = await startGatus(page, edge);
    await gatus.shows({ api: 'up', [full]: 'up' });
    await blockbot.redis.kill();
    await gatus.shows({ api: 'up', [full]: 'down' });
    await blockbot.redis.start();
    await gatus.shows({ api: 'up', [full]: 'up' });
    await blockbot.postgres.cut();
    await gatus.shows({ api: 'down', [full]: 'down' });
    await blockbot.postgres.mend();
    await gatus.shows({ api: 'up', [full]: 'up' });
    await edge.close();
    await gatus.shows({ api: 'down', [full]: 'down' });

    assert.match(await gatus.ask('/'), /<title>Status<\/title>/);
    const told = await gatus.ask('/api/v1/endpoints/statuses');
    assert.match(told, /"status":200,.*"status":503,/);
    // Nor in what a connection that was refused left behind.
    for (const secret of ['localhost', '127.0.0.1', String(edge.port), '/health', 'refused'])
      assert.ok(!told.includes(secret), `${secret} is in ${told}`);
  });

  test('a certificate that nobody renewed is red three days before its end', async () => {
    const blockbot = await startBlockbot();
    const edge = await startEdge(blockbot.router.url, await makeCertificate('localhost', { days: 2 }));
    const gatus = await startGatus(page, edge);
    await gatus.shows({ [full]: 'up', api: 'down' });
  });

  test('the monitor of the guide is red without Postgres, writes to the mailbox, and writes again once all is well', async () => {
    const blockbot = await startBlockbot();
    const edge = await startEdge(blockbot.router.url, await makeCertificate('localhost', { days: 30 }));
    const mail = await startMailServer();
    const here = guide
      .replace('api.example.com', `localhost:${edge.port}`)
      .replace('smtp.example.com', '127.0.0.1')
      .replace('port: 587', `port: ${mail.port}`);
    const gatus = await startGatus(here, edge);
    await gatus.shows({ blockbot: 'up' });
    const alerted = once(mail.received, 'email');
    await blockbot.postgres.cut();
    await gatus.shows({ blockbot: 'down' });
    assert.match(String(await alerted), /To: ops@example\.com.*Subject: blockbot: Alert triggered/s);
    const resolved = once(mail.received, 'email');
    await blockbot.postgres.mend();
    assert.match(String(await resolved), /Subject: blockbot: Alert resolved/);
  });
});

async function startBlockbot() {
  const [database, redis] = await Promise.all([createTestDatabase(), startRedis()]);
  after(redis.close);
  const postgres = await startTcpRelay(database.url);
  const router = await startRouter({
    PUBLIC_URL: 'https://api.example.com',
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    JWT_PRIVATE_KEYS: JSON.stringify({ keys: [await createPrivateKey('ES256')] }),
    TOKEN_SECRET: 'a secret of this test that is long enough for all',
  });
  return { router, redis, postgres };
}

interface Edge {
  readonly port: number;
  readonly certificate: string;
  readonly close: () => Promise<void>;
}

/** Speaks TLS as `localhost`, and hands on to the router. */
async function startEdge(target: string, { key, cert, path: certificate }: Certificate): Promise<Edge> {
  const server = createServer({ key, cert }, (asked, answer) => {
    const onward = request(new URL(asked.url ?? '/', target), { method: asked.method ?? 'GET' }, (found) => {
      answer.writeHead(found.statusCode ?? 502, found.headers);
      found.pipe(answer);
    });
    onward.on('error', () => answer.destroy()).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  after(close);
  return { port: (server.address() as AddressInfo).port, certificate, close };
}

/** Emits `email` with the text of each that it is sent. */
async function startMailServer() {
  const received = new EventEmitter();
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    onData: (stream, _, done) => {
      let raw = '';
      stream.setEncoding('utf8').on('data', (chunk: string) => (raw += chunk));
      stream.on('end', () => {
        received.emit('email', raw);
        done();
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  after(() => server.close());
  return { received, port: (server.server.address() as AddressInfo).port };
}

async function startGatus(configuration: string, edge: Edge) {
  const [folder, port] = [await makeTemporaryFolder(), await freePort()];
  const often = configuration.replaceAll('interval: 60s', 'interval: 1s');
  assert.notEqual(often, configuration);
  // It reads every file of the folder, one after the other.
  writeFileSync(join(folder, 'status.yml'), often);
  writeFileSync(join(folder, 'test.yml'), `web:\n  address: 127.0.0.1\n  port: ${port}\n`);
  await startProgram('gatus', [], {
    env: {
      DOMAIN: `localhost:${edge.port}`,
      GATUS_CONFIG_PATH: folder,
      SSL_CERT_FILE: edge.certificate,
    },
    // What it prints once the port is its own; "Listening on" comes before.
    ready: /Handlers \.+/,
  });
  const ask = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();

  /** Resolves once it says this of each endpoint. Asked at the badges, since its page is told nothing new for ten seconds. */
  async function shows(expected: Readonly<Record<string, 'up' | 'down'>>): Promise<void> {
    for (const [key, message] of Object.entries(expected)) {
      const badge = `/api/v1/endpoints/_${key}/health/badge.shields`;
      while (!(await ask(badge)).includes(`"message":"${message}"`));
    }
  }

  return { shows, ask };
}
