/**
 * What a host gives to its functions through `c.env`. A function uses what its own job needs; none of it is a
 * module-level singleton, because every bundle owns a private copy of `lib`.
 */
import type { Context } from 'hono';
import type { Database } from '../../db/sql.ts';
import type { RequestContext } from './request-context.ts';
import type { Health } from '../core/health.ts';
import type { JwtKeys } from '../security/jwt.ts';
import type { Log } from '../core/log.ts';
import type { Outbox } from '../mail/outbox.ts';
import type { PasswordHasher } from '../security/password.ts';
import type { RateLimitStore } from '../rate-limit/store.ts';
import type { Settings } from '../core/settings.ts';

export interface Services {
  readonly settings: Settings;
  readonly log: Log;
  readonly database: Database;
  readonly rateLimits: RateLimitStore;
  readonly passwords: PasswordHasher;
  readonly keys: JwtKeys;
  readonly health: Health;
  readonly outbox: Outbox;
  /** Keys the refresh tokens' verifications, the codes in emails and what waits in the outbox; at least 32 bytes. */
  readonly tokenSecret: string;
  /** The socket's other end as the host saw it. */
  readonly peerAddress: string;
  /** Told of every answer, by a host that counts. */
  readonly onResponse?: (answered: ResponseRecord) => void;
}

/** One answer, for counting: nothing in it is of the caller's choice but the method. */
export interface ResponseRecord {
  readonly method: string;
  /** The endpoint's own path pattern; `none` where no endpoint matched. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
}

/** The context of a function: the services, and this one request. */
export interface FunctionEnv {
  Bindings: Services & { readonly requestContext: RequestContext };
}

/** What a guard's rules and the helpers of handlers need of the context, whatever a handler's variables are. */
export type FunctionContext = Pick<Context<FunctionEnv>, 'env' | 'req' | 'header'>;
