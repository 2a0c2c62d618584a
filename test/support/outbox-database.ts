/** An outbox in a database of its own, and senders that work on it. */
import { after } from 'node:test';
import { createDatabaseClient } from '../../db/client.ts';
import { createLog } from '../../lib/core/log.ts';
import { encryptEmail } from '../../lib/mail/encryption.ts';
import type { EmailTemplate } from '../../lib/mail/parameters.ts';
import { createSender, type SenderOptions } from '../../lib/mail/sender.ts';
import type { Transport, SendResult } from '../../lib/mail/transport.ts';
import { createTestDatabase } from './database.ts';
import { createKeyring } from '../../lib/core/keyring.ts';

export const keyring = createKeyring(['a secret of this test that is long enough for all']);
export const eventDetails = {
  device: { browser: 'Firefox', system: 'Linux' },
  at: '2026-11-23T12:00:00.000Z',
};
const verification = { token: 'T'.repeat(43), code: '123456', acceptLanguage: 'en' };

/** A database of its own for each test, because a sender takes whatever waits there. */
export async function openOutbox() {
  const { url, drop } = await createTestDatabase();
  const database = createDatabaseClient({ url, max: 20 });
  const { sql } = database;
  const stops: (() => Promise<void>)[] = [];
  after(async () => {
    for (const stop of stops) await stop();
    await database.close();
    await drop();
  });
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line), level: 'debug' });

  return {
    sql,
    url,
    database,
    lines,
    start: (transport: Transport, options: Partial<SenderOptions> = {}) => {
      const sender = createSender({
        database,
        transport,
        keyring,
        publicUrl: 'https://api.example.com',
        log,
        backoff: { firstMs: 4, longestMs: 40 },
        ...options,
      });
      stops.push(sender.stop);
      return sender;
    },
    /** Answers the row's id. */
    write: async (recipient: string, template: EmailTemplate = 'password-changed'): Promise<string> => {
      const carriesVerification = template === 'sign-in' || template === 'password-reset';
      const { id, payload } = carriesVerification
        ? encryptEmail(template, verification, keyring)
        : encryptEmail('password-changed', eventDetails, keyring);
      await sql`
        insert into outbox (id, recipient, letter, sealed) values (${id}, ${recipient}, ${template}, ${payload})`;
      return id;
    },
    rows: () => sql<Row>`select * from outbox order by created_at, id`,
  };
}

interface Row {
  readonly id: string;
  readonly recipient: string;
  readonly sealed: Uint8Array | null;
  readonly attempts: number;
  readonly nextAttemptAt: Date;
  readonly sentAt: Date | null;
  readonly deadAt: Date | null;
  readonly lastError: string | null;
}

/** A transport that answers what it is told to, one result after the other and the last one for ever. */
export function scripted(...results: readonly SendResult[]): Transport & { readonly sent: string[] } {
  const sent: string[] = [];
  return {
    sent,
    send: ({ id }) => {
      sent.push(id);
      return Promise.resolve(results[Math.min(sent.length, results.length) - 1] ?? { outcome: 'accepted' });
    },
  };
}
