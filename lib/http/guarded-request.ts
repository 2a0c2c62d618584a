/**
 * A request as the domain knows it: who asks, from where, and what it was counted against. The guard makes it once for
 * each HTTP request; a script, a job or a test makes its own.
 */
import type { Role } from '../../db/schema.ts';
import type { Permission } from '../core/permissions.ts';
import type { Rate } from '../rate-limit/plans.ts';

/** The signed-in person, as the access token tells. */
export interface Caller {
  readonly kind: 'user';
  readonly userId: string;
  readonly sessionId: string;
  /** The organization that the session works in, and the role there; undefined without one. */
  readonly organizationId: string | undefined;
  readonly role: Role | undefined;
  /** How the person signed in (RFC 8176), and when, in Unix seconds. */
  readonly amr: readonly string[];
  readonly authTime: number;
  /** When all of this was true: unix milliseconds by the database's clock. */
  readonly asOf: number;
}

/** A program with an API key, as the key's row tells. */
export interface KeyCaller {
  readonly kind: 'key';
  readonly keyId: string;
  readonly organizationId: string;
  /** Whose key it is; undefined of the organization's own. */
  readonly userId: string | undefined;
  /** What it may: of a personal key no more than its owner's role allows. */
  readonly scopes: readonly Permission[];
  /** How often it may ask, and how often all keys of its organization together. */
  readonly rates: { readonly key: Rate; readonly organization: Rate };
  /** When all of this was true: unix milliseconds by the database's clock. */
  readonly asOf: number;
}

/**
 * `Limits` are the names of the policies that the request was charged against. Whoever relies on one says so in its
 * type, so that a route which forgot to declare the policy does not compile.
 */
export interface GuardedRequest<Known = unknown, Limits extends string = never> {
  readonly requestId: string;
  readonly userAgent: string | undefined;
  /** As the header has it (RFC 9110, section 12.5.4): `negotiateLanguage` tells which of our languages that is. */
  readonly acceptLanguage: string | undefined;
  /** The client's address in its canonical text. */
  readonly address: string;
  readonly caller: Known;
  readonly limits: { readonly [Name in Limits]: ChargedLimit };
}

export interface ChargedLimit {
  /** Whether this request is over the limit of a silent policy; of any other it was refused. */
  readonly exceeded: boolean;
  /** Has what this request took given back once it is answered, in one call to the store with what else is given back then. */
  readonly refund: () => void;
  /**
   * Gives it back unless it is kept, by the same call to the store: the time of it does not tell which. What was taken of a
   * mailbox and is not settled is given back at the end, however the request ends.
   */
  readonly settle: (kept: boolean) => Promise<void>;
  /**
   * Counts as a stranger whoever was counted by a device token that was issued before the account trusts them, or whose
   * account is gone. The account is read only if there was such a token.
   *
   * @param readSince `users.device_tokens_since`; undefined where there is no account
   * @throws {Problem} `quota-exceeded` where strangers have used up what is theirs, unless the policy is silent
   */
  readonly checkDevice: (readSince: () => Promise<Date | undefined>) => Promise<void>;
}
