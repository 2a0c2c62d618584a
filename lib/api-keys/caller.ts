/** Programs as callers: those that send an API key as their bearer token (RFC 6750, section 2.1), and nowhere else. */
import { Problem } from '../core/problem.ts';
import type { ApiKeyRecord } from '../http/api-keys.ts';
import { toDenied } from '../http/authorize.ts';
import type { CallerRule } from '../http/guard.ts';
import type { GuardedRequest, KeyCaller } from '../http/guarded-request.ts';
import type { FunctionContext } from '../http/services.ts';
import type { RevocationCheck } from '../rate-limit/store.ts';
import { type ApiKey, nameApiKey, parseApiKey } from '../security/api-key.ts';
import { lookUpApiKey } from './api-key-look-up.ts';

type Context = FunctionContext<'database' | 'apiKeys'>;

/**
 * A program with an API key. A text that is none costs no I/O. A key is looked up at most once in half a minute in each process,
 * after a limit of the address has let the look-up pass; one that was revoked meanwhile is told by the store of the limits.
 */
export const apiKey: CallerRule<KeyCaller, 'database' | 'apiKeys'> = {
  name: 'apiKey',
  isProgram: true,
  services: ['database', 'apiKeys'],
  identify: async (c, request, beforeLookUp) => {
    const caller = await recognize(c, readPresented(c), async (key, wasFound) => {
      // One that was good half a minute ago is no invention, whatever others do at its address.
      if (!wasFound) await beforeLookUp();
      return lookUpApiKey(c.env, key, request.address);
    });
    c.env.requestContext.callerId = caller.keyId;
    return caller;
  },
  standsOn,
  renew: async (c, request: GuardedRequest<undefined>) => {
    const presented = readPresented(c);
    c.env.apiKeys.records.forget(presented.name);
    return recognize(c, presented, (key) => lookUpApiKey(c.env, key, request.address));
  },
  count: ({ env: { apiKeys } }, { keyId }, refused) => apiKeys.usage.count(keyId, { refused }),
  authorize: ({ scopes }, { permission }) => {
    if (permission && !scopes.includes(permission)) throw toDenied(permission);
  },
};

/** Whether the credential is meant as a key, whatever it is worth. */
export function presentsApiKey(c: FunctionContext): boolean {
  return /^bearer["'\s]*bbk_/i.test(c.req.header('authorization') ?? '');
}

/** A text of the form, and what the process may know it by. */
interface Presented {
  readonly text: string;
  readonly name: string;
}

function readPresented(c: FunctionContext): Presented {
  const header = c.req.header('authorization');
  if (header === undefined) throw new Problem('authentication-required');
  const [, text = ''] = /^bearer (.*)$/i.exec(header) ?? [];
  const name = nameApiKey(text);
  if (name !== undefined) return { text, name };
  const [enclosed = ''] = /bbk_\w+/.exec(header) ?? [];
  const detail = 'The key has characters around it';
  throw new Problem('api-key-invalid', parseApiKey(enclosed) ? { detail } : {});
}

/**
 * What is known needs no parsing: only a text that nobody has looked up here can be none that anybody was given.
 *
 * @throws {Problem} `api-key-invalid`, and to its right secret only `api-key-expired`
 */
async function recognize(
  { env: { apiKeys } }: Context,
  { text, name }: Presented,
  lookUp: (key: ApiKey, wasFound: boolean) => Promise<ApiKeyRecord | undefined>,
): Promise<KeyCaller> {
  const record = await apiKeys.records.load(name, async (wasFound) => {
    const key = parseApiKey(text);
    if (!key) throw new Problem('api-key-invalid');
    return lookUp(key, wasFound);
  });
  const passedMs = record ? apiKeys.now() - record.lookedUpAt : 0;
  if (!record || isOver(record.replacedInMs, passedMs)) throw new Problem('api-key-invalid');
  if (isOver(record.expiresInMs, passedMs)) throw new Problem('api-key-expired');
  return record.caller;
}

const isOver = (inMs: number | undefined, passedMs: number) => inMs !== undefined && passedMs >= inMs;

/** What ends a key before its record is looked up again (`api-key-revocation.ts`). */
function standsOn({ keyId, organizationId, userId, asOf }: KeyCaller): RevocationCheck {
  const parts = ['all', `key:${keyId}`];
  return userId === undefined
    ? { subject: `organization:${organizationId}`, parts, asOf }
    : { subject: `user:${userId}`, parts: [...parts, `organization:${organizationId}`], asOf };
}
