/** Redis as the endpoint sees it: ready or away, and never silent for longer than the deadline. */
import { ErrorReply } from '@redis/client';
import type { Log } from '../lib/core/log.ts';
import { createClusterLink } from './cluster-link.ts';
import type { CommandTable } from './command-table.ts';
import type { Command } from './command.ts';
import type { RedisConnection } from './connection.ts';
import type { Link, LinkOptions, Vet } from './link.ts';
import { createReplyBudget } from './reply-budget.ts';
import type { ReadAs, Reply } from './reply.ts';
import { createSingleLink } from './single-link.ts';

/** One server by its URL, or a cluster by the URLs of some of its nodes. */
export type RedisTarget = { readonly url: string } | { readonly clusterUrls: readonly [string, ...string[]] };

/** No reply came. The message says whether the command may have run. */
export class RedisAway extends Error {}

/** What became of one command: a reply, an error from Redis, or none of both. */
type RedisOutcome = Reply | RedisAway;

export interface Redis {
  /** What the server says of its commands; undefined while it is away. */
  readonly table: () => CommandTable | undefined;
  /** One outcome for each command, in their order, within the deadline. Never rejects. */
  readonly run: (commands: readonly Command[], readAs: ReadAs) => Promise<readonly RedisOutcome[]>;
  /** One outcome for each command, or what kept all of them from running. Never rejects. */
  readonly transact: (
    commands: readonly Command[],
  ) => Promise<readonly RedisOutcome[] | ErrorReply | RedisAway>;
  /** Unconnected connections for one caller alone: to one server, or to each that holds data. */
  readonly dedicate: (scope: 'one' | 'all') => readonly RedisConnection[];
  readonly destroy: () => void;
}

export const notSent = new RedisAway('ERR Redis is away: nothing was sent');
const lost = new RedisAway('ERR Redis went away before it replied: the command may have run');
const overdue = new RedisAway('ERR Redis did not reply in time: the command may have run');

/** One that tries for days should not fill the log, whatever a server says to it. */
const mostTold = 10;

/**
 * @param options.log told when Redis comes and goes
 * @param options.vet decides whether a server is fit to be used, before it is
 * @param options.maxReplyBytes how much one call may be replied to; there must be one call at a time then
 * @param options.onReady called whenever a connection is ready
 */
export function createRedis({
  target,
  deadlineMs,
  log,
  vet,
  maxReplyBytes,
  onReady,
}: {
  readonly target: RedisTarget;
  readonly deadlineMs: number;
  readonly log?: Log;
  readonly vet?: Vet;
  readonly maxReplyBytes?: number;
  readonly onReady?: () => void;
}): Redis {
  let state: 'new' | 'ready' | 'away' = 'new';
  /** Causes that the log has of this outage: what keeps Redis away may change, as from a network to a password. */
  const told = new Set<string>();
  const budget = maxReplyBytes === undefined ? undefined : createReplyBudget(maxReplyBytes);
  const tooLarge = new ErrorReply(
    `ERR the reply is larger than ${maxReplyBytes ?? 0} bytes: a read-only token may ask for no more at once`,
  );

  const options: LinkOptions = {
    vet,
    budget,
    onReady: () => {
      if (state !== 'ready') log?.info('redis is ready');
      state = 'ready';
      told.clear();
      onReady?.();
    },
    onAway: (error) => {
      state = 'away';
      const cause = toCause(error);
      if (told.has(cause) || told.size === mostTold) return;
      told.add(cause);
      log?.error('redis is away', { cause });
    },
  };
  const link: Link =
    'url' in target
      ? createSingleLink(target.url, options)
      : createClusterLink(target.clusterUrls, { ...options, graceMs: deadlineMs });

  function onOverdue(): void {
    options.onAway(overdue);
    link.renew();
  }

  function toOutcome(error: unknown): ErrorReply | RedisAway {
    if (error instanceof ErrorReply) return error;
    return budget?.isSpent() ? tooLarge : lost;
  }

  /** The connection that a large reply was to come over is gone. */
  function refill(): void {
    if (!budget?.isSpent()) return;
    budget.renew();
    link.renew();
  }

  return {
    table: link.table,
    dedicate: link.dedicate,
    destroy: link.destroy,

    run: (commands, readAs) => {
      if (link.table() === undefined) return Promise.resolve(commands.map(() => notSent));
      budget?.renew();
      return new Promise((resolve) => {
        const outcomes = new Array<RedisOutcome>(commands.length).fill(overdue);
        let waiting = commands.length;
        const timer = setTimeout(() => {
          resolve([...outcomes]);
          onOverdue();
        }, deadlineMs);
        const settle = (index: number, outcome: RedisOutcome) => {
          outcomes[index] = outcome;
          waiting -= 1;
          if (waiting > 0) return;
          clearTimeout(timer);
          refill();
          resolve(outcomes);
        };
        for (const [index, reply] of link.send(commands, readAs).entries()) {
          reply.then(
            (value) => settle(index, value),
            (error: unknown) => settle(index, toOutcome(error)),
          );
        }
      });
    },

    transact: (commands) => {
      if (link.table() === undefined) return Promise.resolve(notSent);
      budget?.renew();
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          resolve(overdue);
          onOverdue();
        }, deadlineMs);
        link
          .transact(commands)
          .catch(toOutcome)
          .then(
            (outcome) => {
              clearTimeout(timer);
              refill();
              resolve(outcome);
            },
            () => undefined,
          );
      });
    },
  };
}

/** What a log line may tell: a code or a message of the client's, neither of which holds an argument. */
function toCause(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
