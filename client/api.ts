/** Made by `npm run openapi` of openapi.json: every route, shape and problem of the API. Long because nobody writes it. */

export interface AccountExport {
  exported_at: string;
  user: {
    id: string;
    /** In lower case, its host in ASCII */
    email: string;
    name: string | null;
    /** Of the emails to this person (BCP 47) */
    locale: 'en' | 'de';
    email_verified: boolean;
    created_at: string;
    email_verified_at: string | null;
    has_password: boolean;
    updated_at: string;
    disabled_at: string | null;
    disabled_reason: 'abuse' | 'security' | 'request' | 'other' | null;
  };
  organizations: {
    id: string;
    name: string;
    slug: string;
    /** Of the person who asks */
    role: 'owner' | 'admin' | 'member';
    joined_at: string;
  }[];
  invitations: {
    organization_id: string;
    email: string;
    role: 'owner' | 'admin' | 'member';
    /** Whether the person sent it, and did not get it */
    sent: boolean;
    created_at: string;
    expires_at: string;
    accepted_at: string | null;
    declined_at: string | null;
    revoked_at: string | null;
  }[];
  join_links: {
    organization_id: string;
    domain: string | null;
    maximum_uses: number | null;
    uses: number;
    created_at: string;
    expires_at: string;
    revoked_at: string | null;
  }[];
  api_keys: {
    organization_id: string;
    name: string;
    scopes: string[];
    created_at: string;
    expires_at: string | null;
    last_used_at: string | null;
    last_used_network: string | null;
    revoked_at: string | null;
  }[];
  sessions: {
    id: string;
    device: string | null;
    user_agent: string | null;
    address: string | null;
    /** How the person signed in (RFC 8176) */
    amr: string[];
    created_at: string;
    last_used_at: string;
    expires_at: string;
    ended_at: string | null;
  }[];
  known_devices: {
    seen_at: string;
  }[];
  verifications: {
    purpose: 'sign-in' | 'email-verification' | 'password-reset' | 'email-change' | 'invitation' | 'authorization';
    email: string;
    created_at: string;
    expires_at: string;
    used_at: string | null;
  }[];
  emails: {
    template: string;
    recipient: string;
    state: 'sent' | 'given-up' | 'waiting';
    created_at: string;
    sent_at: string | null;
  }[];
  audit_events: {
    event: string;
    occurred_at: string;
    organization_id: string | null;
    session_id: string | null;
    request_id: string | null;
    /** Null: the person themself, or nobody */
    actor_kind: string | null;
    target_kind: string | null;
    target_id: string | null;
  }[];
}

export interface ApiKey {
  id: string;
  /** How its text begins; it opens nothing */
  start: string;
  name: string;
  organization_id: string;
  /** Whose it is; null for the organization’s own */
  user_id: string | null;
  /** A personal key may no more of it than its owner may */
  scopes: ('members:read' | 'members:write' | 'invitations:write' | 'organization:write' | 'keys:write' | 'audit:read' | 'organization:delete')[];
  limit: {
    requests: number;
    seconds: number;
    /** Its own, or what the plan of its organization allows */
    of: 'key' | 'plan';
  };
  expires_at: string | null;
  /** For how long the text before the last rotation goes on */
  previous_until: string | null;
  /** To ten minutes */
  last_used_at: string | null;
  /** A /24 of IPv4, a /48 of IPv6 */
  last_used_network: string | null;
  created_by: string | null;
  created_at: string;
}

/** Where the link leads on with a code for the app that asks: as `RedirectTo`, without a fragment and without `code`, `state`, `iss` or `error` in its query. Also `http://127.0.0.1` with any port, and schemes, where `REDIRECT_ALLOWLIST` has them. */
export type AppRedirect = string;

export interface AuditEvent {
  id: string;
  event: AuditEventName;
  occurred_at: string;
  /** Whom it happened to */
  user_id: string | null;
  organization_id: string | null;
  session_id: string | null;
  request_id: string | null;
  /** Null where it is the person of `user_id`, or whoever asked in their name */
  actor_kind: 'user' | 'key' | 'operator' | 'system' | 'nobody' | null;
  actor_id: string | null;
  target_kind: 'user' | 'organization' | 'invitation' | 'join_link' | 'api_key' | null;
  target_id: string | null;
}

export type AuditEventName = 'account.deleted' | 'account.disabled' | 'account.enabled' | 'account.exported' | 'account.registered' | 'api_key.created' | 'api_key.reported' | 'api_key.revoked' | 'api_key.rotated' | 'api_key.updated' | 'email.changed' | 'email.verified' | 'invitation.declined' | 'invitation.revoked' | 'join_link.created' | 'join_link.revoked' | 'member.invited' | 'member.joined' | 'member.left' | 'member.removed' | 'member.role_changed' | 'organization.created' | 'organization.deleted' | 'organization.plan_changed' | 'organization.purged' | 'organization.renamed' | 'organization.restored' | 'organization.transferred' | 'password.changed' | 'password.reset' | 'session.all_revoked' | 'session.code_reused' | 'session.displaced' | 'session.others_revoked' | 'session.refresh_token_reused' | 'session.refresh_token_shared' | 'session.revoked' | 'session.signed_out' | 'session.started' | 'sign_in.refused';

/** What the answer to the request for the email gave. */
export type Binding = string;

export interface ClientToken {
  /** A JWT (RFC 9068) for 15 minutes: send it as bearer */
  access_token: string;
  token_type: 'Bearer';
  /** Seconds that the access token lives */
  expires_in: number;
  /** What it may, split by spaces */
  scope: string;
}

/** Of the email: six digits. */
export type Code = string;

/** The SHA-256 of a verifier that only the app has, in base64url (RFC 7636, S256). */
export type CodeChallenge = string;

/** Of an earlier sign-in with this address. It opens nothing: its holder is counted apart from strangers. */
export type DeviceToken = string;

/** No control characters, and one that can be seen. White space around it is cut. Length is counted in UTF-16 code units: most emoji are two. */
export type DisplayName = string;

/** As `<input type="email">` takes it, and the host has a dot. White space around it is cut, its host made ASCII, and all of it lower case. */
export type Email = string;

export interface EmailPending {
  status: 'email-pending';
  /** Ties the code of the email to this client: send it along with the code */
  binding: string;
}

