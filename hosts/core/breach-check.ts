/**
 * Whether a password is known from a breach, asked of Pwned Passwords by k-anonymity
 * (https://haveibeenpwned.com/API/v3#PwnedPasswords): five characters of its SHA-1 leave this process, and hundreds of hashes
 * that begin so come back.
 */
import { createHash } from 'node:crypto';
import type { Environment } from '../../lib/core/env.ts';
import { toCauseMessage } from '../../lib/core/error-message.ts';
import type { Log } from '../../lib/core/log.ts';
import type { Passwords } from '../../lib/security/password.ts';

const prefixLength = 5;
const timeoutMs = 1000;
const logEveryMs = 1000;

/** Asks nobody unless the environment says so. Who can't be asked in time stops nobody, and the log is told once a second. */
export function createBreachCheck(
  {
    BREACHED_PASSWORDS: mode,
    BREACHED_PASSWORDS_URL: baseUrl = 'https://api.pwnedpasswords.com',
  }: Pick<Environment, 'BREACHED_PASSWORDS' | 'BREACHED_PASSWORDS_URL'>,
  log: Pick<Log, 'warn'>,
): Passwords['isBreached'] {
  if (mode === 'ignore') return () => Promise.resolve(false);
  let loggedAt = Number.NEGATIVE_INFINITY;

  async function ask(prefix: string): Promise<string> {
    const response = await fetch(`${baseUrl.replace(/\/+$/, '')}/range/${prefix}`, {
      // With padding the length of what comes back does not tell the prefix to who watches the line.
      headers: { 'Add-Padding': 'true', 'User-Agent': 'Blockbot' },
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw new Error(`answered ${response.status}`);
    return response.text();
  }

  return async (password) => {
    const hash = createHash('sha1').update(password).digest('hex').toUpperCase();
    try {
      const range = await ask(hash.slice(0, prefixLength));
      return isIn(range, hash.slice(prefixLength));
    } catch (cause) {
      if (performance.now() - loggedAt >= logEveryMs) {
        loggedAt = performance.now();
        log.warn('breached passwords could not be looked up', { reason: toCauseMessage(cause) });
      }
      return false;
    }
  };
}

/** Lines of `SUFFIX:COUNT`; padding counts 0. */
function isIn(range: string, suffix: string): boolean {
  const line = range.split('\n').find((each) => each.startsWith(`${suffix}:`));
  return line !== undefined && Number(line.slice(suffix.length + 1)) > 0;
}
