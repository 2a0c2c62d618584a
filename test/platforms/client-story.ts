/** What a client is used for, from registering to signing out, with nothing but what every runtime has. */
import { createClient } from '../../client/client.ts';
import { createMemoryStore, type Store } from '../../client/store.ts';

/** What came of each step, in order; the same in every runtime. */
export async function runStory(baseUrl: string, email: string): Promise<readonly string[]> {
  const store = createMemoryStore();
  // As two tabs would be that share their store.
  const [client, other] = [createClient({ baseUrl, store }), createClient({ baseUrl, store })];
  const told: string[] = [];
  client.onSessionChange((change) => told.push(change));
  const password = 'correct horse battery staple';
  const registered = await client.post('/v1/auth/register', { body: { email, password } });
  const me = await client.get('/v1/me');
  told.push(`registered ${registered.status}`, `is ${me.data?.user.email === email}`);
  await end(store);
  const both = await Promise.all([client.get('/v1/me'), other.get('/v1/me'), client.get('/v1/sessions')]);
  told.push(`refreshed ${both.map(({ status }) => status).join(' ')}`);
  const controller = new AbortController();
  const aborted = client
    .get('/v1/me', { signal: controller.signal })
    .catch((reason: unknown) => String(reason));
  controller.abort('enough');
  told.push(`aborted: ${String(await aborted)}`);
  const signedOut = await client.signOut();
  const refused = await other.get('/v1/me');
  told.push(`left ${signedOut?.status}`, `refused: ${refused.error?.slug}`);
  const again = await client.post('/v1/auth/login', { body: { email, password } });
  const nobody = await createClient({ baseUrl: 'http://127.0.0.1:1' }).get('/health/live');
  told.push(`back ${again.status}`, `away: ${nobody.error?.slug}`);
  return told;
}

/** Lets the access token end, as far as the clients of this store know. */
export async function end(store: Store): Promise<void> {
  const tokens = JSON.parse((await store.get('session')) ?? 'null') as object;
  await store.set('session', JSON.stringify({ ...tokens, expiresAt: 0 }));
}
