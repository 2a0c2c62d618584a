/** Emails as they are composed. Long because every email is held to the same, in every language. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { brand } from '../core/brand.ts';
import { type ComposedEmail, composeEmail } from './compose.ts';
import type { Language } from '../../db/languages.ts';
import type { Device } from '../core/user-agent.ts';
import { mailCopy } from './copy.ts';
import type { EmailTemplate } from './parameters.ts';

const publicUrl = 'https://accounts.example.com';
const token = 'm3Tq9vXhJ2kLr7WzYc5BnD8sFgA1uEoPi0KxVtM4QwR';
const code = '048291';
const device = { browser: 'Firefox', system: 'Linux' };
const at = '2026-11-23T14:05:59.000Z';
const hostile = '"><img src=x onerror=alert(1)>\r\nBcc: all@example.org\u2028<script>\'&amp;\u202e';

const verificationEmails = {
  'sign-in': 'sign-in',
  'sign-up': 'sign-in',
  'email-verification': 'email-verification',
  'password-reset': 'password-reset',
  'email-change': 'email-change',
} as const;

/** Where the button of each leads. */
const notifications = {
  'email-change-asked': '/auth/forgot',
  'email-changed': undefined,
  'already-registered': '/auth/sign-in',
  'codes-refused': undefined,
  'new-device': '/auth/forgot',
  'password-changed': '/auth/forgot',
  'session-ended': '/auth/forgot',
  'api-key-created': '/auth/forgot',
  'api-key-rotated': '/auth/forgot',
  'api-key-reported': undefined,
} as const;

const keyStart = 'bbk_00d4IFhAcMNFxRaRvVJ0p2';

/** What says the same in every language. */
const said = {
  en: {
    expiry: 'The link expires after 15 minutes, the code after 10.',
    device: 'Firefox on Linux',
    time: 'Monday, 23 November 2026, 14:05 UTC',
    ifNotYou: /If (?:this wasn’t you|you don’t recognize the device), /,
    unknownDevice: /^Device: An unknown device$/m,
    support: 'Need help?',
    invitation: { 'Invited by': 'ada@example.org', Organization: 'analysts', 'Your role': 'Admin' },
    transfer: {
      Organization: 'analysts',
      'Handed over by': 'ada@example.org',
      'New owner': 'eve@example.org',
    },
  },
  de: {
    expiry: 'Der Link gilt 15 Minuten, der Code 10.',
    device: 'Firefox unter Linux',
    time: 'Montag, 23. November 2026, 14:05 UTC',
    ifNotYou: /Wenn Sie (?:das nicht waren|das Gerät nicht kennen)/,
    unknownDevice: /^Gerät: Ein unbekanntes Gerät$/m,
    support: 'Sie brauchen Hilfe?',
    invitation: { 'Eingeladen von': 'ada@example.org', Organisation: 'analysts', 'Ihre Rolle': 'Admin' },
    transfer: {
      Organisation: 'analysts',
      'Übergeben von': 'ada@example.org',
      'Übergeben an': 'eve@example.org',
    },
  },
} satisfies Record<Language, object>;

/** An email to each of two people, of which the button leads. */
const transfers = {
  'organization-handed-over': '/auth/forgot',
  'organization-received': '/account/organizations',
} as const;

const names = <Table extends object>(table: Table) => Object.keys(table) as (keyof Table)[];

interface Parts {
  readonly token?: string;
  readonly code?: string;
  readonly device?: Device | string;
  readonly inviter?: string;
  readonly slug?: string;
}

