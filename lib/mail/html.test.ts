import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composeEmail } from './compose.ts';
import type { Content } from './content.ts';
import { toHtml } from './html.ts';

/** An email in which every text is its name between a prefix and a suffix. */
function toContent(toText: (name: string) => string): Content {
  return {
    heading: toText('heading'),
    preview: toText('preview'),
    lead: toText('lead'),
    facts: [[toText('fact'), toText('device')]],
    advice: [toText('advice')],
    button: { label: toText('label'), href: toText('href') },
    code: { hint: toText('hint'), digits: toText('digits') },
    notes: [toText('note')],
    why: toText('why'),
  };
}

const hostile = (name: string) => `${name}"'><script>&lt;${name}`;

test('whatever an email holds shows as text: heading, device, link and all the rest', async () => {
  const names: string[] = [];
  const plain = await toHtml(
    toContent((name) => (names.push(name), name)),
    'en',
  );
  const attacked = await toHtml(toContent(hostile), 'en');
  assert.equal(names.length, 12);
  for (const name of names) {
    // The code is parted in two, for the eye.
    const shown = attacked.replace(/<span [^>]*>|<\/span>/g, '');
    assert.ok(shown.includes(`${name}&quot;&#39;&gt;&lt;script&gt;&amp;lt;${name}`), name);
  }
  const escaped = /&quot;&#39;&gt;&lt;script&gt;&amp;lt;\w+/g;
  const withoutCode = (html: string) => html.replace(/<tr><td class="text" align="center".*/, '');
  assert.equal(withoutCode(attacked).replace(escaped, ''), withoutCode(plain), 'nothing else has changed');
});

test('the name of the host is text, too', async () => {
  const device = { browser: 'Firefox', system: 'Linux' };
  const { html } = await composeEmail(
    'new-device',
    { device, at: '2026-11-23T14:05:59.000Z' },
    { publicUrl: `https://a"&'b.example`, language: 'en' },
  );
  assert.match(html, /your account at a&quot;&amp;&#39;b\.example\./);
  assert.match(html, /href="https:\/\/a&quot;&amp;&#39;b\.example\/auth\/forgot"/);
});
