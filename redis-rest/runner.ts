/** Runs what may run of a caller's commands, and says of the others why not. */
import type { ErrorReply } from '@redis/client';
import type { Command } from './command.ts';
import { notSent, RedisAway, type Redis } from './redis.ts';
import type { Readers } from './readers.ts';
import { findRefusal } from './refusals.ts';
import { Rejection } from './rejection.ts';
import type { Format, Reply } from './reply.ts';
import { createScripts } from './scripts.ts';

/** A reply, an error of Redis', or why there is none of both. */
export type CommandOutcome = Reply | ErrorReply | RedisAway | Rejection;

export interface Runner {
  /**
   * One outcome for each command, in their order.
   *
   * @throws {Rejection} 503 when Redis replied to none
   */
  readonly run: (commands: readonly Command[], caller: Caller) => Promise<readonly CommandOutcome[]>;
  /**
   * All of the commands as one transaction.
   *
   * @throws {Rejection} 400 or 503 when none of them ran
   */
  readonly transact: (commands: readonly Command[], caller: Caller) => Promise<readonly CommandOutcome[]>;
}

export interface Caller {
  readonly readOnly: boolean;
  readonly format: Format;
}

// Redis is there, but cannot serve anybody: loading its data, in the middle of a failover, or in a script.
const unavailable = /^(LOADING|CLUSTERDOWN|MASTERDOWN|BUSY) /;

/** @param readers what callers with a read-only token are served by */
export function createRunner(redis: Pick<Redis, 'table' | 'run' | 'transact'>, readers: Readers): Runner {
  const scripts = createScripts();

  function check(command: Command, { readOnly }: Caller): Rejection | undefined {
    const table = redis.table();
    if (table === undefined) throw toRejection(notSent);
    const refusal = findRefusal(command, table, { readOnly });
    return refusal === undefined ? undefined : new Rejection(400, refusal);
  }

  return {
    run: async (commands, caller) => {
      const refusals = commands.map((command) => check(command, caller));
      const adapted = commands.map(scripts.adapt);
      const sent = adapted.filter((_, index) => refusals[index] === undefined);
      const replies =
        sent.length === 0
          ? []
          : await (caller.readOnly ? readers : redis).run(sent.map(toCommand), caller.format);
      if (sent.length === commands.length && replies.every((reply) => reply instanceof RedisAway)) {
        const [away] = replies;
        if (away instanceof RedisAway) throw toRejection(away);
      }
      let next = 0;
      return adapted.map(({ loadedAs }, index) => {
        const refusal = refusals[index];
        if (refusal !== undefined) return refusal;
        const reply = replies[next++] ?? null;
        return Buffer.isBuffer(reply) && loadedAs !== undefined ? Buffer.from(loadedAs) : reply;
      });
    },

    transact: async (commands, caller) => {
      for (const command of commands) {
        const refusal = check(command, caller);
        if (refusal !== undefined) {
          throw new Rejection(400, `EXECABORT Transaction discarded because of: ${refusal.message}`);
        }
      }
      const adapted = commands.map(scripts.adapt);
      const outcome = await (caller.readOnly ? readers : redis).transact(adapted.map(toCommand));
      if (outcome instanceof RedisAway) throw toRejection(outcome);
      if (outcome instanceof Error) {
        throw toRejection(outcome, 'EXECABORT Transaction discarded because of: ');
      }
      return outcome.map((reply, index) => {
        const loadedAs = adapted[index]?.loadedAs;
        return Buffer.isBuffer(reply) && loadedAs !== undefined ? Buffer.from(loadedAs) : reply;
      });
    },
  };
}

function toCommand({ command }: { readonly command: Command }): Command {
  return command;
}

/** The response to an error that concerns the whole request. */
export function toRejection(error: ErrorReply | RedisAway | Rejection, prefix = ''): Rejection {
  if (error instanceof Rejection) return error;
  if (error instanceof RedisAway || unavailable.test(error.message)) {
    return new Rejection(503, error.message, { 'Retry-After': '1' });
  }
  return new Rejection(400, `${prefix}${error.message}`);
}
