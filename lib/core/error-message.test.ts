import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toCauseMessage } from './error-message.ts';

const refused = ['connect ECONNREFUSED ::1:1', 'connect ECONNREFUSED 127.0.0.1:1'];
const both = new AggregateError(refused.map((message) => new Error(message)));

for (const [what, error, message] of [
  ['both addresses of a host', both, refused.join('; ')],
  [
    'both addresses that a fetch failed at',
    new TypeError('fetch failed', { cause: both }),
    refused.join('; '),
  ],
  ['an error without a cause', new Error('answered 503'), 'answered 503'],
  ['an error whose cause is no error', new Error('no answer', { cause: { port: 1 } }), 'no answer'],
  ['what is no error', 'gone', 'gone'],
] as const) {
  test(`toCauseMessage tells of ${what}`, () => {
    assert.equal(toCauseMessage(error), message);
  });
}
