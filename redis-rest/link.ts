/** What a link to Redis is, whether one server stands behind it or a cluster. */
import type { CommandTable } from './command-table.ts';
import type { Command } from './command.ts';
import type { ReadAs, Reply } from './reply.ts';
import type { RedisConnection } from './connection.ts';
import type { ReplyBudget } from './reply-budget.ts';

/**
 * A link never queues while its server is away, so that no command runs later than its caller waited for.
 * Every promise rejects with Redis' own `ErrorReply`, or with another error when no reply came.
 */
export interface Link {
  /** What the server says of its commands; undefined while it is away. */
  readonly table: () => CommandTable | undefined;
  /** Starts the commands in order, all in one write where that is possible. */
  readonly send: (commands: readonly Command[], readAs: ReadAs) => readonly Promise<Reply>[];
  /** MULTI, the commands, EXEC, written together: nobody else's command comes between. */
  readonly transact: (commands: readonly Command[]) => Promise<readonly Reply[]>;
  /** Unconnected connections for one caller alone: to one server, or to each that holds data. */
  readonly dedicate: (scope: 'one' | 'all') => readonly RedisConnection[];
  /** Gives up connections that do not answer, and makes new ones. */
  readonly renew: () => void;
  readonly destroy: () => void;
}

/** Whether what stands behind a connection is fit to be used. Rejects when it can't be found out. */
export type Vet = (connection: Pick<RedisConnection, 'sendCommand'>, table: CommandTable) => Promise<boolean>;

export interface LinkOptions {
  /** Asked before the first command runs; what is not fit stays away. */
  readonly vet: Vet | undefined;
  readonly budget: ReplyBudget | undefined;
  readonly onReady: () => void;
  readonly onAway: (error: unknown) => void;
}
