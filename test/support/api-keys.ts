/** API keys as the API makes them, for tests. */
import type { Registered, TestBlockbot } from './blockbot.ts';
import { expectJson } from './responses.ts';

export interface TestApiKey {
  readonly key: string;
  readonly api_key: {
    readonly id: string;
    readonly start: string;
    readonly name: string;
    readonly user_id: string | null;
    readonly scopes: readonly string[];
    readonly limit: { readonly requests: number; readonly seconds: number; readonly of: string };
    readonly expires_at: string | null;
    readonly previous_until: string | null;
    readonly last_used_at: string | null;
    readonly last_used_network: string | null;
    readonly created_by: string | null;
  };
}

/** @param path of the organization */
export async function makeApiKey(
  { send }: Pick<TestBlockbot, 'send'>,
  { access_token: token }: Pick<Registered, 'access_token'>,
  path: string,
  fields: object = {},
): Promise<TestApiKey> {
  const body = { name: 'Importer', scopes: ['members:read'], ...fields };
  return expectJson<TestApiKey>(await send('POST', `${path}/api-keys`, { token, body }), 201);
}

/** What the key that asks is told of itself. */
export const readOwnKey = ({ send }: Pick<TestBlockbot, 'send'>, token: string, address?: string) =>
  send('GET', '/v1/me/api-key', { token, ...(address !== undefined && { address }) });
