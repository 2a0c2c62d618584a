import assert from 'node:assert/strict';
import test from 'node:test';
import { problemAdvice } from './problem-advice.ts';
import {
  isProblem,
  Problem,
  problems,
  type ProblemSlug,
  toProblemDocument,
  toRetryAfter,
} from './problem.ts';

test('problems have a slug that fits a URL, an error status, a title and advice', () => {
  for (const [slug, { status, title }] of Object.entries(problems)) {
    assert.match(slug, /^[a-z]+(?:-[a-z]+)*$/);
    assert.ok(status >= 400 && status < 600, slug);
    assert.match(title, /^[A-Z].*[^.]$/, `${slug}: a title is no sentence with a stop`);
    assert.match(problemAdvice[slug as ProblemSlug], /\.$/, slug);
  }
});

test('isProblem knows a problem of another bundle by its brand and nothing else by its shape', () => {
  const fromElsewhere = Object.assign(new Error('not-found'), { [Symbol.for('blockbot.problem')]: true });
  assert.equal(isProblem(new Problem('not-found')), true);
  assert.equal(isProblem(fromElsewhere), true);
  for (const other of [new Error('not-found'), { slug: 'not-found' }, null, undefined, 'not-found']) {
    assert.equal(isProblem(other), false);
  }
});

test('Problem keeps its cause, members and headers', () => {
  const cause = new Error('why');
  const problem = new Problem('overloaded', { detail: 'Later' }, { headers: { 'Retry-After': '1' }, cause });
  assert.equal(problem.cause, cause);
  assert.deepEqual(problem.members, { detail: 'Later' });
  assert.deepEqual(problem.headers, { 'Retry-After': '1' });
});

test('Problem: every 401 names a challenge that ends open, nothing else does, and a more exact one stays', () => {
  for (const slug of Object.keys(problems) as ProblemSlug[]) {
    const challenge = new Problem(slug).headers['WWW-Authenticate'];
    if (problems[slug].status === 401)
      assert.match(challenge ?? '', /^Bearer (?:error="invalid_token", )?$/, slug);
    else assert.equal(challenge, undefined, slug);
  }
  const stepUp = { 'WWW-Authenticate': 'Bearer error="insufficient_user_authentication", ' };
  assert.deepEqual(new Problem('reauthentication-required', {}, { headers: stepUp }).headers, stepUp);
});

test('toProblemDocument has the members of RFC 9457, section 3.1, extensions and the request id', () => {
  const errors = [{ pointer: '#/email', code: 'required', detail: 'This field is required' }];
  const problem = new Problem('invalid-input', { errors }, { cause: new Error('a secret') });
  assert.deepEqual(toProblemDocument(problem, { base: 'https://api.example.com', requestId: 'request-1' }), {
    type: 'https://api.example.com/problems/invalid-input',
    title: 'Some of the input is not acceptable',
    status: 422,
    errors,
    request_id: 'request-1',
  });
});

test('toProblemDocument has a relative type where the public URL is not known', () => {
  assert.equal(
    toProblemDocument(new Problem('not-found'), { requestId: 'request-1' }).type,
    '/problems/not-found',
  );
});

test('toRetryAfter rounds up to whole seconds, at least one', () => {
  const vectors = [
    [-5, '1'],
    [0, '1'],
    [1, '1'],
    [1000, '1'],
    [1001, '2'],
    [899_999.5, '900'],
  ] as const;
  for (const [milliseconds, seconds] of vectors) assert.equal(toRetryAfter(milliseconds), seconds);
});
