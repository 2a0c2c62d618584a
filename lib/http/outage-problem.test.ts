import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Outage } from '../../db/outage.ts';
import { expectProblem } from '../../test/support/responses.ts';
import { Problem } from '../core/problem.ts';
import { createFunction } from './function.ts';
import { problemOf } from './outage-problem.ts';

test('an outage of the database is a 503 that says when to come back, and no failure of ours', async () => {
  const lines: string[] = [];
  const write = (_: string, fields?: object) => lines.push(JSON.stringify(fields));
  const log = { debug: write, info: write, warn: write, error: () => assert.fail('an error in the log') };
  const app = createFunction().get('/', () => {
    throw new Outage('ECONNREFUSED', 'connect ECONNREFUSED 192.0.2.1:5432');
  });
  const response = await app.request('/', {}, { log });
  assert.equal(response.headers.get('retry-after'), '1');
  const text = await response.clone().text();
  await expectProblem(response, 'service-unavailable');
  assert.doesNotMatch(text, /ECONNREFUSED|192\.0\.2\.1/);
  assert.equal(lines.length, 1);
});

test('problemOf knows an outage of another bundle by its brand, leaves a problem as it is, and takes no bug for one', () => {
  const fromElsewhere = { [Symbol.for('blockbot.outage')]: true };
  assert.equal(problemOf(fromElsewhere)?.slug, 'service-unavailable');
  assert.equal(problemOf(fromElsewhere)?.cause, fromElsewhere);
  const problem = new Problem('not-found');
  assert.equal(problemOf(problem), problem);
  for (const bug of [new Error('broken'), { code: 'ECONNREFUSED' }, null, undefined, 'text']) {
    assert.equal(problemOf(bug), undefined);
  }
});
