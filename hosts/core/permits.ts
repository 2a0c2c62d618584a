/** What rations connections and hashes among the requests of one process, where each brings connections of its own (Workers). */
import type { DatabaseClient } from '../../db/client.ts';
import type { Passwords } from '../../lib/security/password.ts';
import type { Background } from './background.ts';

export interface Permits {
  /** A client that waits for a permit at its first call, and releases it when it is closed. */
  readonly database: (client: DatabaseClient, background: Background) => DatabaseClient;
  /** A hasher that hashes for one request at a time. */
  readonly passwords: (hasher: Passwords) => Passwords;
}
