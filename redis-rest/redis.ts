/** Redis as the endpoint sees it: ready or away, and never silent for longer than the deadline. */

import { ErrorReply } from '@redis/client';
import { createClusterLink } from './cluster-link.ts';
import type { CommandTable } from './command-table.ts';
import type { Command } from './command.ts';
import type { RedisConnection } from './connection.ts';
import type { Link } from './link.ts';
import type { Log } from './log.ts';
import type { Format, Reply } from './reply.ts';
import { createSingleLink } from './single-link.ts';

/** One server by its URL, or a cluster by the URLs of some of its nodes. */
export type RedisTarget = { readonly url: string } | { readonly clusterUrls: readonly [string, ...string[]] };

/** No reply came. The message says whether the command may have run. */
export class RedisAway extends Error {}

/** What became of one command: a reply, an error from Redis, or none of both. */
type Outcome = Reply | RedisAway;

export interface Redis {
  /** What the server says of its commands; undefined while it is away. */
  readonly table: () => CommandTable | undefined;
  /** One outcome for each command, in their order, within the deadline. Never rejects. */
  readonly run: (commands: readonly Command[], format: Format) => Promise<readonly Outcome[]>;
  /** One outcome for each command, or what kept all of them from running. Never rejects. */
  readonly transact: (commands: readonly Command[]) => Promise<readonly Outcome[] | ErrorReply | RedisAway>;
  /** Unconnected connections for one caller alone: to one server, or to each that holds data. */
  readonly dedicate: (scope: 'one' | 'all') => readonly RedisConnection[];
  readonly destroy: () => void;
}

export const notSent = new RedisAway('ERR Redis is away: nothing was sent');
const lost = new RedisAway('ERR Redis went away before it replied: the command may have run');
const overdue = new RedisAway('ERR Redis did not reply in time: the command may have run');

export function createRedis({
  target,
  deadlineMs,
  log,
}: {
  readonly target: RedisTarget;
  readonly deadlineMs: number;
  readonly log: Log;
}): Redis {
  let state: 'new' | 'ready' | 'away' = 'new';

  const events = {
    onReady() {
      if (state !== 'ready') log('info', 'redis is ready');
      state = 'ready';
    },
    onAway(error: unknown) {
      if (state !== 'away') log('error', 'redis is away', { cause: toCause(error) });
      state = 'away';
    },
  };
  const link: Link =
    'url' in target
      ? createSingleLink(target.url, events)
      : createClusterLink(target.clusterUrls, { ...events, graceMs: deadlineMs });

  function onOverdue() {
    events.onAway(overdue);
    link.renew();
  }

  return {
    table: link.table,
    dedicate: link.dedicate,
    destroy: link.destroy,

    run(commands, format) {
      if (link.table() === undefined) return Promise.resolve(commands.map(() => notSent));
      return new Promise((resolve) => {
        const outcomes = new Array<Outcome>(commands.length).fill(overdue);
        let waiting = commands.length;
        const timer = setTimeout(() => {
          resolve([...outcomes]);
          onOverdue();
        }, deadlineMs);
        const settle = (index: number, outcome: Outcome) => {
          outcomes[index] = outcome;
          waiting -= 1;
          if (waiting > 0) return;
          clearTimeout(timer);
          resolve(outcomes);
        };
        for (const [index, reply] of link.send(commands, format).entries()) {
          reply.then(
            (value) => settle(index, value),
            (error: unknown) => settle(index, toOutcome(error)),
          );
        }
      });
    },

    transact(commands) {
      if (link.table() === undefined) return Promise.resolve(notSent);
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
              resolve(outcome);
            },
            () => undefined,
          );
      });
    },
  };
}

function toOutcome(error: unknown): ErrorReply | RedisAway {
  return error instanceof ErrorReply ? error : lost;
}

/** What a log line may tell: a code or a message of the client's, neither of which holds an argument. */
function toCause(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
