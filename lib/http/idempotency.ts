/**
 * Requests that may be repeated without being done twice: the rule of a guard for what makes something
 * (draft-ietf-httpapi-idempotency-key-header-07). The first request with a key is carried out, every other one for 24 hours is
 * answered as that one was. It is its own module, so that only those functions hold it that ask for it.
 */
import { createHash, createHmac } from 'node:crypto';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Awaitable } from '../core/awaitable.ts';
import { toErrorMessage } from '../core/error-message.ts';
import { isProblem, Problem, toRetryAfter } from '../core/problem.ts';
import type { Run, Standing } from '../idempotency/store.ts';
import type { AnsweringContext, IdempotencyRule, Repeatable } from './guard.ts';
import type { Caller, KeyCaller } from './guarded-request.ts';
import { problemOf } from './outage-problem.ts';

type IdempotencyContext = AnsweringContext<'idempotency'>;

/** Bytes of an answer that are kept; a longer one is told once. */
const mostKept = 65_536;

/**
 * Demands `Idempotency-Key`, which is good for one caller, in one organization, at one address.
 *
 * @example guard({ caller: user, limits: limit(invoicing), body: json(Invoice), idempotency: idempotent })
 *
 * @throws {Problem} `idempotency-key-required`, `idempotency-key-in-use`, `idempotency-key-reused`, `idempotency-key-spent`; and
 * `service-unavailable` where nobody can tell what has been done: something paid twice is worse
 */
export const idempotent: IdempotencyRule<Caller | KeyCaller, 'idempotency'> = {
  services: ['idempotency'],
  run: async (c, repeatable, proceed) => {
    const run = toRun(c, repeatable);
    const standing = await begin(c, run);
    if (standing.kind === 'begun') return carryOut(c, run, proceed);
    c.res = replay(c, standing);
  },
};

/** @throws {Problem} `idempotency-key-required` */
function toRun(c: IdempotencyContext, { caller, input }: Repeatable<Caller | KeyCaller>): Run {
  const header = c.req.header('idempotency-key');
  // A String of RFC 9651, section 3.3.3, alone.
  const [, key] = header?.match(/^"((?:[ !#-[\]-~]|\\["\\]){1,255})"$/) ?? [];
  if (key === undefined) {
    const detail =
      header === undefined
        ? 'The header `Idempotency-Key` is missing'
        : 'The header `Idempotency-Key` is a text in quotes, of 1 to 255 printable ASCII characters';
    throw new Problem('idempotency-key-required', { detail });
  }
  const { method, url } = c.req.raw;
  const { pathname, search } = new URL(url);
  const who = caller.kind === 'key' ? caller.keyId : caller.userId;
  const parts = [caller.kind, who, caller.organizationId ?? '', method, pathname + search, key];
  return {
    name: createHash('sha256').update(parts.join('\n')).digest('base64url'),
    // Keyed by what only the caller knows, so that nobody who reads the store tries out what was sent.
    fingerprint: createHmac('sha256', key)
      .update(JSON.stringify(input) ?? '')
      .digest('base64url'),
    owner: crypto.randomUUID(),
  };
}

async function begin(c: IdempotencyContext, run: Run): Promise<Standing> {
  try {
    return await c.env.idempotency.begin(run);
  } catch (cause) {
    if (isProblem(cause)) throw cause;
    // It may have arrived all the same, and would hold up the next try.
    await c.env.idempotency.release(run).catch(() => undefined);
    c.env.log.warn('an idempotency key could not be looked up', {
      request_id: c.env.requestContext.requestId,
      reason: toErrorMessage(cause),
    });
    throw new Problem('service-unavailable', {}, { headers: { 'Retry-After': '1' }, cause });
  }
}

async function carryOut(c: IdempotencyContext, run: Run, proceed: () => Awaitable<void>): Promise<void> {
  const { idempotency, log, requestContext } = c.env;
  await proceed();
  try {
    if (isUndone(c)) await idempotency.release(run);
    else await idempotency.complete(run, await toText(c.res));
  } catch (error) {
    // It was done, and the caller is told so. Who repeats it is refused until the lease ends, and no longer.
    log.warn('the answer to an idempotency key was not kept', {
      request_id: requestContext.requestId,
      reason: toErrorMessage(error),
    });
  }
}

/**
 * The draft has every result repeated, "success or an error". None is what is known to have been refused before anything was
 * done, and asks for the same request again, with other credentials or later. Of a 500, an outage in the middle of a COMMIT or
 * the 504 of a handler that may still run nobody knows that.
 */
function isUndone({ error, res: { status } }: IdempotencyContext): boolean {
  if (status === 401 || status === 429) return true;
  const refusal = problemOf(error);
  if (refusal?.slug === 'overloaded') return true;
  return refusal?.slug === 'service-unavailable' && !mayBeDone(refusal.cause);
}

/** Of an outage (`db/outage.ts`), which is known by its members, since each bundle owns a copy. */
function mayBeDone(cause: unknown): boolean {
  return (cause as { readonly mayBeDone?: boolean } | undefined)?.mayBeDone === true;
}

interface KeptAnswer {
  readonly status: ContentfulStatusCode;
  readonly headers: Record<string, string>;
  /** Each byte a character. */
  readonly body: string;
}

/** What tells of one request and not of its result, or is a secret of whoever was there first. */
const ofOneRequest = /^(?:ratelimit.*|retry-after|set-cookie|content-length)$/;

async function toText(response: Response): Promise<string | undefined> {
  const bytes = Buffer.from(await response.clone().arrayBuffer());
  if (bytes.length > mostKept) return undefined;
  const headers = Object.fromEntries([...response.headers].filter(([name]) => !ofOneRequest.test(name)));
  const kept = { status: response.status, headers, body: bytes.toString('latin1') };
  return JSON.stringify(kept);
}

/** @throws {Problem} for whatever was not done, or can't be told */
function replay(c: IdempotencyContext, standing: Exclude<Standing, { kind: 'begun' }>): Response {
  if (standing.kind === 'taken') throw new Problem('idempotency-key-reused');
  if (standing.kind === 'running') {
    const headers = { 'Retry-After': toRetryAfter(Math.min(standing.retryAfterMs, 1000)) };
    throw new Problem('idempotency-key-in-use', {}, { headers });
  }
  if (standing.answer === undefined) throw new Problem('idempotency-key-spent');
  const { status, headers, body } = JSON.parse(standing.answer) as KeptAnswer;
  return body === '' ? c.body(null, status, headers) : c.body(Buffer.from(body, 'latin1'), status, headers);
}
