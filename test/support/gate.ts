/** The gate, asked as a proxy asks it. */
import { decodeJwt } from 'jose';
import endpoint from '../../functions/gate/check.ts';
import type { TestBlockbot, TestRequest } from './blockbot.ts';
import { expectEmpty } from './responses.ts';

export interface GateRequest extends TestRequest {
  /** Of the request that the proxy holds; empty for a proxy that tells none. */
  readonly method?: string;
  readonly query?: string;
}

export function toAskGate(bot: Pick<TestBlockbot, 'send'>) {
  return ({ method = 'GET', query = 'audience=billing', headers, ...request }: GateRequest = {}) =>
    bot.send(
      'GET',
      `/v1/gate?${query}`,
      { headers: { ...(method !== '' && { 'X-Forwarded-Method': method }), ...headers }, ...request },
      endpoint,
    );
}

/** The identity, from a response that lets the request pass. */
export async function expectIdentity(response: Response) {
  const token = response.headers.get('x-identity') ?? '';
  await expectEmpty(response, 200);
  return { token, claims: decodeJwt(token) };
}
