/**
 * The limiter of all processes: what `sliding-window.lua.ts` decides in Redis. All that is asked at once is one call of
 * that script with many keys, which costs Redis and us far less than a call each. A cluster refuses such a call before it
 * runs; from then on each key has a call of its own, in the same pipeline.
 */
import { hash } from 'node:crypto';
import { batchByTurn } from '../../db/batch.ts';
import { hashId } from './hash-id.ts';
import { ask, type RedisPipelines, toRefusal, toResult } from './redis-pipelines.ts';
import { idLength, type Question, type ScriptCall, toScriptCall } from './script-call.ts';
import { type RedisScript, slidingWindow } from './redis-script.ts';
import { toRevocationKey, writeRevocations } from './redis-revocations.ts';
import { BoundedMap } from '../core/bounded-map.ts';
import { isRevocationCheck, toCost, toUnitless } from './store.ts';
import type { Check, Policy, Decision, RevocationCheck, SharedStore } from './store.ts';

/** Whose digests are kept: of 0.6 us each, where finding one takes 0.1, and callers come more than once. */
const mostDigests = 10_000;

/** One, in four bytes: of the only block that is derived. */
const counter = '\0\0\0\u0001';

/** Redis does nothing else meanwhile: some 0.2 ms. */
const mostKeys = 100;

/**
 * `redis` is used for its pipelines only. `secret`, random and always as long, keys the hashes that stand in Redis in place of
 * addresses and mail addresses. `together` says whether what several requests ask within one turn of the event loop travels
 * together: not on Workers, where one request may not wait for what another sent. `script` is there for the tests, which move
 * its clock. Every call rejects when Redis can't be asked; there are no retries and no deadline here: `resilient-store.ts`
 * knows what to do then.
 *
 * @example const store = createRedisStore({ redis, secret, together: true });
 */
export function createRedisStore({
  redis,
  secret,
  together = false,
  script = slidingWindow,
}: {
  redis: RedisPipelines;
  secret: string;
  together?: boolean;
  script?: RedisScript;
}): SharedStore {
  const digests = new BoundedMap<string, string>(mostDigests);
  let isCluster = false;
  const askAll = together ? batchByTurn(answer) : answer;

  /**
   * The number is that of the log's form, which a process of another release would not understand. One digest is for all
   * policies that count somebody: they are asked together.
   */
  function toKey({ name }: Policy, key: string): string {
    return `rl2:${name}:${digest(key)}`;
  }

  /**
   * A key derived in one step from the secret (in the form of NIST SP 800-56C r2, section 4, option 1), cut to 132 bits: no two
   * callers meet, and none is found again by whoever reads the keys. It takes a quarter of an HMAC.
   */
  function digest(text: string): string {
    let known = digests.get(text);
    if (known === undefined) {
      known = hash('sha256', `${counter}${secret}${text}`, 'base64url').slice(0, 22);
      digests.set(text, known);
    }
    return known;
  }

  function toQuestion(check: Check, order = toOrder(check)): Question {
    const { limit, windowMs } = check.policy;
    return { key: toKey(check.policy, check.key), limit, windowMs, argument: toShortId(check.id) + order };
  }

  function toRevocationQuestion({ parts, asOf, ...check }: RevocationCheck): Question {
    return { key: toRevocationKey(check), parts, asOf };
  }

  /** Notes the answers on the questions. */
  function answer(questions: readonly Question[]): Promise<void> {
    const calls: ScriptCall[] = [];
    const each = isCluster ? 1 : mostKeys;
    for (let from = 0; from < questions.length; from += each)
      calls.push(toScriptCall(questions.slice(from, from + each)));
    return run(calls);
  }

  async function run(calls: readonly ScriptCall[], source?: string): Promise<void> {
    const pipeline = redis.pipeline();
    for (const { keys, argv } of calls)
      if (source === undefined) pipeline.evalsha(script.sha, keys, argv);
      else pipeline.eval(source, keys, argv);
    const replies = await ask(pipeline);
    const unknown: ScriptCall[] = [];
    const refused: Question[] = [];
    for (const [nth, call] of calls.entries()) {
      const { result, error } = replies[nth] ?? {};
      if (error?.startsWith('NOSCRIPT') && source === undefined) unknown.push(call);
      else if (error !== undefined && call.questions.length > 1) {
        isCluster ||= error.startsWith('CROSSSLOT');
        refused.push(...call.questions);
      } else readReply(call, error === undefined ? result : toRefusal(error));
    }
    if (unknown.length > 0) await run(unknown, await script.load());
    // Each by itself: what is wrong with one is no matter of the others', and an id that was charged is not charged again.
    if (refused.length > 0) await run(refused.map((question) => toScriptCall([question])));
  }

  return {
    take: async (checks) => {
      const questions = checks.map((check) =>
        isRevocationCheck(check) ? toRevocationQuestion(check) : toQuestion(check),
      );
      if (questions.length > 0) await askAll(questions);
      return questions.map(toDecision);
    },
    refund: async (check) => {
      const question = toQuestion(check, 'r');
      await askAll([question]);
      toDecision(question);
    },
    revoke: (revocations) => writeRevocations(redis, revocations),
    reset: async (policy, key) => {
      const pipeline = redis.pipeline();
      pipeline.del(toKey(policy, key));
      const [answer] = await ask(pipeline);
      toResult(answer);
    },
  };
}

/** What a check costs, where that is not one unit. */
function toOrder(check: Check): string {
  const cost = toCost(check);
  return cost === 1 ? '' : String(cost);
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** 42 bits: of the 128 that are kept of a key no two are alike by chance. */
function toShortId(id: string): string {
  let rest = hashId(id);
  let short = '';
  for (let nth = 0; nth < idLength; nth += 1) {
    short += alphabet.charAt(rest % 64);
    rest = Math.floor(rest / 64);
  }
  return short;
}

/** Notes what became of each question of a call: what the script answered, or why it did not. */
function readReply({ questions }: ScriptCall, reply: unknown): void {
  const numbers = isNumbers(reply) ? reply : [];
  let next = 0;
  for (const question of questions) {
    const remaining = numbers[next];
    const resetAfterMs = numbers[next + 1];
    const retryAfterMs = numbers[next + 2];
    if (remaining !== undefined && 'asOf' in question) {
      question.answer = toUnitless(remaining === 1);
      next += 1;
    } else if (remaining !== undefined && resetAfterMs !== undefined && retryAfterMs !== undefined) {
      question.answer = { allowed: retryAfterMs === 0, remaining, resetAfterMs, retryAfterMs };
      next += 3;
    } else if (reply instanceof Error) question.answer = reply;
  }
}

function toDecision({ answer = noDecision() }: Question): Decision {
  if (answer instanceof Error) throw answer;
  return answer;
}

function isNumbers(reply: unknown): reply is readonly number[] {
  return Array.isArray(reply) && reply.every((number) => typeof number === 'number');
}

function noDecision(): Error {
  return new Error('Redis answered a check by something else than a decision');
}
