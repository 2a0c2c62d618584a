import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { brand } from '../core/brand.ts';
import { type ComposedEmail, composeEmail } from './compose.ts';
import { emails } from './copy.ts';

const publicUrl = 'https://accounts.example.com';
const token = 'm3Tq9vXhJ2kLr7WzYc5BnD8sFgA1uEoPi0KxVtM4QwR';
const code = '048291';
const device = 'Firefox on Linux';
const at = '2026-11-23T14:05:59.000Z';
const hostile = '"><img src=x onerror=alert(1)>\r\nBcc: all@example.org\u2028<script>\'&amp;\u202e';

type Compose = (
  verification: { token: string; code: string },
  eventDetails: { device: string; at: string },
) => Promise<ComposedEmail>;

const verificationEmails = {
  'sign-in': ['sign-in', (verification) => composeEmail('sign-in', verification, { publicUrl })],
  'sign-up': ['sign-in', (verification) => composeEmail('sign-up', verification, { publicUrl })],
  'email-verification': [
    'email-verification',
    (verification) => composeEmail('email-verification', verification, { publicUrl }),
  ],
  'password-reset': [
    'password-reset',
    (verification) => composeEmail('password-reset', verification, { publicUrl }),
  ],
  'email-change': [
    'email-change',
    (verification) => composeEmail('email-change', verification, { publicUrl }),
  ],
} satisfies Record<string, readonly [string, Compose]>;

const notifications = {
  'email-change-asked': (_, eventDetails) => composeEmail('email-change-asked', eventDetails, { publicUrl }),
  'email-changed': (_, eventDetails) => composeEmail('email-changed', eventDetails, { publicUrl }),
  'already-registered': (_, eventDetails) => composeEmail('already-registered', eventDetails, { publicUrl }),
  'codes-refused': (_, eventDetails) => composeEmail('codes-refused', eventDetails, { publicUrl }),
  'new-device': (_, eventDetails) => composeEmail('new-device', eventDetails, { publicUrl }),
  'password-changed': (_, eventDetails) => composeEmail('password-changed', eventDetails, { publicUrl }),
  'session-ended': (_, eventDetails) => composeEmail('session-ended', eventDetails, { publicUrl }),
} satisfies Record<string, Compose>;

const all: readonly (readonly [string, Compose])[] = [
  ...Object.entries(verificationEmails).map(([name, [, compose]]) => [name, compose] as const),
  ...Object.entries(notifications),
];

test('these are all the emails there are', () => {
  assert.deepEqual(all.map(([name]) => name).toSorted(), Object.keys(emails).toSorted());
});

for (const [name, [purpose, compose]] of Object.entries(verificationEmails)) {
  test(`${name}: the link and the code stand in both parts, and how long they work`, async () => {
    const { text, html } = await compose({ token, code });
    const link = `${publicUrl}/auth/magic-link?for=${purpose}#${token}`;
    assert.ok(text.includes(`\n${link}\n`), text);
    assert.ok(text.includes(`\n${code}\n`), text);
    const links = [...html.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href]) => href);
    assert.deepEqual(links, [link, link], 'a button, and the address for those whose button does nothing');
    assert.ok(toText(html).includes(code), 'what is copied of the code has no space in it');
    for (const part of [text, toText(html)])
      assert.match(part, /The link expires after 15 minutes, the code after 10\./);
  });
}

for (const [name, compose] of Object.entries(notifications)) {
  test(`${name}: says on what device, when in words, and what to do if it was somebody else`, async () => {
    const { text, html } = await compose({ token, code }, { device, at });
    for (const part of [text, toText(html)]) {
      assert.match(part, /Firefox on Linux/);
      assert.match(part, /Monday, 23 November 2026, 14:05 UTC/);
      assert.match(part, /If (?:this wasn’t you|you don’t recognize the device), /);
    }
  });
}

for (const [name, page] of [
  ['new-device', '/auth/forgot'],
  ['password-changed', '/auth/forgot'],
  ['session-ended', '/auth/forgot'],
  ['email-change-asked', '/auth/forgot'],
  ['already-registered', '/auth/sign-in'],
] as const) {
  test(`${name}: leads to ${page}`, async () => {
    const { text, html } = await notifications[name]({ token, code }, { device, at });
    assert.ok(text.includes(`\n${publicUrl}${page}\n`), text);
    assert.ok(html.includes(`href="${publicUrl}${page}"`), html);
  });
}

test('email-changed: sends nobody to a reset that would not find the account', async () => {
  const { text } = await notifications['email-changed']({ token, code }, { device, at });
  assert.doesNotMatch(text, /https:/);
});

test('a device starts its line with a capital, whatever it is', async () => {
  const { text } = await composeEmail('new-device', { device: 'an unknown device', at }, { publicUrl });
  assert.match(text, /^Device: An unknown device$/m);
});

describe('every email', () => {
  for (const [name, compose] of all) {
    test(`${name}: one line says what it is, and holds no code`, async () => {
      const { subject } = await compose({ token: hostile, code }, { device: hostile, at });
      assert.match(subject, /^[^\p{C}\p{Zl}\p{Zp}]{10,78}$/u);
      assert.ok(subject.includes(brand.name) && !subject.includes(code), subject);
    });

    test(`${name}: hostile text shows as text`, async () => {
      const { text, html } = await compose({ token: hostile, code: hostile }, { device: hostile, at });
      assert.doesNotMatch(html, /<img|<script|onerror=alert\(1\)>/);
      const { html: plain } = await compose({ token, code }, { device, at });
      assert.deepEqual(toTags(html), toTags(plain), 'the markup is what it is with harmless text');
      if (name in notifications)
        assert.doesNotMatch(text, /^Bcc:|[\r\u2028\u202e]/m, 'and stays on its line');
    });

    test(`${name}: fetches, tracks and runs nothing`, async () => {
      const { html } = await compose({ token, code }, { device, at });
      assert.doesNotMatch(html, /<(?:img|script|link|iframe|object|form|input|svg|video)\b|\ssrc=|\son\w+=/i);
      assert.doesNotMatch(html, /url\(|@import|@font-face|background=/i);
      for (const [, href] of html.matchAll(/href="([^"]*)"/g))
        assert.ok(href?.startsWith(`${publicUrl}/auth/`));
    });

    test(`${name}: is small, and follows dark mode`, async () => {
      const { html } = await compose({ token, code }, { device, at });
      // Gmail cuts an email off at 102 kB.
      assert.ok(Buffer.byteLength(html) < 20_000, `${Buffer.byteLength(html)} bytes`);
      assert.match(html, /<meta name="color-scheme" content="light dark"/);
      assert.match(html, /@media \(prefers-color-scheme:\s?dark\)/);
      assert.match(html, /<html lang="en"/);
    });
  }
});

test('an email is not composed of what belongs to another', async () => {
  // As the outbox calls it: what was sealed is of no known type.
  const template: 'sign-in' | 'new-device' = 'sign-in';
  await assert.rejects(composeEmail<'sign-in' | 'new-device'>(template, { device, at }, { publicUrl }), {
    name: 'TypeError',
    message: 'These are not the parameters of the template sign-in',
  });
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