for (const language of names(said)) {
  const words = said[language];
  const composeVerification = (name: keyof typeof verificationEmails, parts: Parts = {}) =>
    composeEmail(name, { token, code, ...parts, acceptLanguage: undefined }, { publicUrl, language });
  const composeNotification = (name: keyof typeof notifications, parts: Parts = {}) =>
    composeEmail(
      name,
      { device, ...(name.startsWith('api-key') && { keyStart, slug: 'analysts' }), ...parts, at },
      { publicUrl, language },
    );
  const composeInvitation = ({
    token: shown = token,
    inviter = 'ada@example.org',
    slug = 'analysts',
  }: Parts = {}) =>
    composeEmail(
      'invitation',
      { token: shown, inviter, slug, role: 'admin', inviterLanguage: 'en' },
      { publicUrl, language },
    );
  const composeTransfer = (
    name: keyof typeof transfers,
    { inviter: formerOwner = 'ada@example.org', slug = 'analysts' }: Parts = {},
    newOwner: string | null = 'eve@example.org',
  ) => composeEmail(name, { slug, formerOwner, newOwner, at }, { publicUrl, language });
  const all: readonly (readonly [EmailTemplate, (parts?: Parts) => Promise<ComposedEmail>])[] = [
    ...names(verificationEmails).map(
      (name) => [name, (parts?: Parts) => composeVerification(name, parts)] as const,
    ),
    ...names(notifications).map(
      (name) => [name, (parts?: Parts) => composeNotification(name, parts)] as const,
    ),
    ['invitation', composeInvitation],
    ...names(transfers).map((name) => [name, (parts?: Parts) => composeTransfer(name, parts)] as const),
  ];

  describe(`in ${language}`, () => {
    test('these are all the emails there are', () => {
      assert.deepEqual(
        all.map(([name]) => name).toSorted(),
        Object.keys(mailCopy[language].emails).toSorted(),
      );
    });

    for (const name of names(verificationEmails)) {
      test(`${name}: the link and the code stand in both parts, and how long they work`, async () => {
        const { text, html } = await composeVerification(name);
        const link = `${publicUrl}/auth/magic-link?for=${verificationEmails[name]}#${token}`;
        assert.ok(text.includes(`\n${link}\n`), text);
        assert.ok(text.includes(`\n${code}\n`), text);
        const links = [...html.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href]) => href);
        assert.deepEqual(
          links,
          [link, link],
          'a button, and the address for those whose button does nothing',
        );
        assert.ok(toText(html).includes(code), 'what is copied of the code has no space in it');
        for (const part of [text, toText(html)]) assert.ok(part.includes(words.expiry), part);
      });
    }

    for (const name of names(notifications)) {
      test(`${name}: says on what device, when in words, and what to do if it was somebody else`, async () => {
        const { text, html } = await composeNotification(name);
        for (const part of [text, toText(html)]) {
          assert.ok(part.includes(words.device), part);
          assert.ok(part.includes(words.time), part);
          assert.match(part, words.ifNotYou);
        }
      });

      const page = notifications[name];
      test(`${name}: leads to ${page ?? 'no page, for there it would find no account'}`, async () => {
        const { text, html } = await composeNotification(name);
        if (page === undefined) return assert.doesNotMatch(text, /https:/);
        assert.ok(text.includes(`\n${publicUrl}${page}\n`), text);
        assert.ok(html.includes(`href="${publicUrl}${page}"`), html);
      });
    }

    test('invitation: says who invites, to what and as what, and leads to its page', async () => {
      const { text, html } = await composeInvitation();
      for (const [name, value] of Object.entries(words.invitation)) {
        assert.match(text, new RegExp(`^${name}: ${value}$`, 'm'));
        assert.ok(toText(html).includes(value), html);
      }
      const link = `${publicUrl}/auth/invitation#${token}`;
      assert.ok(text.includes(`\n${link}\n`), text);
      const links = [...html.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href]) => href);
      assert.deepEqual(links, [link, link]);
    });

    for (const name of names(transfers)) {
      test(`${name}: says which, between whom and when, of whoever has proven an address`, async () => {
        const { text, html } = await composeTransfer(name);
        for (const [fact, value] of Object.entries(words.transfer)) {
          assert.match(text, new RegExp(`^${fact}: ${value}$`, 'm'));
          assert.ok(toText(html).includes(value), html);
        }
        for (const part of [text, toText(html)]) assert.ok(part.includes(words.time), part);
        assert.ok(text.includes(`\n${publicUrl}${transfers[name]}\n`), text);
        const { text: unproven } = await composeTransfer(name, {}, null);
        assert.equal(unproven.split('\n').length, text.split('\n').length - 1);
        assert.doesNotMatch(unproven, /null|eve@/);
      });
    }

    test('a device starts its line with a capital, whatever it is', async () => {
      const { text } = await composeNotification('new-device', { device: {} });
      assert.match(text, words.unknownDevice);
    });

    test('a device that an older release gave a name keeps it', async () => {
      const { text } = await composeNotification('new-device', { device: 'Safari on iOS' });
      assert.match(text, /^[^:]+: Safari on iOS$/m);
    });

    for (const [name, compose] of all) {
      test(`${name}: one line says what it is, and holds no code`, async () => {
        const { subject } = await compose({ token: hostile, device: { browser: hostile } });
        assert.match(subject, /^[^\p{C}\p{Zl}\p{Zp}]{10,78}$/u);
        assert.ok(subject.includes(brand.name) && !subject.includes(code), subject);
      });

      test(`${name}: hostile text shows as text`, async () => {
        const parts = {
          token: hostile,
          code: hostile,
          device: { browser: hostile },
          inviter: hostile,
          slug: hostile,
        };
        const { html } = await compose(parts);
        assert.doesNotMatch(html, /<img|<script|onerror=alert\(1\)>/);
        const { html: plain } = await compose();
        assert.deepEqual(toTags(html), toTags(plain), 'the markup is what it is with harmless text');
        // A token is ours, and stands in a line of its own.
        const { text } = await compose({ ...parts, token });
        if (!(name in verificationEmails))
          assert.doesNotMatch(text, /^Bcc:|[\r\u2028\u202e]/m, 'and stays on its line');
      });

      test(`${name}: fetches, tracks and runs nothing`, async () => {
        const { html } = await compose();
        assert.doesNotMatch(
          html,
          /<(?:img|script|link|iframe|object|form|input|svg|video)\b|\ssrc=|\son\w+=/i,
        );
        assert.doesNotMatch(html, /url\(|@import|@font-face|background=/i);
        for (const [, href] of html.matchAll(/href="([^"]*)"/g)) assert.ok(href?.startsWith(`${publicUrl}/`));
      });

      test(`${name}: is small, follows dark mode, and says what language it is in`, async () => {
        const { text, html } = await compose();
        // Gmail cuts an email off at 102 kB.
        assert.ok(Buffer.byteLength(html) < 20_000, `${Buffer.byteLength(html)} bytes`);
        assert.match(html, /<meta name="color-scheme" content="light dark"/);
        assert.match(html, /@media \(prefers-color-scheme:\s?dark\)/);
        assert.ok(html.includes(`<html lang="${language}"`), html);
        for (const part of [text, html]) assert.ok(part.includes(words.support), part);
      });
    }
  });
}

