import assert from 'node:assert/strict';
import test from 'node:test';
import { toLocalPath } from './local-path.ts';

test('toLocalPath takes paths of ours, in their normal form', () => {
  const vectors = [
    ['/account', '/account'],
    ['/account?tab=1&x=%2F', '/account?tab=1&x=%2F'],
    ['/a/../b', '/b'],
    ['/a#fragment', '/a'],
    ['/', '/'],
  ] as const;
  for (const [text, path] of vectors) assert.equal(toLocalPath(text, 'fallback'), path);
});

test('toLocalPath takes nothing that a browser could take for another origin', () => {
  for (const text of [
    undefined,
    '',
    'account',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\/evil.example',
    '/..//evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    '/%2e%2e//evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    ' /account',
    'https://evil.example',
    'https:/account',
    'javascript:alert(1)',
    '@evil.example',
    `/${'x'.repeat(1024)}`,
  ]) {
    assert.equal(toLocalPath(text, 'fallback'), 'fallback', text);
  }
});
