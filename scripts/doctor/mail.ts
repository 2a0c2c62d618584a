/** What receivers look up of the domain that emails come from: without these records emails are spam. */
import type { Resolver } from 'node:dns/promises';
import { find } from './domain.ts';
import { toErrorMessage } from '../../lib/core/error-message.ts';
import { fail, type Finding, ok, skipped, warn } from './finding.ts';

/** @param from as MAIL_FROM has it: an address, or a name with one in angle brackets */
export async function examineSender(
  resolver: Resolver,
  from: string | undefined,
  { resend }: { resend: boolean },
): Promise<Finding[]> {
  const domain = from?.match(/@([^\s@<>]+)>?$/)?.[1];
  if (domain === undefined) return [skipped('mail', 'MAIL_FROM is not set')];
  const findText = async (name: string) => {
    const records = await find(() => resolver.resolveTxt(name));
    if (records instanceof Error) throw records;
    return records.map((parts) => parts.join(''));
  };
  try {
    // Resend sends from a subdomain of its own, which then carries SPF (RFC 7208).
    const envelope = resend ? `send.${domain}` : domain;
    const spf = (await findText(envelope)).some((text) => /^v=spf1(?:\s|$)/i.test(text));
    const dmarc = (await findText(`_dmarc.${domain}`)).find((text) => /^v=DMARC1\s*;/i.test(text));
    const findings = [
      spf
        ? ok('mail SPF', envelope)
        : fail(
            'mail SPF',
            `${envelope} has none`,
            "Make the TXT record that the mail provider's console shows",
          ),
      dmarc === undefined
        ? warn(
            'mail DMARC',
            `_dmarc.${domain} has none`,
            'Make a TXT record _dmarc: v=DMARC1; p=none (RFC 7489)',
          )
        : ok('mail DMARC', domain),
    ];
    if (resend) {
      const dkim = (await findText(`resend._domainkey.${domain}`)).some((text) =>
        /(?:^|;)\s*p=\S/.test(text),
      );
      findings.push(
        dkim
          ? ok('mail DKIM', domain)
          : fail(
              'mail DKIM',
              `resend._domainkey.${domain} has none`,
              "Make the TXT record that Resend's console shows",
            ),
      );
    }
    return findings;
  } catch (error) {
    return [
      warn(
        'mail',
        toErrorMessage(error),
        'The name server did not answer: ask again, or another one with --dns',
      ),
    ];
  }
}
