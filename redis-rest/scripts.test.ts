import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { createScripts } from './scripts.ts';

const sha = (script: string) => createHash('sha1').update(script).digest('hex');

describe('scripts', () => {
  const lines: readonly [string, string][] = [
    ['#!lua flags=allow-key-locking', '#!lua'],
    ['#!lua flags=no-writes,allow-key-locking', '#!lua flags=no-writes'],
    ['#!lua flags=allow-key-locking,no-writes', '#!lua flags=no-writes'],
    ['#!lua  flags=allow-key-locking name=x', '#!lua name=x'],
    ['#!lua flags=no-writes', '#!lua flags=no-writes'],
    ['#!lua', '#!lua'],
    ['-- flags=allow-key-locking', '-- flags=allow-key-locking'],
  ];
  for (const [line, expected] of lines) {
    test(`the first line ${line} becomes ${expected}`, () => {
      const body = '\nreturn "#!lua flags=allow-key-locking"';
      const { command } = createScripts().adapt(['eval', line + body, '0']);
      assert.deepEqual(command, ['eval', expected + body, '0']);
    });
  }

  test('a script of bytes keeps its bytes', () => {
    const script = Buffer.concat([Buffer.from('#!lua flags=allow-key-locking\n--'), Buffer.of(0xff, 0x0a)]);
    const { command } = createScripts().adapt(['EVAL', script, '0']);
    assert.deepEqual(command[1], Buffer.concat([Buffer.from('#!lua\n--'), Buffer.of(0xff, 0x0a)]));
  });

  test('the SHA-1 that the caller knows leads to the script that Redis knows', () => {
    const scripts = createScripts();
    const original = '#!lua flags=allow-key-locking\nreturn 1';
    const plain = sha('#!lua\nreturn 1');
    const loaded = scripts.adapt(['SCRIPT', 'LOAD', original]);
    assert.equal(loaded.loadedAs, sha(original));
    assert.deepEqual(scripts.adapt(['evalsha', sha(original).toUpperCase(), '0']).command[1], plain);
    assert.deepEqual(scripts.adapt(['script', 'exists', sha(original), 'f00']).command, [
      'script',
      'exists',
      plain,
      'f00',
    ]);
  });

  test('the least recently used SHA-1 is forgotten, so that Redis answers NOSCRIPT', () => {
    const scripts = createScripts({ capacity: 2 });
    const script = (number: number) => `#!lua flags=allow-key-locking\nreturn ${number}`;
    const knows = (number: number) =>
      scripts.adapt(['EVALSHA', sha(script(number)), '0']).command[1] !== sha(script(number));
    scripts.adapt(['EVAL', script(1), '0']);
    scripts.adapt(['EVAL', script(2), '0']);
    assert.equal(knows(1), true);
    scripts.adapt(['EVAL', script(3), '0']);
    assert.deepEqual([knows(1), knows(2), knows(3)], [true, false, true]);
  });
});
