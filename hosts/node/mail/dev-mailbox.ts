/**
 * Emails of a Blockbot that has no mail provider: kept as files, so that a restart loses none, and shown to whoever
 * sits at this machine. Their links open accounts; so nobody else gets to see them, and production has no such mailbox.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Hono } from 'hono';
import type { Transport } from '../../../lib/mail/transport.ts';
import { Problem } from '../../../lib/core/problem.ts';
import type { FunctionContext, FunctionEnv } from '../../../lib/http/services.ts';
import { mailboxPath, type MailboxEmail, toMailboxPage, toNewsPage } from './dev-mailbox-page.ts';

export interface DevMailbox extends Transport {
  /** Where it is shown. */
  readonly path: string;
  readonly mount: (router: Hono<FunctionEnv>) => void;
}

// An operating system may leave half a file behind; only whole ones have this name.
const isEmail = (file: string) => file.endsWith('.json');

export function createDevMailbox(dataDir: string): DevMailbox {
  const folder = join(dataDir, 'mailbox');
  mkdirSync(folder, { recursive: true, mode: 0o700 });

  /** Newest first: names are UUIDv7, which begin with the time. */
  function read(): MailboxEmail[] {
    const files = readdirSync(folder).filter(isEmail).sort().reverse();
    return files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as MailboxEmail);
  }

  return {
    path: mailboxPath,
    send: ({ id, to, subject, text, html }) => {
      const message: MailboxEmail = { id, to, subject, text, html, created_at: new Date().toISOString() };
      const path = join(folder, `${id}.json`);
      // Twice the same email is one file: the id is the idempotency key here too.
      writeFileSync(`${path}.new`, JSON.stringify(message), { mode: 0o600 });
      renameSync(`${path}.new`, path);
      return Promise.resolve({ outcome: 'accepted' });
    },
    mount: (router) => {
      router.get(mailboxPath, (c) => {
        c.env.requestContext.route = mailboxPath;
        if (!isFromHere(c)) throw new Problem('not-found');
        const messages = read();
        c.header('Vary', 'Accept');
        if (c.req.header('accept')?.includes('application/json')) return c.json(messages);
        const seen = c.req.query('seen');
        const isFrame = seen !== undefined;
        // Styles within the page and within emails; an email's frame inherits this, and can run and fetch nothing.
        c.header(
          'Content-Security-Policy',
          `default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; ${isFrame ? "frame-ancestors 'self'" : "frame-src 'self'; frame-ancestors 'none'"}`,
        );
        return c.html(isFrame ? toNewsPage(messages.length - Number(seen)) : toMailboxPage(messages));
      });
    },
  };
}

/**
 * From this very machine, and under a name of its own: a page elsewhere could make its name point to 127.0.0.1 and read
 * the answer (DNS rebinding). What a proxy or a tunnel hands on is from somewhere else, whoever the peer is.
 */
function isFromHere({ req, env }: FunctionContext): boolean {
  const forwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => req.header(name));
  const isLoopback = /^(?:::1|(?:::ffff:)?127(?:\.\d{1,3}){3})$/i.test(env.peerAddress);
  if (forwarded || !isLoopback) return false;
  const { host, hostname } = new URL(req.url);
  const ownNames = ['localhost', '127.0.0.1', '[::1]'];
  return ownNames.includes(hostname) || host === new URL(env.settings.publicUrl).host;
}