export interface Health {
  status: 'pass' | 'warn' | 'fail';
  notes?: ('starting' | 'draining')[];
  checks: Record<string, {
    componentType: 'datastore' | 'system';
    observedValue: number;
    observedUnit: 'ms' | 's';
    status: 'pass' | 'warn' | 'fail';
    time?: string;
    affectedEndpoints?: string[];
    /** Why it failed: only for who sends HEALTH_TOKEN as bearer */
    output?: string;
  }[]>;
}

export interface Invitation {
  id: string;
  email: string;
  /** At most the role that the inviter still has at acceptance */
  role: 'owner' | 'admin' | 'member';
  /** The user who sent it; null once they have no account */
  invited_by: string | null;
  created_at: string;
  expires_at: string;
}

/** Of the mailed link: what stands behind its `#`. */
export type LinkToken = string;

export interface Member {
  user_id: string;
  email: string;
  name: string | null;
  role: 'owner' | 'admin' | 'member';
  joined_at: string;
}

/** Any characters. What others would try first, or what is known from a data breach, is refused. Length is counted in UTF-16 code units: most emoji are two. */
export type NewPassword = string;

export interface Organization {
  id: string;
  name: string;
  slug: string;
  /** Of the person who asks */
  role: 'owner' | 'admin' | 'member';
}

/** The password of the account. Length is counted in UTF-16 code units: most emoji are two. */
export type Password = string;

export interface PublicKey {
  kty: 'EC' | 'OKP';
  crv: 'P-256' | 'Ed25519';
  x: string;
  y?: string;
  kid: string;
  alg: 'ES256' | 'EdDSA';
  use: 'sig';
}

export interface Readiness {
  status: 'pass' | 'warn' | 'fail';
  notes?: ('starting' | 'draining')[];
  checks: Record<string, {
    status: 'pass' | 'warn' | 'fail';
  }[]>;
}

/** Where the link leads on: of the origin of `PUBLIC_URL`, or of one in `REDIRECT_ALLOWLIST`. Any other is refused. */
export type RedirectTo = string;

export interface Session {
  id: string;
  /** Whether it is the one that asks */
  current: boolean;
  user_agent: string | null;
  address: string | null;
  created_at: string;
  /** When it was last refreshed */
  last_used_at: string;
  expires_at: string;
}

export interface SignIn {
  /** A JWT (RFC 9068) for 15 minutes: send it as bearer */
  access_token: string;
  token_type: 'Bearer';
  /** Seconds that the access token lives */
  expires_in: number;
  /** Used up by the next refresh: keep it secret */
  refresh_token: string;
  /** Opens nothing. Keep it, and send it with the next sign-in: then strangers who try passwords lock nobody out here */
  device_token: string;
}

/** Comes back to the app as it is, beside its code. */
export type State = string;

export interface TokenPair {
  /** A JWT (RFC 9068) for 15 minutes: send it as bearer */
  access_token: string;
  token_type: 'Bearer';
  /** Seconds that the access token lives */
  expires_in: number;
  /** Used up by the next refresh: keep it secret */
  refresh_token: string;
}

export interface User {
  id: string;
  /** In lower case, its host in ASCII */
  email: string;
  name: string | null;
  /** Of the emails to this person (BCP 47) */
  locale: 'en' | 'de';
  email_verified: boolean;
  created_at: string;
}

/** Every problem that a route tells of, by its slug. */
export interface Problems {
  'access-token-invalid': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'The access token is not valid';
    status: 401;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'access-token-stale': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'The access token is out of date';
    status: 401;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'account-disabled': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'This account is disabled';
    status: 403;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'already-member': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'This person is in the organization already';
    status: 409;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'api-key-expired': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'The API key has expired';
    status: 401;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'api-key-invalid': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'The API key is not valid';
    status: 401;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'authentication-required': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'You need to sign in';
    status: 401;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'client-invalid': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'The client credentials are not valid';
    status: 401;
    detail?: string;
    /** RFC 6749, section 5.2 */
    error: 'invalid_client';
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'content-too-large': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'The request body is too large';
    status: 413;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'cross-site-request': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'This request was sent from another site';
    status: 403;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'email-domain-refused': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'This link is for email addresses of another domain';
    status: 403;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'email-taken': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'This email address already has an account';
    status: 409;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'email-unverified': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'The email address is not verified yet';
    status: 403;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'grant-invalid': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'This code can not be exchanged';
    status: 400;
    detail?: string;
    /** RFC 6749, section 5.2 */
    error: 'invalid_grant';
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'grant-type-unsupported': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'This grant type is not supported';
    status: 400;
    detail?: string;
    /** RFC 6749, section 5.2 */
    error: 'unsupported_grant_type';
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'internal-error': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'Something went wrong on our side';
    status: 500;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'invalid-credentials': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'The email address or the password is wrong';
    status: 401;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'invalid-input': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'Some of the input is not acceptable';
    status: 422;
    detail?: string;
    errors: {
      /** The field, as a JSON Pointer in a URI fragment (RFC 6901) */
      pointer: string;
      /** Such as `required`, `unknown`, `type`, `too-short`, `invalid` */
      code: string;
      /** A sentence for people */
      detail: string;
    }[];
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'invitation-expired': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'This invitation has expired';
    status: 410;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'invitation-for-another-address': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'This invitation is for another email address';
    status: 409;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'invitation-invalid': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'This invitation is not valid';
    status: 401;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'invitation-used': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'This invitation was already used';
    status: 410;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'last-owner': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'An organization needs an owner';
    status: 409;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'malformed-request': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'The request could not be read';
    status: 400;
    detail?: string;
    /** At the token endpoint (RFC 6749, section 5.2) */
    error?: 'invalid_request';
    errors?: {
      /** The field, as a JSON Pointer in a URI fragment (RFC 6901) */
      pointer: string;
      /** Such as `required`, `unknown`, `type`, `too-short`, `invalid` */
      code: string;
      /** A sentence for people */
      detail: string;
    }[];
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'not-found': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'Not found';
    status: 404;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'organization-has-members': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'You are the only owner of an organization that has other members';
    status: 409;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'overloaded': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'The service is too busy';
    status: 503;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'password-incorrect': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'The current password is wrong';
    status: 403;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'permission-denied': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'You do not have permission to do this';
    status: 403;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'quota-exceeded': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'Too many requests';
    status: 429;
    detail?: string;
    'violated-policies': string[];
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'reauthentication-required': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'Sign in again to do this';
    status: 401;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'refresh-token-invalid': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'The refresh token is not valid';
    status: 401;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'refresh-token-reused': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'The refresh token was already used';
    status: 401;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'scope-invalid': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'The API key does not have this scope';
    status: 400;
    detail?: string;
    /** RFC 6749, section 5.2 */
    error: 'invalid_scope';
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'service-unavailable': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'The service is temporarily unavailable';
    status: 503;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'session-ended': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'This session has ended';
    status: 401;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'sign-up-closed': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'Sign-up is closed';
    status: 403;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'slug-taken': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'Another organization has this slug';
    status: 409;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'too-many-api-keys': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'There are as many of these API keys as there can be';
    status: 409;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'too-many-invitations': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'This organization has as many open invitations as it can';
    status: 409;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'too-many-organizations': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'One person can not own more organizations';
    status: 409;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'unsupported-media-type': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'The request body has another media type';
    status: 415;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'verification-expired': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'This link or code has expired';
    status: 410;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'verification-invalid': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'This link or code is not valid';
    status: 401;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
  'verification-used': {
    /** Leads to a page that says what to do */
    type: string;
    title: 'This link or code was already used';
    status: 410;
    detail?: string;
    /** As in `X-Request-Id`: report it */
    request_id: string;
  };
}