test('an email is not composed of what belongs to another', async () => {
  // As the outbox calls it: what was sealed is of no known type.
  const template: 'sign-in' | 'new-device' = 'sign-in';
  await assert.rejects(
    composeEmail<'sign-in' | 'new-device'>(template, { device, at }, { publicUrl, language: 'en' }),
    {
      name: 'TypeError',
      message: 'These are not the parameters of the template sign-in',
    },
  );
});

for (const mode of ['light', 'dark'] as const) {
  const colours = brand[mode];
  test(`the colours of ${mode} mode can be read`, () => {
    for (const ground of ['background', 'surface', 'raised'] as const) {
      for (const ink of ['text', 'muted', 'accent', 'accentHover', 'danger'] as const) {
        assertContrast(colours, ink, ground, 4.5);
      }
      assertContrast(colours, 'outline', ground, 3);
    }
    assertContrast(colours, 'onAccent', 'accent', 4.5);
    assertContrast(colours, 'onAccent', 'accentHover', 4.5);
  });
}

type Colours = (typeof brand)['light' | 'dark'];

function assertContrast(colours: Colours, ink: keyof Colours, ground: keyof Colours, least: number): void {
  const [low, high] = [toLuminance(colours[ink]), toLuminance(colours[ground])].toSorted((a, b) => a - b);
  const contrast = ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
  assert.ok(contrast >= least, `${ink} on ${ground}: ${contrast.toFixed(2)} to 1, at least ${least}`);
}

/** WCAG 2.2, relative luminance. */
function toLuminance(colour: string): number {
  const channel = (index: number) => {
    const value = Number.parseInt(colour.slice(index, index + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function toTags(html: string): readonly string[] {
  return [...html.matchAll(/<\/?([a-z][a-z0-9]*)\b/gi)].map(([, tag]) => String(tag));
}

/** What shows of the markup, character references as they stand. */
function toText(html: string): string {
  return html.replace(/^[\s\S]*<body/, '<body').replace(/<[^>]*>/g, '');
}
