import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { batchByTurn } from './batch.ts';

/** Answers each batch by its letters in capitals, and notes them. */
function openLetters(options?: { most: number }) {
  const batches: string[] = [];
  const read = batchByTurn(async (letters: readonly string[]) => {
    batches.push(letters.join(''));
    await nextTurn();
    if (letters.includes('!')) throw new Error('not a letter');
    return letters.map((letter) => letter.toUpperCase());
  }, options);
  return { batches, read };
}

/** Leaves a batch of two behind, so that the next one waits for company. */
async function openUsedLetters(options?: { most: number }) {
  const letters = openLetters(options);
  await Promise.all([letters.read(['x']), letters.read(['y'])]);
  letters.batches.length = 0;
  return letters;
}

test("what is asked within one turn is one batch, and its answer is everybody's", async () => {
  const { batches, read } = await openUsedLetters();
  const first = read(['a', 'b']);
  await Promise.resolve();
  const second = read(['c']);
  await nextTurn();
  const next = read(['d']);
  assert.equal(await first, await second);
  assert.deepEqual(await second, ['A', 'B', 'C']);
  assert.deepEqual(await next, ['D']);
  assert.deepEqual(batches, ['abc', 'd']);
});

test('who is alone is asked for at once, and waits for company where the last one had some', async () => {
  const { batches, read } = openLetters();
  const ask = async (letters: string) => {
    const asked = read([letters]);
    await Promise.resolve();
    const atOnce = batches.at(-1) === letters;
    await asked;
    return atOnce;
  };
  assert.equal(await ask('a'), true);
  assert.equal(await ask('b'), true, 'again');
  await Promise.all([read(['c']), read(['d'])]);
  assert.equal(await ask('e'), false, 'there was company');
  assert.equal(await ask('f'), true, 'there was none');
  assert.deepEqual(batches, ['a', 'b', 'cd', 'e', 'f']);
});

test('while one is on its way, the next waits for the turn', async () => {
  const { batches, read } = openLetters();
  const first = read(['a']);
  await Promise.resolve();
  const others = [read(['b']), Promise.resolve().then(() => read(['c']))];
  await Promise.all([first, ...others]);
  assert.deepEqual(batches, ['a', 'bc']);
});

test('a batch has no more items than it may, and what one call asks stays together', async () => {
  const { batches, read } = openLetters({ most: 3 });
  const answers = await Promise.all([read(['a', 'b']), read(['c', 'd']), read(['e']), read([...'fghi'])]);
  assert.deepEqual(batches, ['ab', 'cde', 'fghi']);
  assert.deepEqual(answers[3], [...'FGHI']);
});

test('a batch that fails fails for all who were in it, and for nobody after them', async () => {
  const { read } = openLetters();
  const settled = await Promise.allSettled([read(['a']), read(['!'])]);
  assert.deepEqual(
    settled.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.deepEqual(await read(['b']), ['B']);
});
