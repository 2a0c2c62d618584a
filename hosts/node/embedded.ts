/** What a Blockbot without a database and secrets of its own makes under DATA_DIR; never in production. */
import type { JWK } from 'jose';
import type { Environment } from '../../lib/env.ts';
import { loadOwnSecrets } from './own-secrets.ts';
import { startEmbeddedPostgres } from './postgres/embedded.ts';

export interface Embedded {
  readonly databaseUrl: string;
  /** Whether the database is ours to migrate. */
  readonly ownsDatabase: boolean;
  readonly tokenSecret: string;
  readonly privateKeys: readonly JWK[];
  /** Tells a person what is there and what to try first; says nothing where nothing is embedded. */
  readonly greet: (port: number) => void;
  readonly stop: () => Promise<void>;
}
