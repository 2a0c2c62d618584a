/** A deployment with a hundred requests a second, half of them by new connections, and a change that nobody may notice. */
import assert from 'node:assert/strict';
import { after, before, type TestContext } from 'node:test';
import { type Person, register, startLoad } from './edge-client.ts';
import { withFirewall } from './engine.ts';
import { record } from './figures.ts';
import { createStack, crowd, readAuthority, type Stack, up } from './stack.ts';
import { createRemoteClients } from './remote-clients.ts';

const people = 120;
export const perSecond = 100;

interface Crowd {
  readonly stack: Stack;
  readonly callers: readonly Person[];
  /** Who is no part of the load. */
  readonly others: readonly Person[];
  /** Load from before the change until a little after it; nobody may have noticed. */
  readonly unnoticed: <Result>(context: TestContext, change: () => Promise<Result>) => Promise<Result>;
  readonly leave: () => Promise<void>;
}

/** For the tests of a `describe`: there before the first of them, and gone after the last. */
export function useCrowd(): () => Crowd {
  let gathered: Crowd | undefined;
  before(async () => {
    gathered = await gatherCrowd();
  });
  after(() => gathered?.leave());
  return () => {
    if (!gathered) throw new Error('the crowd is there in tests only');
    return gathered;
  };
}

/**
 * From another network, where this machine lets us have one. Then at every address, as in production: what holds connections
 * names those at which Traefik is published, and none where it is all of them.
 */
async function gatherCrowd(): Promise<Crowd> {
  const fromElsewhere = withFirewall.skip === false;
  const stack = await createStack({ ...crowd, ...(fromElsewhere && { TEST_PUBLISHED_AT: '0.0.0.0' }) });
  await up(stack);
  const all: Person[] = [];
  for (let index = 0; index < people + 20; index += 1) all.push(await register(index));
  const callers = all.slice(0, people);
  const clients = fromElsewhere ? await createRemoteClients(await readAuthority(stack)) : undefined;
  return {
    stack,
    callers,
    others: all.slice(people),
    unnoticed: async (context, change) => {
      const options = { perSecond };
      const load = await (clients?.startLoad(callers, options) ?? startLoad(callers, options));
      await load.answered(3 * perSecond);
      const result = await change();
      await load.answered(5 * perSecond);
      const tally = await load.stop();
      await record(context, tally);
      if (tally.failures.length > 0)
        context.diagnostic(await stack.mustCompose('logs', '--timestamps', '--tail', '60'));
      assert.deepEqual(tally.failures, []);
      assert.ok(tally.posts > 200, 'too few POSTs to say anything');
      return result;
    },
    leave: async () => {
      await clients?.leave();
      await stack.remove();
    },
  };
}
