import assert from 'node:assert/strict';
import test from 'node:test';
import { isProblem, Problem } from '../core/problem.ts';
import type { Services } from '../http/services.ts';
import { isCommonPassword } from '../security/common-passwords.ts';
import { hashNewPassword, type PasswordOwner } from './new-password.ts';
import { bareSettings } from '../../test/support/settings.ts';

const settings = { ...bareSettings, publicUrl: 'https://accounts.acme-tools.example:8443' };

/** Services with a hasher that writes down what it is given. */
function createServices({
  isBreached = () => Promise.resolve(false),
  hash,
}: Partial<Services['passwords']> = {}) {
  const hashed: string[] = [];
  const passwords: Services['passwords'] = {
    hash:
      hash ??
      ((password) => {
        hashed.push(password);
        return Promise.resolve(`hash of ${password}`);
      }),
    verify: () => Promise.reject(new Error('not here')),
    isOutdated: () => false,
    stats: () => ({ running: 0, waiting: 0 }),
    isCommon: (password) => Promise.resolve(isCommonPassword(password)),
    isBreached,
  };
  return { services: { passwords, settings }, hashed };
}

const owner: PasswordOwner = { email: 'grace.hopper+work@navy.example', name: 'Grace Brewster Hopper' };

const refused: readonly (readonly [why: string, ...passwords: readonly string[]])[] = [
  ['common', 'password', 'iloveyou', 'aaaaaaaa', '12345678'],
  [
    'the product',
    'Blockbot',
    'blockbot1',
    'BLOCKBOT2026!',
    'block-bot',
    'blockbot12345678',
    'ｂｌｏｃｋｂｏｔ',
  ],
  ['the mailbox', 'grace.hopper', 'GraceHopper99', 'grace.hopper+work', 'gracehopperwork1', 'hopper123'],
  ['the address', 'grace.hopper+work@navy.example'],
  ['the name', 'Grace Brewster Hopper', 'gracebrewsterhopper7', 'brewster', 'Brewster!!!', 'grace12345'],
  [
    'the host',
    'acme-tools',
    'AcmeTools1',
    'accounts.acme-tools.example',
    'acme-tools.example',
    'accounts11111',
  ],
];

test('hashNewPassword refuses what others would try first, before any work is done', async () => {
  const { services, hashed } = createServices();
  for (const [why, ...passwords] of refused) {
    for (const password of passwords) {
      const errors = await errorsOf(hashNewPassword(services, { password, field: 'new_password', owner }));
      assert.deepEqual(errors, [['#/new_password', 'too-common']], `${why}: ${password}`);
    }
  }
  assert.deepEqual(hashed, []);
});

const taken = [
  'correct horse battery staple',
  'gracefully done',
  'blockbot and I',
  'my blockbot',
  'hopper83917264',
  'brewstersmillion',
  '!!!!!!!?',
];

test('hashNewPassword takes what only has such a word in it, and everybody else’s words', async () => {
  const { services, hashed } = createServices();
  for (const password of taken) await hashNewPassword(services, { password, field: 'password', owner });
  await hashNewPassword(services, { password: 'grace.hopper', field: 'password', owner: {} });
  const nobody = { email: 'x@y.example', name: null };
  await hashNewPassword(services, { password: 'grace.hopper', field: 'password', owner: nobody });
  assert.deepEqual(hashed, [...taken, 'grace.hopper', 'grace.hopper']);
});

test('hashNewPassword asks for breaches while it hashes, and blames the field', async () => {
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const { services } = createServices({
    isBreached: () => begun.then(() => true),
    hash: async () => {
      begin();
      return 'a hash';
    },
  });
  const wanted = { password: 'a breached password', field: 'password', owner } as const;
  assert.deepEqual(await errorsOf(hashNewPassword(services, wanted)), [['#/password', 'breached']]);
});

test('hashNewPassword passes on that too many wait', async () => {
  const { services } = createServices({ hash: () => Promise.reject(new Problem('overloaded')) });
  const wanted = { password: 'correct horse battery staple', field: 'password', owner } as const;
  await assert.rejects(
    hashNewPassword(services, wanted),
    (error) => isProblem(error) && error.slug === 'overloaded',
  );
});

async function errorsOf(work: Promise<unknown>): Promise<unknown> {
  try {
    return `taken: ${String(await work)}`;
  } catch (error) {
    assert.ok(isProblem(error), String(error));
    assert.equal(error.slug, 'invalid-input');
    return error.members.errors?.map(({ pointer, code }) => [pointer, code]);
  }
}
