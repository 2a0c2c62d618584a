/** Keys of an organization whose members an operator has disabled. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askAsProcess, insertApiKey } from '../../test/support/api-key-row.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { makeOrganization } from '../../test/support/organizations.ts';
import { expectEmpty, expectProblem } from '../../test/support/responses.ts';
import { createFunction } from '../http/function.ts';
import { guard } from '../http/guard.ts';
import { limit } from '../http/limit.ts';
import { api, apiKeyLimit } from '../rate-limit/policies.ts';
import { apiKey } from './caller.ts';

const bot = await startBlockbot();

const app = createFunction().get(
  '/widgets',
  guard({ caller: apiKey, limits: limit(api, apiKeyLimit) }),
  (c) => c.body(null, 204),
);

test('a key of an organization opens nothing while everybody in it is disabled', async () => {
  const { id, people } = await makeOrganization(bot, ['owner', 'member']);
  const [owner, member] = people;
  assert.ok(owner && member);
  const { text } = await insertApiKey(bot, { organizationId: id });
  const ask = () => askAsProcess(bot, text, { app });
  const setDisabled = (userId: string, at: Date | null) => bot.database.sql`
    update users set disabled_at = ${at}, disabled_reason = ${at && 'abuse'} where id = ${userId}`;
  await setDisabled(owner.user.id, new Date());
  await expectEmpty(await ask(), 204);
  await setDisabled(member.user.id, new Date());
  await expectProblem(await ask(), 'api-key-invalid');
  await setDisabled(member.user.id, null);
  await expectEmpty(await ask(), 204);
});