/** Every route, by its method and its path. */
export interface Routes {
  DELETE: {
    /** Delete the account. Deletes the account, its sessions and whatever belongs to nobody else. It asks for the password again. An organization goes too when nobody else is in it; where others are and no other owner is, the account stays. */
    '/v1/me': {
      body: {
        password?: Password | undefined;
      };
      answers: {
        204: undefined;
      };
      problems: 'malformed-request' | 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'reauthentication-required' | 'password-incorrect' | 'organization-has-members' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'overloaded' | 'service-unavailable';
    };
    /** Delete an organization. Deletes an organization, whose slug is typed again, with a sign-in within the last 15 minutes. For its owners. Nobody finds it from then on; for 30 days whoever runs the service can restore it. */
    '/v1/organizations/{id}': {
      path: {
        id: string;
      };
      body: {
        slug: string;
      };
      answers: {
        204: undefined;
      };
      problems: 'malformed-request' | 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'reauthentication-required' | 'permission-denied' | 'not-found' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Revoke an API key. Ends an API key, for good. It is refused from the next request on, wherever Redis is shared, and within 30 seconds elsewhere. */
    '/v1/organizations/{id}/api-keys/{key_id}': {
      path: {
        id: string;
        key_id: string;
      };
      answers: {
        204: undefined;
      };
      problems: 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'permission-denied' | 'not-found' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Revoke an invitation. Takes an invitation back: the link that was mailed is worth nothing any more. */
    '/v1/organizations/{id}/invitations/{invitation_id}': {
      path: {
        id: string;
        invitation_id: string;
      };
      answers: {
        204: undefined;
      };
      problems: 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'permission-denied' | 'not-found' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Revoke the join link. Takes the join link of an organization back. Who has joined by it stays. */
    '/v1/organizations/{id}/join-link': {
      path: {
        id: string;
      };
      answers: {
        204: undefined;
      };
      problems: 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'permission-denied' | 'not-found' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Remove a member, or leave. Removes a member from an organization, for its owners and admins; with one’s own id, leaves it. Only owners remove owners, and the last one stays. */
    '/v1/organizations/{id}/members/{user_id}': {
      path: {
        id: string;
        user_id: string;
      };
      answers: {
        204: undefined;
      };
      problems: 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'permission-denied' | 'not-found' | 'last-owner' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Sign out all other devices. Revokes every session of the person but this one. */
    '/v1/sessions': {
      answers: {
        204: undefined;
      };
      problems: 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Sign out a device. Revokes one of the person's own sessions, this one too. A session of somebody else is not found. */
    '/v1/sessions/{id}': {
      path: {
        id: string;
      };
      answers: {
        204: undefined;
      };
      problems: 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'not-found' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
  };
  GET: {
    /** See what this is. What this is, and where everything else is: a page for who asks for `text/html`, as browsers do, and JSON for all others. In production it is there if the operator says so by `HOME_PAGE`, who may have another site shown instead. */
    '/': {
      answers: {
        200: {
          name: string;
          version: string;
          links: {
            docs: string;
            openapi: string;
            health: string;
            issuer_metadata: string;
            jwks: string;
          };
        };
        302: undefined;
      };
      problems: 'not-found' | 'quota-exceeded' | 'internal-error';
    };
    /** Get the public keys. The public keys that verify our access tokens (RFC 7517, section 5), for services that check tokens themselves. */
    '/.well-known/jwks.json': {
      answers: {
        200: {
          keys: PublicKey[];
        };
      };
      problems: 'quota-exceeded' | 'internal-error';
    };
    /** See whose tokens these are. What we are as an authorization server (RFC 8414, section 3): for services that find keys by `iss` (RFC 9068, section 4), and for apps that exchange the code of a mailed link, and programs their API key. There is no `authorization_endpoint`: an app asks for an email instead. */
    '/.well-known/oauth-authorization-server': {
      answers: {
        200: {
          issuer: string;
          jwks_uri: string;
          token_endpoint: string;
          token_endpoint_auth_methods_supported: string[];
          grant_types_supported: string[];
          response_types_supported: string[];
          code_challenge_methods_supported: string[];
          authorization_response_iss_parameter_supported: boolean;
        };
      };
      problems: 'quota-exceeded' | 'internal-error';
    };
    /** See what takes these tokens. What we are as an API that takes access tokens (RFC 9728, section 3); every 401 that asks for a token leads here (section 5.1). */
    '/.well-known/oauth-protected-resource': {
      answers: {
        200: {
          resource: string;
          authorization_servers: string[];
          bearer_methods_supported: 'header'[];
          resource_name: string;
        };
      };
      problems: 'quota-exceeded' | 'internal-error';
    };
    /** See how the service is doing. The same as ready, with what was measured: for people and monitors. Errors are told only to who knows HEALTH_TOKEN. A monitor that looks at statuses alone asks with `fail_on=warn`. */
    '/health': {
      query?: {
        fail_on?: 'warn' | undefined;
      };
      answers: {
        200: Health;
        503: Health;
      };
      problems: 'internal-error';
    };
    /** See whether the process answers. Whether the process answers at all. It asks nothing of anybody, so a dependency never gets us restarted. */
    '/health/live': {
      answers: {
        200: {
          status: 'pass';
        };
      };
      problems: 'internal-error';
    };
    /** See whether requests are served. Whether requests should be sent here: for load balancers. Redis being away is no reason to stay away from us. */
    '/health/ready': {
      answers: {
        200: Readiness;
        503: Readiness;
      };
      problems: 'internal-error';
    };
    /** Get this document. What this API is, as OpenAPI 3.1: for tools that make clients, tests and pages of it. */
    '/openapi.json': {
      headers?: {
        'If-None-Match'?: string | undefined;
      };
      answers: {
        200: {
          openapi: string;
          paths: Record<string, unknown>;
        } & Record<string, unknown>;
        304: undefined;
      };
      problems: 'quota-exceeded' | 'internal-error';
    };
    /** Read what a problem means. What the `type` of a problem leads to: a page that says what happened and what to do about it. */
    '/problems/{slug}': {
      path: {
        slug: string;
      };
      answers: {
        200: string;
      };
      problems: 'not-found' | 'quota-exceeded' | 'internal-error';
    };
    /** Let a request to another service pass. Lets a request to another service behind the same proxy pass, or refuses it as our own endpoints do: for ForwardAuth of Traefik, `auth_request` of nginx and `forward_auth` of Caddy. What is demanded stands in the address that the proxy is configured with, and nothing that a client sends is read but its credential. The service is told who asks by a token for it alone. */
    '/v1/gate': {
      query: {
        audience: string;
        permission?: string | undefined;
        policy?: string | undefined;
      };
      headers?: {
        'X-Forwarded-Method'?: string | undefined;
      };
      answers: {
        200: undefined;
        204: undefined;
      };
      problems: 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'api-key-invalid' | 'api-key-expired' | 'refresh-token-invalid' | 'cross-site-request' | 'permission-denied' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** List my invitations. The invitations of the caller's own address, once it is verified: by them somebody may join who has not got the email at hand. */
    '/v1/invitations': {
      answers: {
        200: {
          invitations: {
            id: string;
            organization: {
              id: string;
              name: string;
              slug: string;
            };
            /** That accepting it now would give */
            role: 'owner' | 'admin' | 'member';
            /** The address of who invites */
            invited_by: string | null;
            created_at: string;
            expires_at: string;
          }[];
        };
      };
      problems: 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'email-unverified' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Read the account. The signed-in person and the organization that the session works in. */
    '/v1/me': {
      answers: {
        200: {
          user: User;
          /** Null for who has left it */
          organization: Organization | null;
        };
      };
      problems: 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Read the API key that asks. What the API key that asks is, and may: by its owner's role of now. */
    '/v1/me/api-key': {
      answers: {
        200: {
          api_key: ApiKey;
          effective_scopes: ('members:read' | 'members:write' | 'invitations:write' | 'organization:write' | 'keys:write' | 'audit:read' | 'organization:delete')[];
        };
      };
      problems: 'authentication-required' | 'api-key-invalid' | 'api-key-expired' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Read one’s own trail. What happened to the person, and what they did in organizations, oldest first. It is read as an organization's trail is. Who else did something is not told. */
    '/v1/me/audit-events': {
      query?: {
        limit?: number | undefined;
        after?: string | undefined;
        event?: AuditEventName | undefined;
      };
      headers?: {
        Accept?: string | undefined;
      };
      answers: {
        200: {
          audit_events: AuditEvent[];
          /** `after` of the next page; on the last, of what comes then */
          next: string;
        };
      };
      problems: 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Export the account. Everything that is held on the person, as one JSON document to keep. */
    '/v1/me/export': {
      answers: {
        200: AccountExport;
      };
      problems: 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** List the organizations. The organizations that a person is in, the one of the longest membership first; `current` is the one that the session works in. */
    '/v1/organizations': {
      answers: {
        200: {
          organizations: {
            id: string;
            name: string;
            slug: string;
            /** Of the person who asks */
            role: 'owner' | 'admin' | 'member';
            /** Whether the session works in it */
            current: boolean;
          }[];
        };
      };
      problems: 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Read an organization. One organization, as a member of it sees it. To anybody else it is not found. */
    '/v1/organizations/{id}': {
      path: {
        id: string;
      };
      answers: {
        200: {
          organization: Organization;
        };
      };
      problems: 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'not-found' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** List how often the API keys were used. How often the API keys of an organization were used on each of the last 30 days (UTC), for people to look at: the last minute is missing, and what a process had not written when it was killed. */
    '/v1/organizations/{id}/api-key-usage': {
      path: {
        id: string;
      };
      answers: {
        200: {
          usage: {
            day: string;
            key_id: string;
            requests: number;
            refused: number;
          }[];
        };
      };
      problems: 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'not-found' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** List the API keys. The API keys of an organization, without their texts: all of them for who has `keys:write`, for others their own. */
    '/v1/organizations/{id}/api-keys': {
      path: {
        id: string;
      };
      answers: {
        200: {
          api_keys: ApiKey[];
        };
      };
      problems: 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'not-found' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Read an API key. One API key, without its text. */
    '/v1/organizations/{id}/api-keys/{key_id}': {
      path: {
        id: string;
        key_id: string;
      };
      answers: {
        200: {
          api_key: ApiKey;
        };
      };
      problems: 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'permission-denied' | 'not-found' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Read the trail of an organization. What happened in an organization, oldest first, for its owners and admins. `next` is what `after` is for what follows, and the `Link` leads there; both are there on the last page too, so that whoever goes on from it gets each event once, however late it was committed. With `Accept: application/x-ndjson` it is one event a line. It holds ids, and nothing of a person. */
    '/v1/organizations/{id}/audit-events': {
      path: {
        id: string;
      };
      query?: {
        limit?: number | undefined;
        after?: string | undefined;
        event?: AuditEventName | undefined;
      };
      headers?: {
        Accept?: string | undefined;
      };
      answers: {
        200: {
          audit_events: AuditEvent[];
          /** `after` of the next page; on the last, of what comes then */
          next: string;
        };
      };
      problems: 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'permission-denied' | 'not-found' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** List the open invitations. The open invitations of an organization, the newest first; those that have expired are among them until they are swept. */
    '/v1/organizations/{id}/invitations': {
      path: {
        id: string;
      };
      answers: {
        200: {
          invitations: Invitation[];
        };
      };
      problems: 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'permission-denied' | 'not-found' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** List the members. The members of an organization, a page at a time, in an order that stays as it is while members come and go: whoever is one from the first page to the last is listed once. `next` is what `after` is for the page that follows. */
    '/v1/organizations/{id}/members': {
      path: {
        id: string;
      };
      query?: {
        limit?: number | undefined;
        after?: string | undefined;
      };
      answers: {
        200: {
          members: Member[];
          /** `after` of the next page; null on the last */
          next: string | null;
        };
      };
      problems: 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'not-found' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** List the devices. The devices that a person is signed in on, newest use first. */
    '/v1/sessions': {
      answers: {
        200: {
          sessions: Session[];
        };
      };
      problems: 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
  };
  PATCH: {
    /** Change the name and the language. Changes what a person may change of their account by themselves: the name (`null` takes it away) and the language of emails. */
    '/v1/me': {
      body: {
        name?: DisplayName | null | undefined;
        locale?: 'en' | 'de' | undefined;
      };
      answers: {
        200: {
          user: User;
        };
      };
      problems: 'malformed-request' | 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Rename an organization. Changes the name or the slug of an organization. For its owners and admins. */
    '/v1/organizations/{id}': {
      path: {
        id: string;
      };
      body: {
        name?: DisplayName | undefined;
        slug?: string | undefined;
      };
      answers: {
        200: {
          organization: Organization;
        };
      };
      problems: 'malformed-request' | 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'permission-denied' | 'not-found' | 'slug-taken' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Change an API key. Changes what an API key is called, what it may or how often. It holds from the next request on, wherever Redis is shared. It takes a sign-in of the last 15 minutes: whoever has the key may be given more by it. */
    '/v1/organizations/{id}/api-keys/{key_id}': {
      path: {
        id: string;
        key_id: string;
      };
      body: {
        name?: DisplayName | undefined;
        scopes?: ('members:read' | 'members:write' | 'invitations:write' | 'organization:write' | 'keys:write' | 'audit:read' | 'organization:delete')[] | undefined;
        limit?: {
          requests: number;
          seconds: number;
        } | null | undefined;
      };
      answers: {
        200: {
          api_key: ApiKey;
        };
      };
      problems: 'malformed-request' | 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'reauthentication-required' | 'permission-denied' | 'not-found' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Change a role. Gives a member of an organization another role. For its owners and admins; only owners make owners, and take that from anybody. */
    '/v1/organizations/{id}/members/{user_id}': {
      path: {
        id: string;
        user_id: string;
      };
      body: {
        role: 'owner' | 'admin' | 'member';
      };
      answers: {
        204: undefined;
      };
      problems: 'malformed-request' | 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'permission-denied' | 'not-found' | 'last-owner' | 'too-many-organizations' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
  };
  POST: {
    /** Revoke keys that were found. Ends API keys that somebody has found, whoever that is: holding one is enough. The answer is the same for keys, for what was revoked long ago and for anything else. Whose key it was is told by email. */
    '/v1/api-keys/revoke': {
      body: {
        keys: string[];
      };
      answers: {
        202: undefined;
      };
      problems: 'malformed-request' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Sign this browser out. Ends the session that a browser holds in its cookies, and takes them away. It answers 204 even where there is nothing to end. */
    '/v1/auth/browser/logout': {
      body: Record<string, never>;
      answers: {
        204: undefined;
      };
      problems: 'malformed-request' | 'cross-site-request' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Get an access token for the cookies of this browser. An access token for the session that a browser holds in its cookies, which rotate by it: for an app of `COOKIE_ORIGINS` on our own site, to keep in memory. It asks again when that has expired, with credentials. */
    '/v1/auth/browser/token': {
      body: Record<string, never>;
      answers: {
        200: {
          /** A JWT (RFC 9068) for 15 minutes: send it as bearer */
          access_token: string;
          token_type: 'Bearer';
          /** Seconds that the access token lives */
          expires_in: number;
        };
      };
      problems: 'malformed-request' | 'authentication-required' | 'refresh-token-invalid' | 'refresh-token-reused' | 'cross-site-request' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Ask for another email address. Asks for another address: an email to it confirms, and one to the old address tells. It asks for the password again. The answer is 202 whether or not the new address has an account. */
    '/v1/auth/email/change': {
      body: {
        email: Email;
        password?: Password | undefined;
        binding?: Binding | undefined;
      };
      answers: {
        202: EmailPending;
      };
      problems: 'malformed-request' | 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'reauthentication-required' | 'password-incorrect' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'overloaded' | 'service-unavailable';
    };
    /** Confirm the new email address. Changes the caller's address, by the link or code that was mailed to the new one. */
    '/v1/auth/email/confirm': {
      body: {
        token: LinkToken;
        binding?: Binding | undefined;
      } | {
        email: Email;
        code: Code;
        binding: Binding;
      };
      answers: {
        204: undefined;
      };
      problems: 'malformed-request' | 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'verification-invalid' | 'account-disabled' | 'email-taken' | 'verification-used' | 'verification-expired' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Send the verification email again. Mails the verification email anew. The answer is 202 whether or not there is anything to verify. */
    '/v1/auth/email/resend': {
      body: {
        email: Email;
        binding?: Binding | undefined;
        device_token?: DeviceToken | undefined;
        redirect_to?: AppRedirect | undefined;
        code_challenge?: CodeChallenge | undefined;
        code_challenge_method?: 'S256' | undefined;
        state?: State | undefined;
      };
      answers: {
        202: EmailPending;
      };
      problems: 'malformed-request' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Verify an email address. Verifies the address of an account by the link or code that was mailed to it, and signs in. The password that the account was registered with stays only if the client that registered it confirms (`binding`), or who knows the password. */
    '/v1/auth/email/verify': {
      body: {
        token: LinkToken;
        binding?: Binding | undefined;
        password?: Password | undefined;
        device_token?: DeviceToken | undefined;
      } | {
        email: Email;
        code: Code;
        binding: Binding;
        password?: Password | undefined;
        device_token?: DeviceToken | undefined;
      };
      answers: {
        200: SignIn;
      };
      problems: 'malformed-request' | 'verification-invalid' | 'account-disabled' | 'password-incorrect' | 'verification-used' | 'verification-expired' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'overloaded' | 'service-unavailable';
    };
    /** Sign in by password. Signs a person in by password. Whether the address has an account is not told. */
    '/v1/auth/login': {
      body: {
        email: Email;
        password: Password;
        device_token?: DeviceToken | undefined;
      };
      answers: {
        200: SignIn;
      };
      problems: 'malformed-request' | 'invalid-credentials' | 'account-disabled' | 'email-unverified' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'overloaded' | 'service-unavailable';
    };
    /** Sign out. Ends the session of a refresh token, of whichever generation. It answers 204 even where there is nothing to end. */
    '/v1/auth/logout': {
      body: {
        refresh_token: string;
      };
      answers: {
        204: undefined;
      };
      problems: 'malformed-request' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Ask for a sign-in link. Mails a link and a code to sign in with. The answer is 202 whether or not the address has an account. */
    '/v1/auth/magic-link': {
      body: {
        email: Email;
        binding?: Binding | undefined;
        device_token?: DeviceToken | undefined;
        redirect_to?: RedirectTo | undefined;
        code_challenge?: CodeChallenge | undefined;
        code_challenge_method?: 'S256' | undefined;
        state?: State | undefined;
      };
      answers: {
        202: EmailPending;
      };
      problems: 'malformed-request' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Sign in by a mailed link or code. Signs in by the token of a mailed link, or by the code of the same email. The first time may make the account. */
    '/v1/auth/magic-link/verify': {
      body: {
        token: LinkToken;
        binding?: Binding | undefined;
        device_token?: DeviceToken | undefined;
      } | {
        email: Email;
        code: Code;
        binding: Binding;
        device_token?: DeviceToken | undefined;
      };
      answers: {
        200: {
          /** A JWT (RFC 9068) for 15 minutes: send it as bearer */
          access_token: string;
          token_type: 'Bearer';
          /** Seconds that the access token lives */
          expires_in: number;
          /** Used up by the next refresh: keep it secret */
          refresh_token: string;
          /** Opens nothing. Keep it, and send it with the next sign-in: then strangers who try passwords lock nobody out here */
          device_token: string;
          /** As it was asked for with the email */
          redirect_to?: string;
        };
      };
      problems: 'malformed-request' | 'verification-invalid' | 'account-disabled' | 'sign-up-closed' | 'verification-used' | 'verification-expired' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Change the password. Sets a new password against the current one, and ends the person's other sessions. An account without a password gets its first one here. */
    '/v1/auth/password/change': {
      body: {
        current_password?: Password | undefined;
        new_password: NewPassword;
      };
      answers: {
        204: undefined;
      };
      problems: 'malformed-request' | 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'reauthentication-required' | 'password-incorrect' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'overloaded' | 'service-unavailable';
    };
    /** Ask for a password reset. Mails a link and a code to set a new password with. The answer is 202 whether or not the address has an account. */
    '/v1/auth/password/forgot': {
      body: {
        email: Email;
        binding?: Binding | undefined;
        device_token?: DeviceToken | undefined;
        redirect_to?: AppRedirect | undefined;
        code_challenge?: CodeChallenge | undefined;
        code_challenge_method?: 'S256' | undefined;
        state?: State | undefined;
      };
      answers: {
        202: EmailPending;
      };
      problems: 'malformed-request' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Reset the password. Sets a new password against a mailed link or code, and ends every session of the account. */
    '/v1/auth/password/reset': {
      body: {
        token: LinkToken;
        binding?: Binding | undefined;
        new_password: NewPassword;
      } | {
        email: Email;
        code: Code;
        binding: Binding;
        new_password: NewPassword;
      };
      answers: {
        204: undefined;
      };
      problems: 'malformed-request' | 'verification-invalid' | 'account-disabled' | 'verification-used' | 'verification-expired' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'overloaded' | 'service-unavailable';
    };
    /** Refresh the tokens. The next token pair for a refresh token, which is used up by it (RFC 6749, section 6). With `organization_id` the access token is of that organization and the session stays in its own, so that two tabs can work in two. */
    '/v1/auth/refresh': {
      body: {
        refresh_token: string;
        organization_id?: string | undefined;
      };
      answers: {
        200: TokenPair;
      };
      problems: 'malformed-request' | 'refresh-token-invalid' | 'refresh-token-reused' | 'not-found' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Register. Makes a person and their first organization. Where addresses must be verified the answer is 202 whether or not the address has an account; where they need not be, a taken address has to be told: 409. */
    '/v1/auth/register': {
      body: {
        email: Email;
        password: NewPassword;
        name?: DisplayName | undefined;
        organization_name?: DisplayName | undefined;
        binding?: Binding | undefined;
        redirect_to?: AppRedirect | undefined;
        code_challenge?: CodeChallenge | undefined;
        code_challenge_method?: 'S256' | undefined;
        state?: State | undefined;
      };
      answers: {
        201: {
          /** A JWT (RFC 9068) for 15 minutes: send it as bearer */
          access_token: string;
          token_type: 'Bearer';
          /** Seconds that the access token lives */
          expires_in: number;
          /** Used up by the next refresh: keep it secret */
          refresh_token: string;
          /** Opens nothing. Keep it, and send it with the next sign-in: then strangers who try passwords lock nobody out here */
          device_token: string;
          /** Ties the code of the email to this client: send it along with the code */
          binding: string;
          user: User;
          organization: Organization;
        };
        202: {
          status: 'verification-pending';
          /** Ties the code of the email to this client: send it along with the code */
          binding: string;
        };
      };
      problems: 'malformed-request' | 'sign-up-closed' | 'email-taken' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'overloaded' | 'service-unavailable';
    };
    /** Exchange a grant for tokens. Tokens for a grant. For `authorization_code` (RFC 6749, section 4.1.3): the code that an app got for a mailed link, with the verifier of its challenge (RFC 7636, section 4.5); a code has one try, clients are public, and a `client_id` means nothing. For `client_credentials` (section 4.4): an API key as `client_secret`, its id as `client_id`, or both by HTTP Basic, beside which the body may repeat the `client_id` and nothing else of them; the token is for services that verify it themselves. */
    '/v1/auth/token': {
      body: {
        grant_type: 'authorization_code';
        code: string;
        code_verifier: string;
        redirect_uri: string;
        device_token?: DeviceToken | undefined;
      } | {
        grant_type: 'client_credentials';
        client_id?: string | undefined;
        client_secret?: string | undefined;
        scope?: string | undefined;
      };
      answers: {
        200: SignIn | ClientToken;
      };
      problems: 'malformed-request' | 'grant-invalid' | 'grant-type-unsupported' | 'scope-invalid' | 'client-invalid' | 'content-too-large' | 'unsupported-media-type' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Accept one of my invitations. Accepts an invitation of the caller's own verified address. The session works in the organization from now on. */
    '/v1/invitations/{id}/accept': {
      path: {
        id: string;
      };
      answers: {
        200: {
          /** A JWT (RFC 9068) for 15 minutes: send it as bearer */
          access_token: string;
          token_type: 'Bearer';
          /** Seconds that the access token lives */
          expires_in: number;
          organization: Organization;
        };
      };
      problems: 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'email-unverified' | 'not-found' | 'already-member' | 'too-many-organizations' | 'invitation-used' | 'invitation-expired' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Decline one of my invitations. Declines an invitation of the caller's own verified address, without its email. The address can be invited again. */
    '/v1/invitations/{id}/decline': {
      path: {
        id: string;
      };
      answers: {
        204: undefined;
      };
      problems: 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'email-unverified' | 'not-found' | 'invitation-used' | 'invitation-expired' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Accept an invitation. Accepts an invitation by the token of its email, and signs in: it makes the account if there is none, also where sign-up is closed. An access token is optional, and that of another address is refused; the session that it is of goes on beside the new one. */
    '/v1/invitations/accept': {
      body: {
        token: LinkToken;
        device_token?: DeviceToken | undefined;
      };
      answers: {
        200: {
          /** A JWT (RFC 9068) for 15 minutes: send it as bearer */
          access_token: string;
          token_type: 'Bearer';
          /** Seconds that the access token lives */
          expires_in: number;
          /** Used up by the next refresh: keep it secret */
          refresh_token: string;
          /** Opens nothing. Keep it, and send it with the next sign-in: then strangers who try passwords lock nobody out here */
          device_token: string;
          organization: Organization;
        };
      };
      problems: 'malformed-request' | 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'invitation-invalid' | 'already-member' | 'invitation-for-another-address' | 'too-many-organizations' | 'invitation-used' | 'invitation-expired' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Decline an invitation. Declines an invitation by the token of its email. It takes no account, and the address can be invited again. */
    '/v1/invitations/decline': {
      body: {
        token: LinkToken;
      };
      answers: {
        204: undefined;
      };
      problems: 'malformed-request' | 'invitation-invalid' | 'invitation-used' | 'invitation-expired' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Join by a link. Joins an organization by its join link. It takes a verified address, and the session works in the organization from now on. */
    '/v1/join': {
      body: {
        token: LinkToken;
      };
      answers: {
        200: {
          /** A JWT (RFC 9068) for 15 minutes: send it as bearer */
          access_token: string;
          token_type: 'Bearer';
          /** Seconds that the access token lives */
          expires_in: number;
          organization: Organization;
        };
      };
      problems: 'malformed-request' | 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'invitation-invalid' | 'email-domain-refused' | 'email-unverified' | 'already-member' | 'invitation-used' | 'invitation-expired' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Make an organization. Makes an organization whose owner is the caller. The session goes on in the one that it is in: switch it, or refresh with `organization_id`. A slug is made of the name unless one is sent. */
    '/v1/organizations': {
      body: {
        name: DisplayName;
        slug?: string | undefined;
      };
      answers: {
        201: {
          organization: Organization;
        };
      };
      problems: 'malformed-request' | 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'slug-taken' | 'too-many-organizations' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Make an API key. Makes an API key, of the organization or a personal one, which may no more than its owner may at the time of each request. The answer is the only one that tells its text. It takes a sign-in of the last 15 minutes, and an email tells of it. An organization has 100 keys of its own at most, and each person 20 in it, without those that have ended. */
    '/v1/organizations/{id}/api-keys': {
      path: {
        id: string;
      };
      body: {
        name: DisplayName;
        scopes: ('members:read' | 'members:write' | 'invitations:write' | 'organization:write' | 'keys:write' | 'audit:read' | 'organization:delete')[];
        expires_in_days?: number | null | undefined;
        limit?: {
          requests: number;
          seconds: number;
        } | undefined;
        personal?: boolean | undefined;
      };
      answers: {
        201: {
          /** Told in this response alone */
          key: string;
          api_key: ApiKey;
        };
      };
      problems: 'malformed-request' | 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'reauthentication-required' | 'permission-denied' | 'not-found' | 'too-many-api-keys' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Rotate an API key. Gives an API key its next text, told in this answer alone; the one before goes on for as long as is asked, a week at most. It takes a sign-in of the last 15 minutes, and an email tells of it. */
    '/v1/organizations/{id}/api-keys/{key_id}/rotate': {
      path: {
        id: string;
        key_id: string;
      };
      body: {
        overlap_seconds: number;
      };
      answers: {
        201: {
          /** Told in this response alone */
          key: string;
          api_key: ApiKey;
        };
      };
      problems: 'malformed-request' | 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'reauthentication-required' | 'permission-denied' | 'not-found' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Invite somebody. Invites somebody into an organization by email. The answer is the same whether or not the address has an account, and whether or not its mailbox is due another email. Inviting an address again renews its invitation. */
    '/v1/organizations/{id}/invitations': {
      path: {
        id: string;
      };
      body: {
        email: Email;
        role: 'owner' | 'admin' | 'member';
      };
      answers: {
        201: {
          invitation: Invitation;
        };
      };
      problems: 'malformed-request' | 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'email-unverified' | 'permission-denied' | 'not-found' | 'already-member' | 'too-many-invitations' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Send an invitation again. Mails an invitation anew, for another 7 days and in the caller's name. Only the link of the newest email works. */
    '/v1/organizations/{id}/invitations/{invitation_id}/resend': {
      path: {
        id: string;
        invitation_id: string;
      };
      answers: {
        202: {
          invitation: Invitation;
        };
      };
      problems: 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'email-unverified' | 'permission-denied' | 'not-found' | 'already-member' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Make a join link. Makes the join link of an organization, in place of the one that there was: whoever has it and a verified address becomes a member. It is told once. It can be kept to the addresses of one domain and to a number of people, and lives for 30 days at most. */
    '/v1/organizations/{id}/join-link': {
      path: {
        id: string;
      };
      body: {
        domain?: string | undefined;
        maximum_uses?: number | undefined;
        expires_in_days?: number | undefined;
      };
      answers: {
        201: {
          /** A page of ours for people */
          url: string;
          /** What the link ends in, for a page of your own */
          token: string;
          expires_at: string;
        };
      };
      problems: 'malformed-request' | 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'email-unverified' | 'permission-denied' | 'not-found' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Hand an organization over. Makes another member the owner of an organization, and the caller an admin of it. It wants a fresh sign-in as deleting does, and is mailed to both. For its owners. */
    '/v1/organizations/{id}/transfer': {
      path: {
        id: string;
      };
      body: {
        user_id: string;
      };
      answers: {
        204: undefined;
      };
      problems: 'malformed-request' | 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'reauthentication-required' | 'permission-denied' | 'not-found' | 'too-many-organizations' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Send the emails that are due. Sends the emails that are due, for platforms that have no process to do it: their scheduler calls it every minute. */
    '/v1/outbox/deliver': {
      answers: {
        200: {
          sent: number;
          /** Tried again later */
          failed: number;
          /** Given up */
          dead: number;
        };
      };
      problems: 'authentication-required' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
    /** Switch to another organization. Has the session work in another organization of the person from now on. The refresh token stays what it is. */
    '/v1/sessions/current/organization': {
      body: {
        organization_id: string;
      };
      answers: {
        200: {
          /** A JWT (RFC 9068) for 15 minutes: send it as bearer */
          access_token: string;
          token_type: 'Bearer';
          /** Seconds that the access token lives */
          expires_in: number;
          organization: Organization;
        };
      };
      problems: 'malformed-request' | 'authentication-required' | 'access-token-invalid' | 'access-token-stale' | 'session-ended' | 'not-found' | 'content-too-large' | 'unsupported-media-type' | 'invalid-input' | 'quota-exceeded' | 'internal-error' | 'service-unavailable';
    };
  };
}

/** Routes that want an access token. */
export const bearerRoutes: readonly string[] = [
  'POST /v1/auth/email/change',
  'POST /v1/auth/email/confirm',
  'POST /v1/auth/password/change',
  'GET /v1/gate',
  'GET /v1/invitations',
  'POST /v1/invitations/{id}/accept',
  'POST /v1/invitations/{id}/decline',
  'POST /v1/invitations/accept',
  'POST /v1/join',
  'GET /v1/me',
  'PATCH /v1/me',
  'DELETE /v1/me',
  'GET /v1/me/audit-events',
  'GET /v1/me/export',
  'GET /v1/organizations',
  'POST /v1/organizations',
  'GET /v1/organizations/{id}',
  'PATCH /v1/organizations/{id}',
  'DELETE /v1/organizations/{id}',
  'GET /v1/organizations/{id}/api-key-usage',
  'GET /v1/organizations/{id}/api-keys',
  'POST /v1/organizations/{id}/api-keys',
  'GET /v1/organizations/{id}/api-keys/{key_id}',
  'PATCH /v1/organizations/{id}/api-keys/{key_id}',
  'DELETE /v1/organizations/{id}/api-keys/{key_id}',
  'POST /v1/organizations/{id}/api-keys/{key_id}/rotate',
  'GET /v1/organizations/{id}/audit-events',
  'GET /v1/organizations/{id}/invitations',
  'POST /v1/organizations/{id}/invitations',
  'DELETE /v1/organizations/{id}/invitations/{invitation_id}',
  'POST /v1/organizations/{id}/invitations/{invitation_id}/resend',
  'POST /v1/organizations/{id}/join-link',
  'DELETE /v1/organizations/{id}/join-link',
  'GET /v1/organizations/{id}/members',
  'PATCH /v1/organizations/{id}/members/{user_id}',
  'DELETE /v1/organizations/{id}/members/{user_id}',
  'POST /v1/organizations/{id}/transfer',
  'GET /v1/sessions',
  'DELETE /v1/sessions',
  'DELETE /v1/sessions/{id}',
  'POST /v1/sessions/current/organization',
];

/** Routes that take a form (application/x-www-form-urlencoded) and no JSON. */
export const formRoutes: readonly string[] = [
  'POST /v1/auth/token',
];

/** Routes that answer a page and no JSON. */
export const pageRoutes: readonly string[] = [
  'GET /',
  'GET /problems/{slug}',
];

/** Routes that take the device token of an earlier sign-in. */
export const deviceTokenRoutes: readonly string[] = [
  'POST /v1/auth/email/resend',
  'POST /v1/auth/email/verify',
  'POST /v1/auth/login',
  'POST /v1/auth/magic-link',
  'POST /v1/auth/magic-link/verify',
  'POST /v1/auth/password/forgot',
  'POST /v1/auth/token',
  'POST /v1/invitations/accept',
];

/** Routes that take the binding of a request before. */
export const bindingRoutes = [
  'POST /v1/auth/email/change',
  'POST /v1/auth/email/confirm',
  'POST /v1/auth/email/resend',
  'POST /v1/auth/email/verify',
  'POST /v1/auth/magic-link',
  'POST /v1/auth/magic-link/verify',
  'POST /v1/auth/password/forgot',
  'POST /v1/auth/password/reset',
  'POST /v1/auth/register',
] as const;
