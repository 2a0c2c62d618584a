import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FreshCache } from './fresh-cache.ts';

function create({ max = 10, sharesLookUps = true } = {}) {
  let time = 0;
  const cache = new FreshCache<string>({ freshMs: 30, missingMs: 10, max, sharesLookUps, now: () => time });
  let lookUps = 0;
  const look = (value: string | undefined) => async () => {
    lookUps += 1;
    return Promise.resolve(value);
  };
  return {
    cache,
    look,
    pass: (milliseconds: number) => void (time += milliseconds),
    count: () => lookUps,
  };
}

test('what was found is known for its time, from before it was asked for', async () => {
  const { cache, pass, look, count } = create();
  await cache.load('key', async () => {
    pass(20);
    return look('value')();
  });
  pass(9);
  assert.equal(await cache.load('key', look('another')), 'value');
  pass(1);
  assert.equal(await cache.load('key', look('another')), 'another');
  assert.equal(count(), 2);
});

test('what was not found is known for a shorter time, and pushes nothing out that was', async () => {
  const { cache, pass, look, count } = create({ max: 2 });
  await cache.load('key', look('value'));
  for (let nth = 0; nth < 100; nth += 1) await cache.load(`missing ${nth}`, look(undefined));
  const before = count();
  assert.equal(await cache.load('key', look('another')), 'value');
  assert.equal(await cache.load('missing 99', look('value')), undefined);
  assert.equal(count(), before);
  await cache.load('missing 0', look(undefined));
  assert.equal(count(), before + 1, 'forgotten, because there is an end to what is kept');
  pass(10);
  assert.equal(await cache.load('missing 99', look('value')), 'value');
});

test('who asks for the same at the same time waits for one look-up, and fails with it', async () => {
  const { cache, look, count } = create();
  assert.deepEqual(
    await Promise.all(Array.from({ length: 50 }, () => cache.load('key', look('value')))),
    Array<string>(50).fill('value'),
  );
  assert.equal(count(), 1);
  const fail = () => Promise.reject(new Error('away'));
  const failures = await Promise.allSettled([cache.load('other', fail), cache.load('other', look('value'))]);
  assert.deepEqual(
    failures.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.equal(await cache.load('other', look('value')), 'value', 'a failure is not kept');
});

test('where a promise belongs to its request, each looks for itself', async () => {
  const { cache, look, count } = create({ sharesLookUps: false });
  await Promise.all([cache.load('key', look('value')), cache.load('key', look('value'))]);
  assert.equal(count(), 2);
  await cache.load('key', look('value'));
  assert.equal(count(), 2);
});

test('what is forgotten while it is looked up is not kept', async () => {
  const { cache, look } = create();
  let resolve: (value: string) => void = () => undefined;
  const loading = cache.load('key', () => new Promise<string>((settle) => (resolve = settle)));
  cache.forget('key');
  const again = cache.load('key', look('newer'));
  resolve('older');
  assert.deepEqual(await Promise.all([loading, again]), ['older', 'newer']);
  assert.equal(await cache.load('key', look('newest')), 'newer');
});
