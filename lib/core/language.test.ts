import assert from 'node:assert/strict';
import test from 'node:test';
import { negotiateLanguage } from './language.ts';

const vectors: readonly (readonly [
  accepted: string | undefined,
  language: string | undefined,
  why: string,
])[] = [
  [undefined, undefined, 'nothing is asked for'],
  ['', undefined, 'nothing is asked for'],
  ['*', undefined, 'anything will do'],
  ['de', 'de', 'it is one of ours'],
  ['de-AT', 'de', 'a language is what its regions speak'],
  ['DE-ch-1996', 'de', 'tags know no case'],
  ['fr-FR,fr;q=0.9,de;q=0.8,en;q=0.7', 'de', 'the first of ours that is wanted'],
  ['en;q=0.5, de;q=0.51', 'de', 'wanted more'],
  ['de ; q=0.3 , en ; q=0.4', 'en', 'spaces mean nothing'],
  ['en, de', 'en', 'the first of two that are wanted equally'],
  ['de, en', 'de', 'the first of two that are wanted equally'],
  ['de;q=0, fr', undefined, 'what is not wanted is not given'],
  ['de;q=0.000', undefined, 'what is not wanted is not given'],
  ['fr, ja;q=0.5', undefined, 'none of ours is wanted'],
  ['den, deu, xde', undefined, 'a language of another name is another language'],
  ['x-de, i-en', undefined, 'what stands behind the language is no language'],
  [';q=1,,=,de;q=,-de', 'de', 'what makes no sense is passed over'],
];

for (const [accepted, language, why] of vectors) {
  test(`negotiateLanguage: ${JSON.stringify(accepted)} gets ${language ?? 'none'}, since ${why}`, () => {
    assert.equal(negotiateLanguage(accepted), language);
  });
}
