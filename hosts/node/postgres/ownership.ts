/** Which process a running server belongs to: the one that holds an advisory lock on it. */
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import { dial, type DialOptions } from '../../../db/dial.ts';
import { isRunning } from './process.ts';

/** Any number will do, as long as nothing else in this database locks it. */
const lockKey = 7305;
const deadOwnerTimeoutMs = 5000;

export interface Ownership {
  readonly release: () => Promise<void>;
}

/** Another living process has it. */
export interface Refusal {
  readonly holder: number;
}

/**
 * Takes the server for this process: an advisory lock on a session of its own, which Postgres frees by itself
 * however the process ends. `onLost` tells that the session was cut; the lock may then be somebody else's.
 */
export async function takeOwnership(url: string, onLost: () => void): Promise<Ownership | Refusal> {
  let held = false;
  let socket: Socket | undefined;
  const options = {
    max: 1,
    max_lifetime: null,
    fetch_types: false,
    connect_timeout: 5,
    connection: { application_name: `blockbot ${process.pid}` },
    onnotice: () => undefined,
    onclose: () => {
      if (held) onLost();
      held = false;
    },
    socket: (address: DialOptions) => (socket = dial(address)),
  };
  const sql = postgres(url, options);

  const release = async () => {
    held = false;
    await sql.end({ timeout: 1 });
  };

  try {
    const endAt = Date.now() + deadOwnerTimeoutMs;
    for (;;) {
      const [row] = await sql<{ held: boolean }[]>`select pg_try_advisory_lock(${lockKey}) as held`;
      held = row?.held ?? false;
      if (held) {
        // From now on it must not keep a process alive that has nothing else to do.
        socket?.unref();
        return { release };
      }
      const [owner] = await sql<{ name: string | null }[]>`
        select application_name as name from pg_locks join pg_stat_activity using (pid)
        where locktype = 'advisory' and objid = ${lockKey} and granted`;
      const holder = Number(owner?.name?.split(' ')[1]);
      if (isRunning(holder) || Date.now() > endAt) {
        await release();
        return { holder };
      }
      // The owner was killed this very moment, and Postgres has yet to notice.
      await delay(20);
    }
  } catch (error) {
    await release();
    throw error;
  }
}
