/** What the requests of one process have to leave each other, where each brings connections of its own (Workers). */
import type { DatabaseClient } from '../../db/client.ts';
import type { Passwords } from '../../lib/security/password.ts';
import type { Background } from './background.ts';

export interface Isolate {
  /** A client that waits for a permit at its first call, and releases it when it is closed. */
  readonly database: (client: DatabaseClient, background: Background) => DatabaseClient;
  readonly passwords: (hasher: Passwords) => Passwords;
}
