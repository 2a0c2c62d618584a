/** The rules for scanners that the guide gives find its own example of a key, and nothing that only looks like one. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createUuid } from '../lib/core/uuid.ts';
import { createApiKey, parseApiKey } from '../lib/security/api-key.ts';

const guide = readFileSync(new URL('../docs/api-keys.md', import.meta.url), 'utf8');
const [example = ''] = /`(bbk_\w{72})`/.exec(guide)?.slice(1) ?? [];
const rules = {
  gitleaks: /regex = '''(.*)'''/,
  trufflehog: /key: '(.*)'/,
  GitHub: /^(bbk_\[.*)$/m,
};

test('the example of the guide is a key', () => {
  assert.equal(parseApiKey(example)?.keyId, '00557d90-f732-7ced-e47a-9afb06b14954');
});

for (const [scanner, place] of Object.entries(rules)) {
  test(`the rule for ${scanner} finds a key wherever it stands, and nothing else`, () => {
    const [, rule] = place.exec(guide) ?? [];
    assert.ok(rule, 'the guide has no rule');
    const find = (text: string) => new RegExp(rule).exec(text)?.[0];
    for (const key of [example, createApiKey(createUuid()).text]) {
      for (const text of [key, `API_KEY="${key}"`, `Bearer ${key}\n`, `{"key":"${key}"}`]) {
        assert.equal(find(text), key, text);
      }
    }
    for (const text of [
      example.slice(0, -1),
      example.replace('_', '-'),
      'bbk_sample-key',
      example.slice(4),
    ]) {
      assert.equal(find(text), undefined, text);
    }
  });
}
