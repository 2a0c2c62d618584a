/** What every store of runs must do, written once and applied to each of them by its own test. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { type IdempotencyStore, leaseMs, rememberedMs, type Run } from './store.ts';

/** A store whose clock the test moves. */
export interface IdempotencyUnderTest {
  readonly store: IdempotencyStore;
  readonly advance: (milliseconds: number) => void;
}

export function idempotencyContract(what: string, open: () => Promise<IdempotencyUnderTest>): void {
  const run = (more: Partial<Run> = {}): Run => ({
    name: crypto.randomUUID(),
    fingerprint: 'f',
    owner: crypto.randomUUID(),
    ...more,
  });
  const again = (first: Run, more: Partial<Run> = {}) =>
    run({ ...first, owner: crypto.randomUUID(), ...more });

  test(`${what}: one of many that begin at once does it, and all others hear of it`, async () => {
    const { store } = await open();
    const first = run();
    const standings = await Promise.all(Array.from({ length: 50 }, () => store.begin(again(first))));
    const kinds = standings.map(({ kind }) => kind).sort();
    assert.deepEqual(kinds, ['begun', ...Array.from({ length: 49 }, () => 'running')]);
  });

  test(`${what}: what was done is told with its answer, to the letter`, async () => {
    const { store } = await open();
    const first = run();
    await store.begin(first);
    await store.complete(first, '{"a":"\u{1F600} \u00FF 123"}');
    assert.deepEqual(await store.begin(again(first)), {
      kind: 'done',
      answer: '{"a":"\u{1F600} \u00FF 123"}',
    });
    assert.deepEqual(await store.begin(run()), { kind: 'begun' }, 'another name');
  });

  test(`${what}: what was done is done, though its answer was not kept`, async () => {
    const { store } = await open();
    const first = run();
    await store.begin(first);
    await store.complete(first, undefined);
    assert.deepEqual(await store.begin(again(first)), { kind: 'done', answer: undefined });
  });

  test(`${what}: a name is of one request, while it runs and after`, async () => {
    const { store } = await open();
    const first = run();
    await store.begin(first);
    assert.deepEqual(await store.begin(again(first, { fingerprint: 'g' })), { kind: 'taken' });
    await store.complete(first, 'answer');
    assert.deepEqual(await store.begin(again(first, { fingerprint: 'g' })), { kind: 'taken' });
  });

  test(`${what}: what was released may begin anew, with another request too`, async () => {
    const { store } = await open();
    const first = run();
    await store.begin(first);
    await store.release(first);
    assert.deepEqual(await store.begin(again(first, { fingerprint: 'g' })), { kind: 'begun' });
  });

  test(`${what}: a run that never ends is taken for dead after its lease, and changes nothing of the next`, async () => {
    const { store, advance } = await open();
    const dead = run();
    await store.begin(dead);
    advance(leaseMs - 1);
    assert.deepEqual(await store.begin(again(dead)), { kind: 'running', retryAfterMs: 1 });
    advance(1);
    const next = again(dead);
    assert.deepEqual(await store.begin(next), { kind: 'begun' });
    await store.complete(dead, 'late');
    await store.release(dead);
    assert.equal((await store.begin(again(dead))).kind, 'running');
    await store.complete(next, 'answer');
    await store.release(next);
    assert.deepEqual(await store.begin(again(dead)), { kind: 'done', answer: 'answer' });
  });

  test(`${what}: an answer is remembered for a day`, async () => {
    assert.equal(rememberedMs, 86_400_000);
    const { store, advance } = await open();
    const first = run();
    await store.begin(first);
    await store.complete(first, 'answer');
    advance(rememberedMs - 1);
    assert.equal((await store.begin(again(first))).kind, 'done');
  });
}
