import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roles } from '../../db/roles.ts';
import { rolesWith, rolesWithin } from './permissions.ts';

test('an owner may what an admin may, and an admin what a member may', () => {
  assert.deepEqual(rolesWith('members:read'), ['member', 'admin', 'owner']);
  for (const permission of [
    'members:write',
    'invitations:write',
    'organization:write',
    'keys:write',
    'audit:read',
  ] as const) {
    assert.deepEqual(rolesWith(permission), ['admin', 'owner'], permission);
  }
  assert.deepEqual(rolesWith('organization:delete'), ['owner']);
});

test('a role reaches itself and those below it', () => {
  assert.deepEqual(
    roles.map((role) => [role, rolesWithin(role)]),
    [
      ['owner', ['member', 'admin', 'owner']],
      ['admin', ['member', 'admin']],
      ['member', ['member']],
    ],
  );
});
