/** One API key of an organization from its making to its end. */
import { expectEmpty, expectJson, expectProblem, expectStatus, refuse } from './ask.ts';
import { type Send, toAskingStep } from './asking-step.ts';
import type { Step } from './steps.ts';

const nobodysId = '01890a5d-ac96-774b-bcce-b302099a8057';

interface Issued {
  readonly key: string;
  readonly api_key: { readonly id: string };
}

/** @param organization the path of the organization, of which the owner is signed in, when a step runs */
export function toApiKeySteps(token: () => string, organization: () => string): readonly Step[] {
  const step = (name: string, title: string, run: (send: Send) => Promise<void>) =>
    toAskingStep(name, title, run, () => ({ token: token() }));
  const path = (rest = '') => `${organization()}/api-keys${rest}`;
  let first: Issued;
  let next: Issued;
  return [
    step('api-keys/create', 'makes a key, and none of an unknown scope', async (send) => {
      const body = { name: 'Difference', scopes: ['members:read'], limit: { requests: 100, seconds: 60 } };
      first = expectJson<Issued>(await send('POST', path(), { body }), 201);
      const unknown = { body: { ...body, scopes: ['everything'] } };
      expectProblem(await send('POST', path(), unknown), 422, 'invalid-input');
    }),
    step('api-keys/read-own', 'tells a key what it is', async (send) => {
      const response = await send('GET', '/v1/me/api-key', { token: first.key });
      const { api_key } = expectJson<Issued>(response, 200);
      if (api_key.id !== first.api_key.id) refuse(response, 'another key');
    }),
    step('tokens/issue', 'exchanges a key for a token', async (send) => {
      const form = {
        grant_type: 'client_credentials',
        client_id: first.api_key.id,
        client_secret: first.key,
      };
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
      const body = new URLSearchParams(form).toString();
      expectJson(await send('POST', '/v1/auth/token', { body, headers, token: '' }), 200);
    }),
    step('api-keys/list', 'lists it', async (send) => {
      const response = await send('GET', path());
      const { api_keys } = expectJson<{ api_keys: readonly { id: string }[] }>(response, 200);
      if (!api_keys.some(({ id }) => id === first.api_key.id)) refuse(response, 'not among them');
    }),
    step('api-keys/read', 'reads it, and none that there is not', async (send) => {
      expectJson(await send('GET', path(`/${first.api_key.id}`)), 200);
      expectProblem(await send('GET', path(`/${nobodysId}`)), 404, 'not-found');
    }),
    step('api-keys/update', 'renames it', async (send) => {
      const body = { name: 'Another' };
      expectJson(await send('PATCH', path(`/${first.api_key.id}`), { body }), 200);
    }),
    step('api-keys/list-usage', 'answers how often the keys were used', async (send) => {
      expectStatus(await send('GET', `${organization()}/api-key-usage`), 200);
    }),
    step('api-keys/rotate', 'gives it another text', async (send) => {
      const body = { overlap_seconds: 60 };
      next = expectJson<Issued>(await send('POST', path(`/${first.api_key.id}/rotate`), { body }), 201);
    }),
    step('api-keys/report', 'takes whatever was found, and answers all alike', async (send) => {
      const body = { keys: ['not a key', first.key] };
      expectEmpty(await send('POST', '/v1/api-keys/revoke', { body, token: '' }), 202);
      if (next.key === first.key) throw new Error('the text of a key was not another one after its rotation');
    }),
    step('api-keys/revoke', 'finds none that was revoked already', async (send) => {
      expectProblem(await send('DELETE', path(`/${first.api_key.id}`)), 404, 'not-found');
    }),
  ];
}
