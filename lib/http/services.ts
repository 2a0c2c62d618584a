/**
 * What a host gives to its functions through `c.env`. A function declares what its own job needs, and its bundle holds
 * no more; none of it is a module-level singleton, because every bundle owns a private copy of `lib`.
 */
import type { Context } from 'hono';
import type { Database } from '../../db/sql.ts';
import type { Health } from '../core/health.ts';
import type { Log } from '../core/log.ts';
import type { Settings } from '../core/settings.ts';
import type { IdempotencyStore } from '../idempotency/store.ts';
import type { Outbox } from '../mail/outbox.ts';
import type { RateLimitStore } from '../rate-limit/store.ts';
import type { JwtKeys } from '../security/jwt.ts';
import type { Passwords } from '../security/password.ts';
import type { ApiKeys } from './api-keys.ts';
import type { RequestContext } from './request-context.ts';
import type { HeaderSink } from './response-headers.ts';
import type { Keyring } from '../core/keyring.ts';

/** What every function has. */
interface BaseServices {
  readonly settings: Settings;
  readonly log: Log;
  readonly rateLimits: RateLimitStore;
  /** Keys refresh tokens, device tokens, the codes in emails and what waits in the outbox. */
  readonly keyring: Keyring;
  /** The socket's other end as the host saw it. */
  readonly peerAddress: string;
  /** Told of every response, by a host that counts. */
  readonly onResponse?: (response: ResponseRecord) => void;
  /** Takes what every response says, of a host that writes it at less cost than a `Headers`. */
  readonly headerSink?: HeaderSink | undefined;
}

/** What only those have that declare it: `createFunction('database', 'keys')`. */
interface DeclaredServices {
  readonly database: Database;
  readonly passwords: Passwords;
  readonly keys: JwtKeys;
  readonly health: Health;
  readonly outbox: Outbox;
  readonly apiKeys: ApiKeys;
  readonly idempotency: IdempotencyStore;
}

export type ServiceName = keyof DeclaredServices;

export type Services<Names extends ServiceName = ServiceName> = BaseServices & Pick<DeclaredServices, Names>;

/** One response, for counting: nothing in it is of the caller's choice but the method. */
export interface ResponseRecord {
  readonly method: string;
  /** The route's own path pattern; `none` where no route matched. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
}

/** The context of a function: the services, and this one request. */
export interface FunctionEnv<Names extends ServiceName = never> {
  Bindings: Services<Names> & { readonly requestContext: RequestContext };
}

/** What a guard's rules and the helpers of handlers need of the context, whatever a handler's variables are. */
export type FunctionContext<Names extends ServiceName = never> = Pick<
  Context<FunctionEnv<Names>>,
  'env' | 'req' | 'header'
>;
